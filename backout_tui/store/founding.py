"""A new database, made whole in one transaction, however many processes want it at the same time."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from backout_tui.store import ddl
from backout_tui.store.connection import connect_to_write, explained, patiently, schema_version


def version_after_founding(path: Path, patience_s: float) -> int:
    """Make the tables when the file at `path` is empty, and give the version of the tables that are there then."""
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
            return version  # somebody else was faster
        for statement in ddl.NEW_DATABASE:
            connection.execute(statement)
        connection.execute("COMMIT")
        return ddl.SCHEMA_VERSION
