"""What hosts think of a trainee's work: a short questionnaire, answered without an account."""
