"""The tables as SQL text, exactly as a new database gets them. contract.md section 10.

This is the newest version. Older versions are in the migrations, which never change. A change here needs a new
migration, a new SCHEMA_VERSION and a new fingerprint; tests check that.
"""

from __future__ import annotations

from collections.abc import Iterable

APPLICATION_ID = 0x424B4F54  # "BKOT": by this number `file` and SQLite tell that a database is ours
SCHEMA_VERSION = 4
PICTURE_VERSION = 2  # the first version with stored pictures
ORIGIN_VERSION = 3  # the first version in which a database knows its own id
STATE_VERSION = 4  # the first version with the state tables
OLDEST_SQLITE = (3, 37, 0)  # the first version with STRICT tables

# A digest of the tables, indexes and triggers of each version, as `fingerprint` computes it from SQLite's schema.
FINGERPRINTS = {
    1: "d7db1e9b2eeb1480458ad32da04148e472e676e9c1daf0903cbef7242aef54c0",
    2: "7f61bdeab84ebb0dce3c13e4981efef35a2cb97ffc09d66781ef34cbab8f4eb0",
    3: "8791617b20e2f1886cc69657831b03dcb12168d1fc0736add4a98fc6c56ac7c4",
    4: "fbec46e5a200819dd07c3615a0598a82371890c4936bc54c04954a0259c3b064",
}

EVENT = """CREATE TABLE event (
    log_id TEXT NOT NULL,
    seq INTEGER NOT NULL CHECK (seq >= 1),
    event_id TEXT NOT NULL UNIQUE,
    record BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (log_id, seq)
) STRICT"""

BLOB = """CREATE TABLE blob (
    sha256 TEXT NOT NULL PRIMARY KEY,
    bytes BLOB NOT NULL,
    len INTEGER NOT NULL
) STRICT"""

PLAN_REVISION = """CREATE TABLE plan_revision (
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
) STRICT"""

PLAN_REVISION_SHA256 = "CREATE INDEX plan_revision_sha256 ON plan_revision (sha256)"

PICTURE = """CREATE TABLE picture (
    log_id TEXT NOT NULL PRIMARY KEY,
    seq INTEGER NOT NULL,
    hash TEXT NOT NULL,
    state TEXT NOT NULL,
    program TEXT NOT NULL
) STRICT"""

ORIGIN = """CREATE TABLE origin (
    number INTEGER NOT NULL PRIMARY KEY CHECK (number >= 1),
    id TEXT NOT NULL UNIQUE,
    inode TEXT NOT NULL
) STRICT"""

# A record's keys are sorted, so only the record's own kind is followed by the lease; no other text in it can be. It
# uses instr instead of a JSON function, because those are refused in a schema that is not trusted.
IS_CLOSING = """instr(record, CAST('"kind":"BackoutClosed","lease":' AS BLOB)) > 0"""
IS_REOPENING = """instr(record, CAST('"kind":"BackoutReopened","lease":' AS BLOB)) > 0"""
EVENT_CLOSING = f"CREATE INDEX event_closing ON event (log_id, seq) WHERE {IS_CLOSING} OR {IS_REOPENING}"

