"""Training days: planned, held, who came, and the days that count."""
