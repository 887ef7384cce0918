"""The words that all rooms know, as CSV tables, and how a table is read."""
