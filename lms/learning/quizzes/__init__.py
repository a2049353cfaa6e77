"""Quizzes and exams: drawn, answered, scored, marked; and how much time each person has."""
