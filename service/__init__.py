"""What pages and the API compute, without Datasette: search, matching of names, charts."""
