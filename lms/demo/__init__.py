"""The demonstration: fictional people, and a bar that guides through it."""
