"""What a first mapping of an unknown spreadsheet may say."""
