"""The rules of quizzes. Pure: no database, no clock, no page."""
