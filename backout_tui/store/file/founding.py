"""Creates a new database in one transaction, however many processes try to at the same time."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from backout_tui.store.file import ddl
from backout_tui.store.file.connection import connect_to_write, explained, patiently, schema_version
from backout_tui.store.file.origin import settle_in


def version_after_founding(path: Path, patience_s: float) -> int:
    """Make the tables if the file at `path` is empty, and return the schema version that the file then has."""
    try:
        return patiently(lambda: _found(path), patience_s)
    except sqlite3.Error as error:
        raise explained(error, path, writing=True) from error


def _found(path: Path) -> int:
    with closing(connect_to_write(path)) as connection:
        if version := schema_version(connection, path):
            return version
        connection.execute("BEGIN IMMEDIATE")
        if version := schema_version(connection, path):
            return version  # another process was faster
        for statement in ddl.NEW_DATABASE:
            connection.execute(statement)
        settle_in(connection, path)
        connection.execute("COMMIT")
        return ddl.SCHEMA_VERSION
