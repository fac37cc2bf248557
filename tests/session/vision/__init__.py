"""Whole sessions that look at the person, and the parts that do it."""
