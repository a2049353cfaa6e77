"""Who may do what: one table, pure predicates, one guard for all routes."""
