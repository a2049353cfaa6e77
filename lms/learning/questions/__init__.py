"""Questions that trainees ask under a lesson."""
