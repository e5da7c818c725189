"""A hand in the database file: what tests change or ask there behind the program's back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


@contextmanager
def by_hand(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to `path` whose every statement is a transaction of its own; closed at the end, whatever happens.

    Of `with sqlite3.connect(...)` this is not true: it ends a transaction, and leaves the connection open.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as hand:
        yield hand
