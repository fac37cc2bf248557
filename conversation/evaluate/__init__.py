"""Judging a reply against conditions in natural language."""
