"""Version 2: a stored picture per log, and an index for the open backouts."""

from alembic import op

revision, down_revision = "0002", "0001"

_PICTURE = """CREATE TABLE picture (
    log_id TEXT NOT NULL PRIMARY KEY,
    seq INTEGER NOT NULL,
    hash TEXT NOT NULL,
    state TEXT NOT NULL,
    program TEXT NOT NULL
) STRICT"""

_EVENT_CLOSING = """CREATE INDEX event_closing ON event (log_id, seq) WHERE \
instr(record, CAST('"kind":"BackoutClosed","lease":' AS BLOB)) > 0 OR \
instr(record, CAST('"kind":"BackoutReopened","lease":' AS BLOB)) > 0"""


def upgrade() -> None:
    """Add the table and the index."""
    for statement in (_PICTURE, _EVENT_CLOSING):
        op.execute(statement)
