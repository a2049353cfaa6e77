"""A supervisor's day: the queue, deciding one by one or many at once, being away, what is late."""
