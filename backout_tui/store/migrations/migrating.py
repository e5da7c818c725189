"""Upgrades an older database: checks it, backs it up, and migrates it in one transaction, or leaves it as it is."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from backout_tui.errors import BackoutError, Damaged
from backout_tui.store.clock import Clock
from backout_tui.store.file import ddl
from backout_tui.store.file.backup import backup_before_migrating
from backout_tui.store.file.connection import PATIENCE_S, connect_to_write, explained, patiently, schema_version
from backout_tui.store.file.origin import settle_in
from backout_tui.store.file.transaction import engine_on, raw_of
from backout_tui.store.log import queries
from backout_tui.store.log.reading import BACKOUTS
from backout_tui.store.log.verify import first_fault, why_not_sound
from backout_tui.store.state.mirroring import mirror_whole

_SCRIPTS = Path(__file__).parent


def migrate(path: Path, *, clock: Clock, patience_s: float = PATIENCE_S) -> None:
    """Bring the database at `path` to the newest version, after a backup into `<database>.d/backups`.

    Raises BackoutError, and leaves the database unchanged, when it is damaged, when the backup cannot be made, or when
    the migration fails.
    """

    def once() -> None:
        try:
            _migrate(path, clock)
        except DBAPIError as error:
            raise error.orig or error from error

    try:
        patiently(once, patience_s)
    except sqlite3.Error as error:
        raise explained(error, path, writing=True) from error


def upgrade(connection: Connection, version: int) -> None:
    """Run the migrations up to `version` inside the connection's transaction, triggers and stamps included."""
    raw = raw_of(connection)
    raw.execute(ddl.ALEMBIC_VERSION.replace("TABLE", "TABLE IF NOT EXISTS", 1))
    command.upgrade(_config(connection), f"{version:04}")
    if version >= ddl.ORIGIN_VERSION:  # since that version the log has today's triggers
        _renew_triggers(raw)
    if broken := raw.execute("PRAGMA foreign_key_check").fetchone():
        raise BackoutError(f"a row of {broken[0]} would lose what it belongs to", todo="Nothing was changed.")
    raw.execute(f"PRAGMA application_id = {ddl.APPLICATION_ID}")
    raw.execute(f"PRAGMA user_version = {version}")


def _migrate(path: Path, clock: Clock) -> None:
    engine = engine_on(lambda: _connect(path))
    try:
        with engine.begin() as connection:
            raw = raw_of(connection)
            version = schema_version(raw, path)
            if version >= ddl.SCHEMA_VERSION:
                return  # another process was faster
            _look_over(path)
            backup_before_migrating(path, version, clock.now())
            upgrade(connection, ddl.SCHEMA_VERSION)
            if version < ddl.ORIGIN_VERSION:
                settle_in(raw, path)
            if version < ddl.STATE_VERSION:
                for log_id in queries.logs(raw, BACKOUTS):
                    mirror_whole(connection, log_id)
    finally:
        engine.dispose()


def _connect(path: Path) -> sqlite3.Connection:
    connection = connect_to_write(path)
    # Rebuilding a table would delete the rows that refer to it; the setting can't be changed inside the transaction.
    connection.execute("PRAGMA foreign_keys = OFF")
    return connection


def _look_over(path: Path) -> None:
    if fault := why_not_sound(path) or first_fault(path):
        raise Damaged(
            f"the database is not migrated, because it is not sound: {fault}",
            where=str(path),
            todo="Nothing was changed; look at it with `verify`.",
        )


def _renew_triggers(raw: sqlite3.Connection) -> None:
    """Recreate the triggers that guard the log: rebuilding a table drops them silently."""
    for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        raw.execute(f'DROP TRIGGER "{name}"')
    for trigger in ddl.TRIGGERS:
        raw.execute(trigger)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
