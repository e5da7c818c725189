"""What Alembic runs to migrate; `migrating.py` provides the connection, the transaction and the backup."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], target_metadata=None)
context.run_migrations()
