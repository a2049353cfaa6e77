"""Hosts confirm what they saw, without an account: on the spot, by a one-time link, on paper."""
