"""SQLAlchemy transactions that hold the write lock from their first moment."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event


def engine_on(creator: Callable[[], sqlite3.Connection]) -> Engine:
    """An engine over the one connection that `creator` opens; each transaction starts by taking the write lock."""
    engine = create_engine("sqlite://", creator=creator, poolclass=StaticPool)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def raw_of(connection: Connection) -> sqlite3.Connection:
    """The DB-API connection under `connection`, in the same transaction."""
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


def _begin_immediate(connection: Connection) -> None:
    # The driver's own BEGIN comes with the first write, which is too late to guard what was read before it.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
