"""What trainees answer about those who supervise them, and what of it may be shown."""
