"""What trainers tell everybody in a cohort."""
