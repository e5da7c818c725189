"""Opens a backout: settles what was left behind, then folds the log. contract.md section 3."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from backout_tui.domain.backout import fold, runs
from backout_tui.domain.backout.events import Actor, Draft, Event
from backout_tui.domain.backout.runs import ALL_IN_REACH, Away, Run
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.codec import rfc3339
from backout_tui.domain.damage import DamagedEvent
from backout_tui.domain.values import replace
from backout_tui.engine import pictures
from backout_tui.engine.desk import Desk
from backout_tui.errors import BackoutError
from backout_tui.store.file import origin, place

if TYPE_CHECKING:
    from backout_tui.store.log.reading import Reader

MAX_DIGITS = 18  # of an id: a longer number does not fit an integer of the database


def opened(desk: Desk, backout_id: int) -> tuple[Backout, str]:
    """The backout `backout_id`, settled, and why an outcome that it shows is not recorded ("" when all of them are).

    A user who cannot write, or cannot write just now, sees it as settling would leave it. Raises BackoutError when
    there is no such backout.
    """
    backout = looked_at(desk, backout_id)
    if backout.copied:
        return backout, ""
    why = why_read_only(desk)
    if why is None:
        try:
            settled = settle_open(desk, backout, sweep=True)
        except BackoutError as error:
            why = str(error)
        else:
            return (caught_up(desk, backout) if settled else backout), ""
    picture = computed(desk, caught_up(desk, backout))
    return picture, why if picture.unrecorded else ""


def looked_at(desk: Desk, backout_id: int) -> Backout:
    """The backout from its log alone, marked in a copy. Raises BackoutError when there is no such backout."""
    return replace(recorded(desk, backout_id), copied=desk.reader.is_copy)


def recorded(desk: Desk, backout_id: int) -> Backout:
    """The backout from its log alone. Raises BackoutError when there is no such backout."""
    return recorded_in(desk.reader, desk.tool, backout_id)


def recorded_in(reader: Reader, tool: str, backout_id: int) -> Backout:
    """The same, for a caller without a desk: `tool` is the program, whose own pictures may be used."""
    log_id = f"backout:{backout_id}"
    if (picture := pictures.stored(reader, tool, log_id)) is not None:
        return fold.fold(picture, reader.events_after(log_id, picture.seq))
    events = reader.events_after(log_id, 0)
    if not events:
        raise BackoutError(f"there is no backout {backout_id}", todo="See which there are with: backout-tui list")
    return fold.backout_of(events, log_id=log_id)


def as_read_here(desk: Desk, backout: Backout) -> Backout:
    """The backout for somebody who can only read: ended attempts are shown as settled; a copy shows only its log."""
    if desk.reader.is_copy:
        return backout if backout.copied else replace(backout, copied=True)
    return backout if backout.unrecorded else computed(desk, backout)


def readable(desk: Desk, numbers: Iterable[int]) -> Iterator[Backout]:
    """These backouts from their logs; damaged ones are skipped, so that they don't hide the others."""
    for number in numbers:
        with contextlib.suppress(DamagedEvent):
            yield recorded(desk, number)


def caught_up(desk: Desk, backout: Backout) -> Backout:
    """The backout with the events recorded since; the same object when there are none."""
    events = desk.reader.events_after(f"backout:{backout.id}", backout.seq)
    return fold.fold(backout, events) if events else backout


def why_read_only(desk: Desk) -> str | None:
    """Why this user and program can only read the database; None when they can write."""
    if desk.distrusted:
        return "this log is not what was written: nothing more is recorded in it (see backout-tui verify)"
    if (why := desk.reader.why_read_only) is not None:
        return why
    try:
        may = place.may_write(desk.database)
    except OSError as error:
        return f"the database cannot be looked at: {error.strerror}"
    if not may:
        return "you may read this database, and not write to it"
    return origin.COPY if desk.reader.is_copy else None


def settle_open(desk: Desk, backout: Backout, *, sweep: bool = False) -> bool:
    """Append the outcome of every attempt that ended without recording one; returns whether there was any.

    With `sweep` it also removes folders that a crash left before their claim came into the log. Raises BackoutError.
    """
    intents = list(open_intents(backout))
    if not intents and not (sweep and _has_spool(desk)):
        return False
    from backout_tui.engine import settling

    log_id = f"backout:{backout.id}"
    settled = settling.settle(
        desk.database,
        log_id,
        intents,
        here=desk.here,
        open_journal=desk.journal,
        settler=desk.actor,
        backout=replace(backout, unrecorded=(), copied=False),
    )
    return bool(settled)


def closed_to_us(desk: Desk, backout: Backout) -> str:
    """A sentence about what runs under a login whose attempts this one cannot read; "" when there is nothing."""
    intents = [] if backout.copied else list(open_intents(backout))
    if not intents:
        return ""
    from backout_tui.engine import hidden_attempts

    return "; ".join(hidden_attempts.closed_to_us(desk.database, intents, here=desk.here))


def awaiting(desk: Desk, backout: Backout) -> Mapping[str, str]:
    """The attempts seen from here that ended but cannot be recorded yet: a sentence for each, by intent."""
    intents = list(open_intents(backout))
    if not intents:
        return {}
    from backout_tui.engine.attempts import awaiting

    return awaiting.awaiting(desk.database, intents, desk.clock.now())


def _has_spool(desk: Desk) -> bool:
    try:
        with os.scandir(place.spool_root(desk.database)) as entries:
            return next(entries, None) is not None
    except OSError:
        return False


def computed(desk: Desk, backout: Backout) -> Backout:
    """The backout as settling would leave it, without writing; `unrecorded` names the outcomes that it adds."""
    intents = list(open_intents(backout))
    if not intents:
        return backout
    from backout_tui.engine import settling

    drafts = settling.computed(desk.database, intents, here=desk.here)
    if not drafts:
        return backout
    after = fold.fold(backout, [_as_event(backout, draft, desk) for draft in drafts])
    unrecorded = tuple(draft.event_id for draft in drafts)
    return replace(after, seq=backout.seq, hash=backout.hash, unrecorded=unrecorded)


def _as_event(backout: Backout, draft: Draft, desk: Desk) -> Event:
    now = rfc3339(desk.clock.now())
    return Event(f"backout:{backout.id}", backout.seq, draft.event_id, draft.kind, now, desk.actor, data=draft.data)


def out_of_reach(desk: Desk, backout: Backout) -> Away:
    """The attempts under way that cannot be asked from here, by intent; in a copy nothing is asked."""
    if backout.copied or not (under_way := runs.under_way(backout)):
        return ALL_IN_REACH
    from backout_tui.engine.attempts.reach import why_away

    found = {one.attempt.intent: why_away(desk.database, one.attempt, desk.here) for one in under_way}
    return {intent: why for intent, why in found.items() if why is not None}


def open_intents(backout: Backout) -> Iterator[Event]:
    """The intents that have no outcome of their own yet, on whatever host they were started."""
    return (_intent(backout, run) for run in (*runs.under_way(backout), *runs.awaited(backout)))


def _intent(backout: Backout, run: Run) -> Event:
    attempt, (subject, name) = run.attempt, run.item
    return Event(
        log=f"backout:{backout.id}",
        seq=0,
        event_id=attempt.intent,
        kind=run.kind,
        at=rfc3339(attempt.started_at),
        actor=Actor("", host=attempt.host),
        data={
            subject: name,
            "attempt": attempt.number,
            **({} if attempt.machine is None else {"machine": attempt.machine}),
            **({"spool": attempt.spool.record()} if attempt.spool else {}),
        },
        boot_id=attempt.begun_in,
    )
