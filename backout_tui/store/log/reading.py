"""Reads the log and the plans: cheap to import, cheap to open, and it never changes the file's content."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from backout_tui.domain.backout.events import Event
from backout_tui.domain.backout.payloads.backout_payloads import Opened
from backout_tui.domain.plan.plan_line import PlanHead
from backout_tui.store.file import ddl, origin
from backout_tui.store.file.connection import (
    PATIENCE_S,
    connect_to_read,
    explained,
    needs_writer,
    never,
    newer,
    patiently,
    schema_version,
)
from backout_tui.store.file.place import NoDatabase, check_readable, may_write
from backout_tui.store.log import queries
from backout_tui.store.log.rows import Picture, PlanRevision

if TYPE_CHECKING:  # a copy is rarely needed, and the code that makes it is slow to import
    from backout_tui.store.log.salvage import Copy

T = TypeVar("T")

BACKOUTS, PLANS = "backout:", "plan:"


class Reader:
    """An open database, for reading. It has one connection; close it, or use it in a `with`.

    `version` is the schema version of the file; `why_read_only` says why this program must not write to it. Every
    method raises BackoutError when the file is locked for too long, damaged, or gone.
    """

    def __init__(self, path: Path, patience_s: float) -> None:
        self.path = path
        self.version = 0
        self._patience_s = patience_s
        self.gives_up: Callable[[], bool] = never
        self._openings = 0
        self._copied: Copy | None = None
        self._connection: sqlite3.Connection | None = None

    @classmethod
    def open(cls, path: Path, *, patience_s: float = PATIENCE_S) -> Reader:
        """Open the database at `path`; raises NoDatabase if there is none, BackoutError if it is not one of ours."""
        check_readable(path)
        with ExitStack() as undo:
            reader = cls(path.resolve(), patience_s)
            undo.callback(reader.close)
            reader.ask(lambda _connection: None)
            undo.pop_all()
        return reader

    def close(self) -> None:
        """Close the file, and remove the copy if one was made."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._copied is not None:
            self._copied.remove()
            self._copied = None

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def why_read_only(self) -> str | None:
        """Why this program may only read: a newer version wrote the file. None when it may write."""
        if self.version <= ddl.SCHEMA_VERSION:
            return None
        return str(newer(self.version, self.path))

    @property
    def is_copy(self) -> bool:
        """Whether this file is a copy of the original database; nothing is written to a copy."""
        return self.ask(lambda connection: origin.is_copy(connection, self.path))

    @property
    def id(self) -> str:
        """The id of the database; "" when its tables are too old to have one."""
        found = self.ask(origin.origin_of)
        return found.id if found is not None else ""

    def refuse_copy(self) -> None:
        """Raise Refused when this is a copy in which something may have run."""
        self.ask(lambda connection: origin.refuse_copy(connection, self.path))

    def data_version(self) -> int:
        """A number that changes when another connection has written to the file since the last call."""
        if self._copied is not None and self._copied.is_old:
            self.close()
        return self.ask(self._data_version)

    def events_after(self, log_id: str, seq: int, limit: int | None = None) -> list[Event]:
        """The events of a log after `seq`, in order; at most `limit` of them."""
        return self.ask(lambda connection: queries.events_after(connection, log_id, seq, limit))

    def records(self, log_id: str) -> list[tuple[int, bytes, bytes]]:
        """The seq, record and hash of every event of a log, byte for byte as stored."""
        rows = self.ask(lambda connection: list(queries.records(connection, log_id)))
        return [(seq, record, hash_) for seq, _event_id, record, hash_ in rows]

    def rows(self, log_id: str) -> list[tuple[int, str, bytes, bytes]]:
        """As `records`, with the event id from its column: for callers that don't trust the record's own id."""
        return self.ask(lambda connection: list(queries.records(connection, log_id)))

    def is_unbroken(self, log_id: str) -> bool:
        """Whether the chain of a log holds from its first event to its last; costs one hash per event."""
        from backout_tui.store.log.unbroken import is_unbroken

        return self.ask(lambda connection: is_unbroken(log_id, queries.records(connection, log_id)))

    def strays(self, log_id: str) -> list[bytes]:
        """Records that may name `log_id` as their log but are stored under another one."""
        return self.ask(lambda connection: queries.strays(connection, log_id))

    def logs(self, prefix: str = BACKOUTS) -> list[str]:
        """The names of all logs of a kind, by number."""
        return self.ask(lambda connection: queries.logs(connection, prefix))

    def closed_logs(self, prefix: str = BACKOUTS) -> frozenset[str]:
        """The names of the logs that are closed now."""
        return self.ask(lambda connection: queries.closed_logs(connection, prefix))

    def closings(self, prefix: str = BACKOUTS) -> list[Event]:
        """The event that closed each log that is closed now, by the log's number."""
        return self.ask(lambda connection: queries.closings(connection, prefix))

    def first_events(self, prefix: str = BACKOUTS) -> list[Event]:
        """The first event of each log, by the log's number."""
        return self.ask(lambda connection: queries.first_events(connection, prefix))

    def rehearsals(self) -> list[Event]:
        """The first event of each rehearsal, by its number."""
        return self.ask(lambda connection: queries.first_events(connection, BACKOUTS, b'"mode":"rehearsal"'))

    def backouts_of(self, plan_id: int) -> list[Event]:
        """The first event of each backout and rehearsal of a plan, by its number."""
        piece = f'"id":{plan_id},'.encode()  # it also matches other ids, so the results are checked
        found = self.ask(lambda connection: queries.first_events(connection, BACKOUTS, piece))
        return [one for one in found if one.says(Opened).plan.id == plan_id]

    def last_event(self, log_id: str) -> Event | None:
        """The last event of a log, None when there is no such log."""
        return self.ask(lambda connection: queries.last_event(connection, log_id))

    def blob(self, sha256: str) -> bytes | None:
        """The bytes stored under a hex SHA-256, None when there are none."""
        return self.ask(lambda connection: queries.blob(connection, sha256))

    def blob_row(self, sha256: str) -> tuple[bytes, int] | None:
        """The bytes stored under a hex SHA-256, and the length recorded in their column."""
        return self.ask(lambda connection: queries.blob_row(connection, sha256))

    def fingerprint(self) -> str:
        """A digest of the tables, indexes and triggers as they are in the file."""
        return self.ask(lambda connection: ddl.fingerprint(connection.execute(ddl.SCHEMA)))

    def check_pages(self, pragma: str, out_of_time: Callable[[], bool]) -> str | None:
        """The first problem that SQLite's `pragma` finds; None for none, or when `out_of_time` stops it."""
        return self.ask(lambda connection: queries.check_pages(connection, pragma, out_of_time))

    def picture(self, log_id: str) -> Picture | None:
        """The stored fold of a log, None when there is none."""
        if self.version < ddl.PICTURE_VERSION:
            return None
        return self.ask(lambda connection: queries.picture(connection, log_id))

    def plan_revision(self, plan_id: int, revision: int | None = None) -> PlanRevision | None:
        """One revision of a plan, the newest by default; None when it doesn't exist."""
        return self.ask(lambda connection: queries.plan_revision(connection, plan_id, revision))

    def plan_text(self, plan_id: int, revision: int | None = None) -> str | None:
        """The text of one revision of a plan, the newest by default."""
        found = self.plan_revision(plan_id, revision)
        return found.text if found else None

    def plan_revisions(
        self, *, name: str | None = None, version: str | None = None, environment: str | None = None
    ) -> list[PlanRevision]:
        """The newest revision of each plan, oldest plan first; filtered by name, version and environment."""
        return self.ask(
            lambda connection: queries.newest_revisions(connection, name=name, version=version, environment=environment)
        )

    def plan_heads(self) -> list[PlanHead]:
        """Each plan's newest revision without its text, oldest plan first."""
        return self.ask(queries.plan_heads)

    def revisions_of(self, plan_id: int) -> list[PlanRevision]:
        """Every revision of one plan, oldest first."""
        return self.ask(lambda connection: queries.revisions(connection, "plan_id", plan_id))

    def revisions_with_text(self, sha256: str) -> list[PlanRevision]:
        """Every stored revision with exactly this text, by its hex SHA-256."""
        return self.ask(lambda connection: queries.revisions(connection, "sha256", sha256))

    def ask(self, question: Callable[[sqlite3.Connection], T]) -> T:
        """Run `question` on the open file and return its answer; it may run again while somebody else has the lock."""
        try:
            return patiently(lambda: question(self._opened()), self._patience_s, lambda: self.gives_up())
        except sqlite3.Error as error:
            if not needs_writer(error) or self._copied is not None:
                raise explained(error, self.path) from error
        self._open_copy()
        return self.ask(question)

    def _data_version(self, connection: sqlite3.Connection) -> int:
        number = int(connection.execute("PRAGMA data_version").fetchone()[0])
        self.version = schema_version(connection, self.path)  # a newer program may have migrated it since
        return (self._openings << 32) + number

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            check_readable(self.path)
            # Undoing what a killed writer left half done is a write: it is done only in the original file, never in a
            # copy.
            self._use(self.path, "rw" if may_write(self.path) and origin.is_marked(self.path) else "ro")
        assert self._connection is not None
        return self._connection

    def _open_copy(self) -> None:
        from backout_tui.store.log.salvage import Copy

        self.close()
        check_readable(self.path)
        self._copied = Copy.of(self.path)
        self._use(self._copied.path, "rw")

    def _use(self, path: Path, mode: str) -> None:
        with ExitStack() as undo:
            connection = connect_to_read(path, mode)
            undo.callback(connection.close)
            self.version = schema_version(connection, self.path)
            if self.version == 0:
                raise NoDatabase(self.path)
            undo.pop_all()
        self._connection = connection
        self._openings += 1
