"""Persons, their accounts, sessions, roles and invitations."""
