"""Any spreadsheet to rows of texts."""
