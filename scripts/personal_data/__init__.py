"""Persons, addresses and telephone numbers in a text: found and masked."""
