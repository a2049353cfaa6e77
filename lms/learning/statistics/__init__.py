"""What attempts tell about questions: too hard, misleading, never chosen."""
