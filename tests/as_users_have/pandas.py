"""Whoever only builds has no pandas; sqlite-utils loads it where it is installed, half a second in each process."""

raise ImportError
