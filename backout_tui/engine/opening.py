"""Opening a backout: settle what was left behind, then fold what the log says. contract.md section 3."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

from backout_tui.domain import fold
from backout_tui.domain.backout import Backout
from backout_tui.domain.codec import rfc3339
from backout_tui.domain.events import Actor, Draft, Event
from backout_tui.domain.items import Attempt
from backout_tui.domain.outstanding import probed
from backout_tui.domain.remembered import once_for_steps
from backout_tui.engine import pictures
from backout_tui.engine.desk import Desk
from backout_tui.errors import BackoutError
from backout_tui.store import place

MAX_DIGITS = 18  # of an id: more do not fit an integer of the database


def opened(desk: Desk, backout_id: int) -> tuple[Backout, str]:
    """The backout `backout_id`, settled, and why an outcome that is shown is not recorded ("" when all of them are).

    Whoever may not write, or cannot just now, sees it as settling would leave it. Raises BackoutError when there is no
    such backout.
    """
    backout = recorded(desk, backout_id)
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


def recorded(desk: Desk, backout_id: int) -> Backout:
    """What the log alone says. Raises BackoutError when there is no such backout."""
    log_id = f"backout:{backout_id}"
    if (picture := pictures.stored(desk, log_id)) is not None:
        return fold.fold(picture, desk.reader.events_after(log_id, picture.seq))
    events = desk.reader.events_after(log_id, 0)
    if not events:
        raise BackoutError(f"there is no backout {backout_id}", todo="See which there are with: backout-tui list")
    return fold.backout_of(events, log_id=log_id)


def caught_up(desk: Desk, backout: Backout) -> Backout:
    """The backout with what was recorded since; the same one when nothing was."""
    events = desk.reader.events_after(f"backout:{backout.id}", backout.seq)
    return fold.fold(backout, events) if events else backout


def why_read_only(desk: Desk) -> str | None:
    """Why this user and program may only read the database; None when they may write."""
    if desk.distrusted:
        return "this log is not what was written: nothing more is recorded in it (see backout-tui verify)"
    if (why := desk.reader.why_read_only) is not None:
        return why
    try:
        may = place.may_write(desk.database)
    except OSError as error:
        return f"the database cannot be looked at: {error.strerror}"
    return None if may else "you may read this database, and not write to it"


def settle_open(desk: Desk, backout: Backout, *, sweep: bool = False) -> bool:
    """Append the outcome of every attempt that ended without a word; whether there was any.

    `sweep`: also clear away what a crash left before its claim came into the log. Raises BackoutError.
    """
    intents = list(open_intents(backout, desk.actor.host))
    if not intents and not (sweep and _has_spool(desk)):
        return False
    from backout_tui.engine import settling

    log_id = f"backout:{backout.id}"
    return bool(settling.settle(desk.database, log_id, intents, here=desk.actor.host, open_journal=desk.journal))


def closed_to_us(desk: Desk, backout: Backout) -> str:
    """What runs under a login whose attempts this one may not look into, in words; "" when there is nothing."""
    intents = list(open_intents(backout, desk.actor.host))
    if not intents:
        return ""
    from backout_tui.engine import settling

    return "; ".join(settling.closed_to_us(desk.database, intents, here=desk.actor.host))


def _has_spool(desk: Desk) -> bool:
    try:
        with os.scandir(place.spool_root(desk.database)) as entries:
            return next(entries, None) is not None
    except OSError:
        return False


def computed(desk: Desk, backout: Backout) -> Backout:
    """The backout as settling would leave it, without writing; `unrecorded` names the outcomes that it adds."""
    intents = list(open_intents(backout, desk.actor.host))
    if not intents:
        return backout
    from backout_tui.engine import settling

    drafts = settling.computed(desk.database, intents, here=desk.actor.host)
    if not drafts:
        return backout
    after = fold.fold(backout, [_as_event(backout, draft, desk) for draft in drafts])
    unrecorded = tuple(draft.event_id for draft in drafts)
    return replace(after, seq=backout.seq, hash=backout.hash, unrecorded=unrecorded)


def _as_event(backout: Backout, draft: Draft, desk: Desk) -> Event:
    now = rfc3339(desk.clock.now())
    return Event(f"backout:{backout.id}", backout.seq, draft.event_id, draft.kind, now, desk.actor, data=draft.data)


def open_intents(backout: Backout, here: str) -> Iterator[Event]:
    """What was claimed on this host and has no outcome yet, as the intents' events."""
    for number, running in _running(backout):
        if running.host == here:
            yield _intent(backout, running, "StepStarted", {"step": number})
    for step in probed(backout):
        if (probe := step.last_probe) is not None and probe.host == here:
            yield _intent(backout, probe, "ProbeStarted", {"step": step.number})
    for check in backout.checks.values():
        if (attempt := check.attempt) is not None and attempt.state == "running" and attempt.host == here:
            yield _intent(backout, attempt, "CheckStarted", {"check": check.id})
    for message in backout.messages.values():
        if message.sending and message.host == here:
            assert message.last_at is not None  # it is being sent, so there is a moment at which that began
            sending = Attempt(1, message.sending, message.last_at, host=here)
            yield _intent(backout, sending, "MessageSending", {"message": message.id})


@once_for_steps
def _running(backout: Backout) -> tuple[tuple[str, Attempt], ...]:
    newest = ((step.number, step.attempt) for step in backout.leaves)
    return tuple((number, attempt) for number, attempt in newest if attempt is not None and attempt.state == "running")


def _intent(backout: Backout, attempt: Attempt, kind: str, subject: dict[str, str]) -> Event:
    return Event(
        log=f"backout:{backout.id}",
        seq=0,
        event_id=attempt.intent,
        kind=kind,
        at=rfc3339(attempt.started_at),
        actor=Actor("", host=attempt.host),
        data={**subject, "attempt": attempt.number},
    )
