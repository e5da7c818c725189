"""Writing the log and the plans: the one way to change anything is to append under a gate.

Importing this costs about half a second (SQLModel), so whoever only reads imports `reading` instead.
"""

from __future__ import annotations

import functools
import hashlib
import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import Session

from backout_tui.domain.events import Actor, Draft, Event
from backout_tui.errors import BackoutError
from backout_tui.store import ddl, queries
from backout_tui.store.appending import Stamp, append_drafts
from backout_tui.store.clock import Clock
from backout_tui.store.connection import (
    PATIENCE_S,
    Damaged,
    connect_to_write,
    explained,
    newer,
    patiently,
    schema_version,
)
from backout_tui.store.founding import version_after_founding
from backout_tui.store.models import PictureRow, PlanRevisionRow
from backout_tui.store.place import prepare, refuse_url
from backout_tui.store.reading import PLANS
from backout_tui.store.records import genesis
from backout_tui.store.rows import PlanRevision
from backout_tui.store.transaction import engine_on, raw_of

T = TypeVar("T")
Work = Callable[[Session, sqlite3.Connection], T]

_COLLISIONS = 5  # how often an append that met another one reads again and asks its gate again


class Journal:
    """An open database, for appending. One connection, used by one thread at a time; close it, or use it in a `with`.

    Every method raises BackoutError when the file stays locked for longer than the patience, when the disk fails, or
    when a newer program has migrated the file; then nothing was recorded.
    """

    def __init__(self, path: Path, clock: Clock, tool: str, patience_s: float) -> None:
        self.path = path
        self._clock, self._tool, self._patience_s = clock, tool, patience_s
        self._turn = threading.Lock()
        self._engine = engine_on(functools.partial(connect_to_write, path))

    @classmethod
    def open(cls, path: Path, *, clock: Clock, tool: str, patience_s: float = PATIENCE_S) -> Journal:
        """Open the database at `path` for appending; make it when it is missing, migrate it when it is behind.

        `tool` is the program and version that every record names. Raises BackoutError for what cannot be written
        safely: another owner, a link, a newer database, a damaged one.
        """
        refuse_url(path)
        path = path.absolute()
        prepare(path)
        version = version_after_founding(path, patience_s)
        if version > ddl.SCHEMA_VERSION:
            raise newer(version, path)
        if version < ddl.SCHEMA_VERSION:
            from backout_tui.store.migrating import migrate

            migrate(path, clock=clock, patience_s=patience_s)
        return cls(path, clock, tool, patience_s)

    def close(self) -> None:
        """Let go of the file, after what is being written now."""
        with self._turn:
            self._engine.dispose()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def append(
        self, log_id: str, *, after: int, decide: Callable[[list[Event]], Sequence[Draft]], actor: Actor
    ) -> list[Event]:
        """Append to a log what `decide` asks for, in one transaction, and give all events behind `after`, in order.

        `decide` is given the events behind `after`, with the log locked: whatever it has seen is still true when its
        drafts are written. It may refuse by raising; then nothing is written. It may be asked more than once.
        """

        def work(session: Session, raw: sqlite3.Connection) -> list[Event]:
            last = queries.last_of(raw, log_id)
            if last is None:
                raise BackoutError(f"there is no {log_id} in this database", where=str(self.path))
            if last[0] < after:
                raise Damaged(
                    f"the log {log_id} ends at event {last[0]}, and event {after} of it was seen before",
                    where=str(self.path),
                    todo="Somebody cut the log or put an older copy in its place; compare it with a backup.",
                )
            seen = queries.events_after(raw, log_id, after)
            return seen + append_drafts(session, log_id, last, decide(list(seen)), self._stamp(actor))

        return self._write(work)

    def append_new(
        self, prefix: str, *, decide: Callable[[int], tuple[str, Sequence[Draft]]], actor: Actor
    ) -> tuple[int, list[Event]]:
        """Begin the next log of a kind ("backout:" or "plan:") and give its number and its events.

        `decide` is given the number and gives the hex SHA-256 of the plan's text, and the first drafts.
        """

        def work(session: Session, raw: sqlite3.Connection) -> tuple[int, list[Event]]:
            number = queries.next_number(raw, prefix)
            text_sha256, drafts = decide(number)
            return number, self._begin_log(session, f"{prefix}{number}", text_sha256, drafts, actor)

        return self._write(work)

    def store_plan(
        self,
        text: str,
        *,
        plan_id: int | None = None,
        name: str,
        version: str,
        returns_to: str = "",
        environment: str = "",
        team: str = "",
        actor: Actor,
        kind: str = "PlanStored",
        data: Mapping[str, Any] | None = None,
        made_from: int | None = None,
    ) -> PlanRevision:
        """Store a plan's text: as a new plan, or as the next revision of `plan_id`.

        What says the same as the plan's newest revision is that revision. The event in the plan's log holds `data`, and
        under "stored" what the row says, so that the row can be verified. `made_from` is the revision that the text
        was made from: raises BackoutError when somebody has stored a newer one since.
        """
        meta = {
            "name": name,
            "version": version,
            "returns_to": returns_to,
            "environment": environment,
            "team": team,
            "sha256": hashlib.sha256(text.encode()).hexdigest(),
        }

        def work(session: Session, raw: sqlite3.Connection) -> PlanRevision:
            newest = None if plan_id is None else self._newest(raw, plan_id)
            if newest is not None and all(getattr(newest, key) == said for key, said in meta.items()):
                return newest
            _refuse_stale(newest, made_from)
            number = newest.plan_id if newest else queries.next_number(raw, PLANS)
            stored = {"plan_id": number, "revision": newest.revision + 1 if newest else 1, **meta}
            return self._store_revision(session, raw, text, Draft(kind, {**(data or {}), "stored": stored}), actor)

        return self._write(work)

    def _newest(self, raw: sqlite3.Connection, plan_id: int) -> PlanRevision:
        newest = queries.plan_revision(raw, plan_id)
        if newest is None:
            raise BackoutError(f"there is no plan {plan_id} in this database", where=str(self.path))
        return newest

    def save_picture(self, log_id: str, seq: int, hash: str, state_json: str, program: str) -> None:  # noqa: A002 - the word of the contract
        """Keep the fold of a log up to event `seq`, whose hex hash is `hash`; it replaces the one kept before."""
        row = PictureRow(log_id=log_id, seq=seq, hash=hash, state=state_json, program=program)
        self._write(lambda session, _raw: session.merge(row))

    def _store_revision(
        self, session: Session, raw: sqlite3.Connection, text: str, draft: Draft, actor: Actor
    ) -> PlanRevision:
        stored = draft.data["stored"]
        log_id = f"{PLANS}{stored['plan_id']}"
        last = queries.last_of(raw, log_id)
        if last is None:
            events = self._begin_log(session, log_id, stored["sha256"], [draft], actor)
        else:
            events = append_drafts(session, log_id, last, [draft], self._stamp(actor))
        session.add(PlanRevisionRow(**stored, text=text, stored_at=events[0].when))
        session.flush()
        found = queries.plan_revision(raw, stored["plan_id"], stored["revision"])
        assert found is not None
        return found

    def _begin_log(
        self, session: Session, log_id: str, text_sha256: str, drafts: Sequence[Draft], actor: Actor
    ) -> list[Event]:
        events = append_drafts(session, log_id, (0, genesis(log_id, text_sha256)), drafts, self._stamp(actor))
        if not events:
            raise ValueError(f"{log_id} would begin without an event")
        return events

    def _stamp(self, actor: Actor) -> Stamp:
        return Stamp(actor, self._clock, self._tool)

    def _write(self, work: Work[T]) -> T:
        with self._turn:
            try:
                return patiently(lambda: self._attempt(work), self._patience_s)
            except sqlite3.Error as error:
                self._engine.dispose()  # after an error of the disk nothing is trusted that was held in memory
                raise explained(error, self.path, writing=True) from error

    def _attempt(self, work: Work[T]) -> T:
        for left in reversed(range(_COLLISIONS)):
            try:
                return self._transact(work)
            except IntegrityError as error:
                if not left:
                    raise _cause(error) from error
            except DBAPIError as error:
                raise _cause(error) from error
        raise AssertionError("the last try returns or raises")

    def _transact(self, work: Work[T]) -> T:
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            raw = raw_of(session.connection())
            version = schema_version(raw, self.path)
            if version != ddl.SCHEMA_VERSION:
                raise newer(version, self.path)
            return work(session, raw)


def _refuse_stale(newest: PlanRevision | None, made_from: int | None) -> None:
    """Raise BackoutError when a text was made from another revision than the plan's newest."""
    if newest is not None and made_from is not None and newest.revision != made_from:
        raise BackoutError(
            f"somebody stored revision {newest.revision} of plan {newest.plan_id} meanwhile",
            todo="Look at it, and make the change again on top of it. Nothing was stored.",
        )


def _cause(error: DBAPIError) -> BaseException:
    return error.orig or error
