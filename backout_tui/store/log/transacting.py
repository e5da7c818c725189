"""One write at a time into an open database: whole or not at all, tried again on a collision, never into a copy."""

from __future__ import annotations

import contextlib
import functools
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Self, TypeVar

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import Session

from backout_tui.domain.damage import Unfit
from backout_tui.errors import BackoutError
from backout_tui.store.file import ddl, origin
from backout_tui.store.file.connection import connect_to_write, explained, newer, patiently, schema_version
from backout_tui.store.file.place import NoDatabase, may_write
from backout_tui.store.file.transaction import engine_on, raw_of
from backout_tui.store.log.reading import Reader

T = TypeVar("T")
Work = Callable[[Session, sqlite3.Connection], T]

_COLLISIONS = 5  # how often an append that collides reads again and asks its gate again


class Transacting:
    """An open database with one connection, for one thread at a time; close it, or use it in a `with`."""

    def __init__(self, path: Path, patience_s: float) -> None:
        self.path = path
        self._patience_s = patience_s
        self._turn = threading.Lock()
        self._engine = engine_on(functools.partial(connect_to_write, path))

    def close(self) -> None:
        """Close the file once the current write is finished."""
        with self._turn:
            self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _write(self, work: Work[T], *, adopting: bool = False) -> T:
        with self._turn:
            try:
                return patiently(lambda: self._attempt(work, adopting=adopting), self._patience_s)
            except sqlite3.Error as error:
                self._engine.dispose()  # after a disk error nothing held in memory is trusted
                raise explained(error, self.path, writing=True) from error
            except Unfit as unfit:  # it does not write what it could not read again
                raise BackoutError(
                    f"this cannot be recorded: {unfit.why}; nothing was recorded",
                    todo="Look at what was typed, and at the clock of this host.",
                ) from unfit

    def _attempt(self, work: Work[T], *, adopting: bool) -> T:
        for left in reversed(range(_COLLISIONS)):
            try:
                return self._transact(work, adopting=adopting)
            except IntegrityError as error:
                if not left:
                    raise _cause(error) from error
            except DBAPIError as error:
                raise _cause(error) from error
        raise AssertionError("the last try returns or raises")

    def _transact(self, work: Work[T], *, adopting: bool) -> T:
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            raw = raw_of(session.connection())
            version = schema_version(raw, self.path)
            if version != ddl.SCHEMA_VERSION:
                raise newer(version, self.path)
            if not adopting:
                self._be_no_copy(raw)
            return work(session, raw)

    def _be_no_copy(self, raw: sqlite3.Connection) -> None:
        """Raise Refused in a copy. A copy in which nothing can have run silently becomes a database of its own."""
        if origin.is_copy(raw, self.path):
            origin.refuse_copy(raw, self.path)
            origin.settle_in(raw, self.path)
        else:
            origin.mark_spool(raw, self.path)


def refuse_a_copy(path: Path, patience_s: float) -> None:
    """Raise Refused before anything is created beside a copy or undone in it; BackoutError when it can't be read."""
    if not path.exists() or not may_write(path):
        return  # it is created, or refused, later
    try:
        with contextlib.suppress(NoDatabase), Reader.open(path, patience_s=patience_s) as reader:
            reader.refuse_copy()
    except BackoutError as error:
        if not isinstance(error.__cause__, sqlite3.Error):
            raise
        what = f"{error.what}; nothing was recorded"  # this read is part of a write
        raise type(error)(what, where=error.where, todo=error.todo) from error


def _cause(error: DBAPIError) -> BaseException:
    return error.orig or error
