"""A folder's own words: its mapping, and what is wrong with it."""
