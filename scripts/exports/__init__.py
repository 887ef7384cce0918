"""Tables to whole files."""
