"""Calls to addresses that customers name."""
