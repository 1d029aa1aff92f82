"""Lies planted one at a time into copies of the project, each of which a named check must catch."""
