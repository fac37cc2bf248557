"""From frames to observations."""
