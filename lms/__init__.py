"""The learning management and certification system for territorial coaches."""
