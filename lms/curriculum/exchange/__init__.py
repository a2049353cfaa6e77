"""Question banks in and out: Moodle XML and GIFT, with a report of what could not be carried."""
