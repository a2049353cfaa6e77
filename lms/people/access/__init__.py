"""Ways in: password, invitation, reset, one-time code."""
