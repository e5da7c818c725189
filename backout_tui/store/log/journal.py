"""Writes the log and the plans: every change is an append under a gate.

Importing this costs about half a second (SQLModel), so code that only reads imports `reading` instead.
"""

from __future__ import annotations

import functools
import hashlib
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlmodel import Session

from backout_tui.domain.backout.events import Actor, Draft, Event
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.damage import DamagedEvent, Unfit
from backout_tui.errors import BackoutError, Damaged, Refused
from backout_tui.store.clock import Clock
from backout_tui.store.file import ddl, origin
from backout_tui.store.file.connection import (
    PATIENCE_S,
    newer,
)
from backout_tui.store.file.founding import version_after_founding
from backout_tui.store.file.models import PictureRow, PlanRevisionRow
from backout_tui.store.file.place import prepare, refuse_url
from backout_tui.store.log import queries
from backout_tui.store.log.appending import Stamp, append_drafts
from backout_tui.store.log.reading import BACKOUTS, PLANS
from backout_tui.store.log.records import genesis
from backout_tui.store.log.rows import PlanRevision
from backout_tui.store.log.transacting import Transacting, refuse_a_copy
from backout_tui.store.state.mirroring import make_tables, mirror, mirror_unread, mirror_whole

Folded = Callable[[list[Event]], Backout]

_AT_A_TIME = 50  # backouts whose rows are rebuilt under one lock


