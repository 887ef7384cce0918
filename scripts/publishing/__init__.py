"""What of a spreadsheet may be published: no persons, and the rules of a profile."""
