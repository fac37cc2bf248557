"""Pure: what each type of node does while a session stands on it."""
