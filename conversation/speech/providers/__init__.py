"""Engines behind the speech ports."""
