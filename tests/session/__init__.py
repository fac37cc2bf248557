"""The session task and what it is made of."""