class Journal(Transacting):
    """An open database, for appending. One connection, for one thread at a time; close it, or use it in a `with`.

    Every method raises BackoutError when the file stays locked for too long, when the disk fails, or when a newer
    program has migrated the file; then nothing was recorded.
    """

    def __init__(self, path: Path, clock: Clock, tool: str, patience_s: float) -> None:
        super().__init__(path, patience_s)
        self._clock, self._tool = clock, tool

    @classmethod
    def open(
        cls, path: Path, *, clock: Clock, tool: str, patience_s: float = PATIENCE_S, adopting: bool = False
    ) -> Journal:
        """Open the database at `path` for appending; create it when it is missing, migrate it when it is old.

        `tool` is the program and version that every record names. Raises BackoutError for a database that cannot be
        written safely: one with another owner, a link, a newer one, a damaged one. Raises Refused for a copy, unless
        `adopting` says that it is opened to be adopted.
        """
        refuse_url(path)
        path = path.absolute()
        if not adopting:
            refuse_a_copy(path, patience_s)
        prepare(path)
        version = version_after_founding(path, patience_s)
        if version > ddl.SCHEMA_VERSION:
            raise newer(version, path)
        if version < ddl.SCHEMA_VERSION:
            from backout_tui.store.migrations.migrating import migrate

            migrate(path, clock=clock, patience_s=patience_s)
        return cls(path, clock, tool, patience_s)

    def append(
        self,
        log_id: str,
        *,
        after: int,
        decide: Callable[[list[Event]], Sequence[Draft]],
        actor: Actor,
        folded: Folded | None = None,
        known: Backout | None = None,
    ) -> list[Event]:
        """Append what `decide` asks for to a log, in one transaction, and return all events after `after`, in order.

        `decide` receives the events after `after` while the log is locked: what it has seen is still true when its
        drafts are written. It may refuse by raising; then nothing is written. It may be called more than once. `folded`
        returns the backout with the given events after `after` applied. It is called with the events that will be
        returned, before they are committed: an event that it cannot read (DamagedEvent) is never recorded. Without it
        every event is recorded, and the state tables are derived from `known`, the backout at `after` or later, or from
        the whole log.
        """

        def work(session: Session, raw: sqlite3.Connection) -> list[Event]:
            last = queries.last_of(raw, log_id)
            if last is None:
                raise self._no_log(log_id)
            if last[0] < after:
                raise Damaged(
                    f"the log {log_id} ends at event {last[0]}, and event {after} of it was seen before",
                    where=str(self.path),
                    todo="Somebody cut the log or put an older copy in its place; compare it with a backup.",
                )
            seen = queries.events_after(raw, log_id, after)
            drafts = decide(list(seen))
            appended = append_drafts(session, log_id, last, drafts, self._stamp(actor))
            if folded is not None:
                _mirror(session, log_id, folded, seen, appended)
            elif appended and log_id.startswith(BACKOUTS):
                mirror_unread(session.connection(), log_id, known, seen, appended)
            return seen + appended

        return self._write(work)

    def adopt(self, log_id: str, *, decide: Callable[[list[Event], str], Sequence[Draft]], actor: Actor) -> list[Event]:
        """Turn a copy into a database of its own, with its own spool, and append what `decide` drafts to that log.

        `decide` receives all events of the log, and the id that the copy had until then. Returns all events, in order.
        Raises Refused when the file is not a copy, or no longer one because somebody else was faster.
        """

        def work(session: Session, raw: sqlite3.Connection) -> list[Event]:
            seen, before = queries.events_after(raw, log_id, 0), origin.origin_of(raw)
            if not seen:
                raise self._no_log(log_id)
            if not origin.is_copy(raw, self.path):
                raise Refused("This database is not a copy, so there is nothing to adopt.")
            drafts = decide(list(seen), before.id if before is not None else "")
            origin.settle_in(raw, self.path)
            last = (seen[-1].seq, seen[-1].hash)
            appended = append_drafts(session, log_id, last, drafts, self._stamp(actor))
            mirror_whole(session.connection(), log_id)
            return seen + appended

        return self._write(work, adopting=True)

    def append_new(
        self,
        prefix: str,
        *,
        decide: Callable[[int], tuple[str, Sequence[Draft]]],
        actor: Actor,
        folded: Folded | None = None,
    ) -> tuple[int, list[Event]]:
        """Begin the next log of a kind ("backout:" or "plan:") and return its number and its events.

        `decide` receives the number and returns the hex SHA-256 of the plan's text, and the first drafts. `folded`
        receives the events before they are committed, as in `append`.
        """

        def work(session: Session, raw: sqlite3.Connection) -> tuple[int, list[Event]]:
            number = queries.next_number(raw, prefix)
            text_sha256, drafts = decide(number)
            log_id = f"{prefix}{number}"
            events = self._begin_log(session, log_id, text_sha256, drafts, actor)
            if folded is not None:
                _mirror(session, log_id, folded, [], events)
            elif log_id.startswith(BACKOUTS):
                mirror_whole(session.connection(), log_id)
            return number, events

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
        kind: str = EventKind.PLAN_STORED,
        data: Mapping[str, Any] | None = None,
        made_from: int | None = None,
    ) -> PlanRevision:
        """Store a plan's text as a new plan, or as the next revision of `plan_id`.

        If the text and the columns equal those of the plan's newest revision, that revision is returned and none is
        made. The event in the plan's log holds `data`, and under "stored" the columns of the row, so that the row can
        be verified. `made_from` is the revision that the text was edited from: raises BackoutError when somebody has
        stored a newer one since.
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

    def rebuild_state(self) -> tuple[int, list[str]]:
        """Rebuild the state tables from the logs; returns how many backouts they hold, and the damaged logs' names.

        It rebuilds some backouts at a time, so that a writer never waits for all of them.
        """

        def emptied(_session: Session, raw: sqlite3.Connection) -> list[str]:
            make_tables(raw)
            return queries.logs(raw, BACKOUTS)

        def filled(some: Sequence[str], session: Session, _raw: sqlite3.Connection) -> list[str]:
            return [one for one in some if not mirror_whole(session.connection(), one)]

        logs, damaged = self._write(emptied), list[str]()
        for begun in range(0, len(logs), _AT_A_TIME):
            damaged += self._write(functools.partial(filled, logs[begun : begun + _AT_A_TIME]))
        return len(logs) - len(damaged), damaged

    def _no_log(self, log_id: str) -> BackoutError:
        return BackoutError(f"there is no {log_id} in this database", where=str(self.path))

    def _newest(self, raw: sqlite3.Connection, plan_id: int) -> PlanRevision:
        newest = queries.plan_revision(raw, plan_id)
        if newest is None:
            raise BackoutError(f"there is no plan {plan_id} in this database", where=str(self.path))
        return newest

    def save_picture(self, log_id: str, seq: int, hash: str, state_json: str, program: str) -> None:  # noqa: A002 - the word of the contract
        """Store the fold of a log up to event `seq`, whose hex hash is `hash`; it replaces the one stored before."""
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


def _refuse_stale(newest: PlanRevision | None, made_from: int | None) -> None:
    """Raise BackoutError when a text was edited from a revision that is no longer the plan's newest."""
    if newest is not None and made_from is not None and newest.revision != made_from:
        raise BackoutError(
            f"somebody stored revision {newest.revision} of plan {newest.plan_id} meanwhile",
            todo="Look at it, and make the change again on top of it. Nothing was stored.",
        )


def _mirror(session: Session, log_id: str, folded: Folded, seen: list[Event], appended: list[Event]) -> None:
    """Bring the state tables up to date with the log of a backout; raises Unfit for events `folded` cannot read."""
    try:
        before, after = folded(seen), folded(seen + appended)
    except DamagedEvent as damaged:
        raise Unfit(damaged.why) from damaged
    if appended:
        mirror(session.connection(), log_id, before, after)
