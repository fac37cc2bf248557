"""Telling people that something is wrong with many sessions, or with one that stands still."""
