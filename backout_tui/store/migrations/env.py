"""What Alembic runs to migrate; the connection, its transaction and the backup are `migrating.py`'s."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], target_metadata=None)
context.run_migrations()
