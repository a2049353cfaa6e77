"""Lesson progress, quiz attempts, completion."""
