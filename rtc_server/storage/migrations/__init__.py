"""Alembic environment and revisions; run by ``rtc_server.storage.migrate``."""
