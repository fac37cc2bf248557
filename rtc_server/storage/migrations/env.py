"""Alembic environment: works on the connection, and in the transaction, that ``migrate`` hands over."""

from alembic import context

from rtc_server.storage.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite cannot alter most things in place; batch mode copies the table.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
