"""Identification among enrolled faces."""
