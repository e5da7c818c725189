"""Version 3: a database gets an id of its own, which tells it from its copies."""

from alembic import op

revision, down_revision = "0003", "0002"

_ORIGIN = """CREATE TABLE origin (
    number INTEGER NOT NULL PRIMARY KEY CHECK (number >= 1),
    id TEXT NOT NULL UNIQUE,
    inode TEXT NOT NULL
) STRICT"""


def upgrade() -> None:
    """Add the table; the code that migrates the file sets the id, because only it knows where the file lies."""
    op.execute(_ORIGIN)
