"""Version 1: the log, its blobs, and the plans."""

from alembic import op

revision, down_revision = "0001", None

_TABLES = (
    """CREATE TABLE event (
    log_id TEXT NOT NULL,
    seq INTEGER NOT NULL CHECK (seq >= 1),
    event_id TEXT NOT NULL UNIQUE,
    record BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (log_id, seq)
) STRICT""",
    """CREATE TABLE blob (
    sha256 TEXT NOT NULL PRIMARY KEY,
    bytes BLOB NOT NULL,
    len INTEGER NOT NULL
) STRICT""",
    """CREATE TABLE plan_revision (
    plan_id INTEGER NOT NULL CHECK (plan_id >= 1),
    revision INTEGER NOT NULL CHECK (revision >= 1),
    text TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    returns_to TEXT NOT NULL,
    environment TEXT NOT NULL,
    team TEXT NOT NULL,
    stored_at TEXT NOT NULL,
    PRIMARY KEY (plan_id, revision)
) STRICT""",
    "CREATE INDEX plan_revision_sha256 ON plan_revision (sha256)",
)


def _refused(table: str, deed: str) -> str:
    return f"""CREATE TRIGGER {table}_no_{deed} BEFORE {deed.upper()} ON {table}
BEGIN SELECT RAISE(ABORT, 'what is recorded is never changed: {deed} of {table}'); END"""


# Refuse it before the insert, too: INSERT OR REPLACE deletes rows silently where recursive_triggers is off.
_EVENT_APPEND = """CREATE TRIGGER event_append BEFORE INSERT ON event
WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM event WHERE log_id = NEW.log_id)
    OR EXISTS (SELECT 1 FROM event WHERE event_id = NEW.event_id)
BEGIN SELECT RAISE(ABORT, 'a log only grows at its end: insert of event'); END"""

_BLOB_APPEND = """CREATE TRIGGER blob_append BEFORE INSERT ON blob
WHEN EXISTS (SELECT 1 FROM blob WHERE sha256 = NEW.sha256)
BEGIN SELECT RAISE(ABORT, 'what is recorded is never changed: insert of blob'); END"""

_PLAN_REVISION_APPEND = """CREATE TRIGGER plan_revision_append BEFORE INSERT ON plan_revision
WHEN NEW.revision <> (SELECT coalesce(max(revision), 0) + 1 FROM plan_revision WHERE plan_id = NEW.plan_id)
BEGIN SELECT RAISE(ABORT, 'a plan only gains revisions: insert of plan_revision'); END"""

_TRIGGERS = (
    *(_refused(table, deed) for table in ("event", "blob", "plan_revision") for deed in ("update", "delete")),
    _EVENT_APPEND,
    _BLOB_APPEND,
    _PLAN_REVISION_APPEND,
)


def upgrade() -> None:
    """Make the tables and the triggers that guard them."""
    for statement in (*_TABLES, *_TRIGGERS):
        op.execute(statement)
