"""Version 1: the log, what it names, and the plans."""

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


def upgrade() -> None:
    """Make the tables; the triggers are made by whoever runs the migrations, for every version alike."""
    for statement in _TABLES:
        op.execute(statement)
