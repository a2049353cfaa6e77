"""What a cohort does as a team (D6): five values that become a charter; its contribution."""
