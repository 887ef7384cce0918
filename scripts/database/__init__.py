"""Readings to tables."""
