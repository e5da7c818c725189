"""The tables as text, exactly as a new database gets them. contract.md section 10.

What stands here is the newest version. Older versions stand in the migrations, which never change; a change here needs
a new migration, a new SCHEMA_VERSION and a new fingerprint, and the tests say so.
"""

from __future__ import annotations

from collections.abc import Iterable

APPLICATION_ID = 0x424B4F54  # "BKOT", what `file` and SQLite show of whose database it is
SCHEMA_VERSION = 2
PICTURE_VERSION = 2  # the first version with stored pictures
OLDEST_SQLITE = (3, 37, 0)  # the first that knows STRICT tables

# A digest of each version's tables, indexes and triggers: `fingerprint` of what SQLite keeps of them.
FINGERPRINTS = {
    1: "d7db1e9b2eeb1480458ad32da04148e472e676e9c1daf0903cbef7242aef54c0",
    2: "7f61bdeab84ebb0dce3c13e4981efef35a2cb97ffc09d66781ef34cbab8f4eb0",
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

# A record's keys are sorted, so that its own kind, and no other text of it, is followed by the lease.
# instr, and not a JSON function: those are refused in a schema that is not trusted.
IS_CLOSING = """instr(record, CAST('"kind":"BackoutClosed","lease":' AS BLOB)) > 0"""
IS_REOPENING = """instr(record, CAST('"kind":"BackoutReopened","lease":' AS BLOB)) > 0"""
EVENT_CLOSING = f"CREATE INDEX event_closing ON event (log_id, seq) WHERE {IS_CLOSING} OR {IS_REOPENING}"

ALEMBIC_VERSION = "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"


def _refused(table: str, deed: str) -> str:
    return f"""CREATE TRIGGER {table}_no_{deed} BEFORE {deed.upper()} ON {table}
BEGIN SELECT RAISE(ABORT, 'what is recorded is never changed: {deed} of {table}'); END"""


# Refused on the way in, too: INSERT OR REPLACE deletes without a word where recursive_triggers is off.
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

TABLES = (EVENT, BLOB, PLAN_REVISION, PLAN_REVISION_SHA256, PICTURE, EVENT_CLOSING, ALEMBIC_VERSION)
TRIGGERS = (
    *(_refused(table, deed) for table in ("event", "blob", "plan_revision") for deed in ("update", "delete")),
    _EVENT_APPEND,
    _BLOB_APPEND,
    _PLAN_REVISION_APPEND,
)
STAMP = (
    f"INSERT INTO alembic_version (version_num) VALUES ('{SCHEMA_VERSION:04}')",  # noqa: S608 - a constant
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {SCHEMA_VERSION}",
)
NEW_DATABASE = (*TABLES, *TRIGGERS, *STAMP)

SCHEMA = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name"


def fingerprint(schema: Iterable[tuple[str, str, str, str]]) -> str:
    """A digest of the rows that SCHEMA asks for."""
    import hashlib  # it loads OpenSSL, for which a reader need not wait

    return hashlib.sha256("\n\n".join("\n".join(map(str, row)) for row in schema).encode()).hexdigest()
