"""A database that was made once, made anew for each test as one of its own, which a mere copy would not be."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

from backout_tui.store.file.connection import connect_to_write
from backout_tui.store.file.origin import settle_in
from backout_tui.store.file.place import prepare


def made_anew(source: Path, target: Path) -> None:
    """Put what `source` holds at `target`, with an id and a spool of its own."""
    shutil.copy(source, target)
    prepare(target)
    with closing(connect_to_write(target)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        settle_in(connection, target)
        connection.execute("COMMIT")
