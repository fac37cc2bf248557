"""How fast sessions are created and listed over HTTP, on SQLite and PostgreSQL."""
