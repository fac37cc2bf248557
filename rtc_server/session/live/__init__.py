"""A running session for people who look on: its summary, a snapshot, and what changes, as JSON."""