# What is true now, for anybody who queries with SQL (store/state). No trigger guards it: it can be rebuilt from the
# log.
STATE = (
    """CREATE TABLE backout (
    id INTEGER NOT NULL PRIMARY KEY,
    mode TEXT NOT NULL,
    state TEXT NOT NULL,
    outcome TEXT,
    release_name TEXT NOT NULL,
    release_version TEXT NOT NULL,
    returns_to TEXT NOT NULL,
    environment TEXT NOT NULL,
    plan_id INTEGER,
    plan_revision INTEGER,
    plan_sha256 TEXT,
    plan_approved INTEGER,
    opened_at TEXT,
    opened_by TEXT,
    deployed_at TEXT,
    closed_at TEXT,
    closed_by TEXT,
    operator TEXT NOT NULL,
    log_events INTEGER NOT NULL,
    log_head TEXT NOT NULL
) STRICT""",
    """CREATE TABLE problem (
    backout_id INTEGER NOT NULL,
    position INTEGER NOT NULL CHECK (position >= 1),
    id TEXT,
    title TEXT,
    severity TEXT,
    kind TEXT,
    seen TEXT,
    detail TEXT,
    assignee TEXT,
    status TEXT,
    note TEXT,
    by TEXT,
    tracker TEXT,
    logged_at TEXT,
    PRIMARY KEY (backout_id, position)
) STRICT""",
    """CREATE TABLE decision (
    backout_id INTEGER NOT NULL,
    position INTEGER NOT NULL CHECK (position >= 1),
    kind TEXT,
    by TEXT,
    at TEXT,
    reason TEXT,
    agreed TEXT,
    question TEXT,
    role TEXT,
    recorded_by TEXT,
    break_glass INTEGER,
    named_authoriser INTEGER,
    early_s INTEGER,
    problems TEXT,
    PRIMARY KEY (backout_id, position)
) STRICT""",
    """CREATE TABLE step (
    backout_id INTEGER NOT NULL,
    position INTEGER NOT NULL CHECK (position >= 1),
    id TEXT,
    number TEXT,
    title TEXT,
    kind TEXT,
    state TEXT,
    reason TEXT,
    by TEXT,
    origin TEXT,
    parent TEXT,
    option TEXT,
    phase TEXT,
    condition TEXT,
    required INTEGER,
    point_of_no_return INTEGER,
    estimate_s INTEGER,
    attempts INTEGER,
    started_at TEXT,
    ended_at TEXT,
    duration_ms INTEGER,
    exit_code INTEGER,
    expect_met INTEGER,
    host TEXT,
    why TEXT,
    PRIMARY KEY (backout_id, position)
) STRICT""",
    """CREATE TABLE check_ (
    backout_id INTEGER NOT NULL,
    position INTEGER NOT NULL CHECK (position >= 1),
    id TEXT,
    title TEXT,
    kind TEXT,
    required INTEGER,
    when_ TEXT,
    verdict TEXT,
    running INTEGER,
    observations INTEGER,
    observed_at TEXT,
    observed_by TEXT,
    note TEXT,
    attempts INTEGER,
    started_at TEXT,
    ended_at TEXT,
    duration_ms INTEGER,
    exit_code INTEGER,
    expect_met INTEGER,
    host TEXT,
    why TEXT,
    PRIMARY KEY (backout_id, position)
) STRICT""",
    """CREATE TABLE message (
    backout_id INTEGER NOT NULL,
    position INTEGER NOT NULL CHECK (position >= 1),
    id TEXT,
    title TEXT,
    by TEXT,
    to_ TEXT,
    state TEXT,
    origin TEXT,
    when_ TEXT,
    sent_at TEXT,
    sent_subject TEXT,
    PRIMARY KEY (backout_id, position)
) STRICT""",
    """CREATE TABLE recipient (
    backout_id INTEGER NOT NULL,
    position INTEGER NOT NULL CHECK (position >= 1),
    message_id TEXT,
    name TEXT,
    state TEXT,
    detail TEXT,
    at TEXT,
    PRIMARY KEY (backout_id, position)
) STRICT""",
    """CREATE TABLE call (
    backout_id INTEGER NOT NULL,
    position INTEGER NOT NULL CHECK (position >= 1),
    id TEXT,
    name TEXT,
    result TEXT,
    note TEXT,
    by TEXT,
    at TEXT,
    follow_up TEXT,
    PRIMARY KEY (backout_id, position)
) STRICT""",
    """CREATE TABLE deviation (
    backout_id INTEGER NOT NULL,
    position INTEGER NOT NULL CHECK (position >= 1),
    kind TEXT,
    step TEXT,
    reason TEXT,
    by TEXT,
    at TEXT,
    event INTEGER,
    agreed TEXT,
    problem TEXT,
    first_reason TEXT,
    PRIMARY KEY (backout_id, position)
) STRICT""",
    "CREATE INDEX backout_state ON backout (state)",
)

ALEMBIC_VERSION = "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"


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

TABLES = (EVENT, BLOB, PLAN_REVISION, PLAN_REVISION_SHA256, PICTURE, EVENT_CLOSING, ORIGIN, *STATE, ALEMBIC_VERSION)
_ORIGIN_APPEND = """CREATE TRIGGER origin_append BEFORE INSERT ON origin
WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM origin)
BEGIN SELECT RAISE(ABORT, 'a database only gains ids: insert of origin'); END"""

_KEPT = ("event", "blob", "plan_revision", "origin")
TRIGGERS = (
    *(_refused(table, deed) for table in _KEPT for deed in ("update", "delete")),
    _EVENT_APPEND,
    _BLOB_APPEND,
    _PLAN_REVISION_APPEND,
    _ORIGIN_APPEND,
)
STAMP = (
    f"INSERT INTO alembic_version (version_num) VALUES ('{SCHEMA_VERSION:04}')",  # noqa: S608 - a constant
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {SCHEMA_VERSION}",
)
NEW_DATABASE = (*TABLES, *TRIGGERS, *STAMP)

SCHEMA = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name"


def fingerprint(schema: Iterable[tuple[str, str, str, str]]) -> str:
    """A digest of the rows that the query SCHEMA returns."""
    import hashlib  # it loads OpenSSL, which a reader need not wait for

    return hashlib.sha256("\n\n".join("\n".join(map(str, row)) for row in schema).encode()).hexdigest()


def columns(table: str) -> list[str]:
    """The column names of a state table, in order."""
    made = next(statement for statement in STATE if statement.startswith(f"CREATE TABLE {table} ("))
    lines = made.splitlines()[1:-1]
    return [line.split()[0] for line in lines if not line.startswith("    PRIMARY")]
