"""Texts to their meaning."""
