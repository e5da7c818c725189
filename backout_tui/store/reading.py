"""Reading the log and the plans: cheap to import, cheap to open, and never a change to the file's content."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from backout_tui.domain.events import Event
from backout_tui.domain.plan_line import PlanHead
from backout_tui.store import ddl, queries
from backout_tui.store.connection import (
    PATIENCE_S,
    connect_to_read,
    explained,
    needs_writer,
    newer,
    patiently,
    schema_version,
)
from backout_tui.store.place import NoDatabase, check_readable, may_write
from backout_tui.store.rows import Picture, PlanRevision

if TYPE_CHECKING:  # a copy is seldom needed, and what makes it is slow to import
    from backout_tui.store.salvage import Copy

T = TypeVar("T")

BACKOUTS, PLANS = "backout:", "plan:"


class Reader:
    """An open database, for reading. One connection; close it, or use it in a `with`.

    `version` is the version of the file's tables; `why_read_only` says why this program must not write to it.
    Every method raises BackoutError when the file is locked for too long, damaged, or gone.
    """

    def __init__(self, path: Path, patience_s: float) -> None:
        self.path = path
        self.version = 0
        self._patience_s = patience_s
        self._openings = 0
        self._copied: Copy | None = None
        self._connection: sqlite3.Connection | None = None

    @classmethod
    def open(cls, path: Path, *, patience_s: float = PATIENCE_S) -> Reader:
        """Open the database at `path`; raises NoDatabase for none, BackoutError for what is not one of ours."""
        check_readable(path)
        with ExitStack() as undo:
            reader = cls(path.resolve(), patience_s)
            undo.callback(reader.close)
            reader._ask(lambda _connection: None)
            undo.pop_all()
        return reader

    def close(self) -> None:
        """Let go of the file, and of the copy if one had to be made."""
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
        """Why this program may only read: the file was written by a newer one. None when it may write."""
        if self.version <= ddl.SCHEMA_VERSION:
            return None
        return str(newer(self.version, self.path))

    def data_version(self) -> int:
        """A number that changes when somebody else has written to the file since it was last asked for."""
        if self._copied is not None and self._copied.is_old:
            self.close()
        return self._ask(self._data_version)

    def events_after(self, log_id: str, seq: int, limit: int | None = None) -> list[Event]:
        """The events of a log behind `seq`, in order, `limit` of them at most."""
        return self._ask(lambda connection: queries.events_after(connection, log_id, seq, limit))

    def records(self, log_id: str) -> list[tuple[int, bytes, bytes]]:
        """Seq, record and hash of every event of a log, byte for byte as they lie in the file."""
        rows = self._ask(lambda connection: list(queries.records(connection, log_id)))
        return [(seq, record, hash_) for seq, _event_id, record, hash_ in rows]

    def rows(self, log_id: str) -> list[tuple[int, str, bytes, bytes]]:
        """As `records`, with the event id of the column: for whoever does not trust the record to say it."""
        return self._ask(lambda connection: list(queries.records(connection, log_id)))

    def strays(self, log_id: str) -> list[bytes]:
        """Records that may name `log_id` as their log and lie under another one."""
        return self._ask(lambda connection: queries.strays(connection, log_id))

    def logs(self, prefix: str = BACKOUTS) -> list[str]:
        """The names of all logs of a kind, by their number."""
        return self._ask(lambda connection: queries.logs(connection, prefix))

    def closed_logs(self, prefix: str = BACKOUTS) -> frozenset[str]:
        """The names of the logs that are closed now."""
        return self._ask(lambda connection: queries.closed_logs(connection, prefix))

    def closings(self, prefix: str = BACKOUTS) -> list[Event]:
        """The event that closed each log that is closed now, by the log's number."""
        return self._ask(lambda connection: queries.closings(connection, prefix))

    def first_events(self, prefix: str = BACKOUTS) -> list[Event]:
        """The first event of each log, by the log's number."""
        return self._ask(lambda connection: queries.first_events(connection, prefix))

    def rehearsals(self) -> list[Event]:
        """The first event of each rehearsal, by its number."""
        return self._ask(lambda connection: queries.first_events(connection, BACKOUTS, b'"mode":"rehearsal"'))

    def backouts_of(self, plan_id: int) -> list[Event]:
        """The first event of each backout and rehearsal of a plan, by its number."""
        piece = f'"id":{plan_id},'.encode()  # of other things too, so that what was found is looked at
        found = self._ask(lambda connection: queries.first_events(connection, BACKOUTS, piece))
        return [one for one in found if one.data["plan"]["id"] == plan_id]

    def last_events(self, prefix: str = BACKOUTS) -> list[Event]:
        """The last event of each log, by the log's number."""
        return self._ask(lambda connection: queries.last_events(connection, prefix))

    def blob(self, sha256: str) -> bytes | None:
        """The bytes kept under a hex SHA-256, None when there are none."""
        return self._ask(lambda connection: queries.blob(connection, sha256))

    def blob_row(self, sha256: str) -> tuple[bytes, int] | None:
        """The bytes kept under a hex SHA-256 and the length that their column says."""
        return self._ask(lambda connection: queries.blob_row(connection, sha256))

    def fingerprint(self) -> str:
        """A digest of the tables, indexes and triggers as they are in the file."""
        return self._ask(lambda connection: ddl.fingerprint(connection.execute(ddl.SCHEMA)))

    def check_pages(self, pragma: str, out_of_time: Callable[[], bool]) -> str | None:
        """The first thing that SQLite's `pragma` finds wrong; None for nothing, or when `out_of_time` says so first."""
        return self._ask(lambda connection: queries.check_pages(connection, pragma, out_of_time))

    def picture(self, log_id: str) -> Picture | None:
        """The stored fold of a log, None when there is none."""
        if self.version < ddl.PICTURE_VERSION:
            return None
        return self._ask(lambda connection: queries.picture(connection, log_id))

    def plan_revision(self, plan_id: int, revision: int | None = None) -> PlanRevision | None:
        """One revision of a plan, by default its newest; None when there is no such thing."""
        return self._ask(lambda connection: queries.plan_revision(connection, plan_id, revision))

    def plan_text(self, plan_id: int, revision: int | None = None) -> str | None:
        """The text of one revision of a plan, by default of its newest."""
        found = self.plan_revision(plan_id, revision)
        return found.text if found else None

    def plan_revisions(
        self, *, name: str | None = None, version: str | None = None, environment: str | None = None
    ) -> list[PlanRevision]:
        """The newest revision of each plan, oldest plan first; narrowed to a name, a version, an environment."""
        return self._ask(
            lambda connection: queries.newest_revisions(connection, name=name, version=version, environment=environment)
        )

    def plan_heads(self) -> list[PlanHead]:
        """What is known of each plan's newest revision without its text, oldest plan first."""
        return self._ask(queries.plan_heads)

    def revisions_of(self, plan_id: int) -> list[PlanRevision]:
        """Every revision of one plan, oldest first."""
        return self._ask(lambda connection: queries.revisions(connection, "plan_id", plan_id))

    def revisions_with_text(self, sha256: str) -> list[PlanRevision]:
        """Every stored revision with exactly this text, by its hex SHA-256."""
        return self._ask(lambda connection: queries.revisions(connection, "sha256", sha256))

    def _ask(self, question: Callable[[sqlite3.Connection], T]) -> T:
        try:
            return patiently(lambda: question(self._opened()), self._patience_s)
        except sqlite3.Error as error:
            if not needs_writer(error) or self._copied is not None:
                raise explained(error, self.path) from error
        self._open_copy()
        return self._ask(question)

    def _data_version(self, connection: sqlite3.Connection) -> int:
        number = int(connection.execute("PRAGMA data_version").fetchone()[0])
        self.version = schema_version(connection, self.path)  # a newer program may have migrated it meanwhile
        return (self._openings << 32) + number

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            check_readable(self.path)
            self._use(self.path, "rw" if may_write(self.path) else "ro")
        assert self._connection is not None
        return self._connection

    def _open_copy(self) -> None:
        from backout_tui.store.salvage import Copy

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
