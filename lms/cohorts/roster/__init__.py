"""A list of people, pasted or read from a file, turned into enrolments."""
