"""Pictures and weight of the session page."""
