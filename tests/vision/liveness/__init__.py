"""Liveness checks."""
