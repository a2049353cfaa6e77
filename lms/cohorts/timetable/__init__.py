"""When people meet: hours on the clocks of a cohort, and the calendars that follow them."""
