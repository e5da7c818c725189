"""Opening a backout: settle what was left behind, then fold what the log says. contract.md section 3."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import replace

from backout_tui.domain import fold
from backout_tui.domain.backout import Backout
from backout_tui.domain.codec import rfc3339
from backout_tui.domain.events import Actor, Draft, Event
from backout_tui.domain.items import Attempt
from backout_tui.engine import pictures
from backout_tui.engine.desk import Desk
from backout_tui.errors import BackoutError


def opened(desk: Desk, backout_id: int) -> Backout:
    """The backout `backout_id`, settled. Raises BackoutError when there is no such backout."""
    backout = _folded(desk, backout_id)
    if settle_open(desk, backout):
        backout = fold.fold(backout, desk.reader.events_after(f"backout:{backout_id}", backout.seq))
    return backout


def _folded(desk: Desk, backout_id: int) -> Backout:
    log_id = f"backout:{backout_id}"
    if (picture := pictures.stored(desk, log_id)) is not None:
        return fold.fold(picture, desk.reader.events_after(log_id, picture.seq))
    events = desk.reader.events_after(log_id, 0)
    if not events:
        raise BackoutError(f"there is no backout {backout_id}", todo="See which there are with: backout-tui list")
    return fold.backout_of(events, log_id=log_id)


def may_settle(desk: Desk) -> bool:
    """Whether this reader may write what it finds: the file is its own or its group's, and not a newer program's."""
    try:
        status = desk.database.stat()
    except OSError:
        return False
    ours = status.st_uid == os.geteuid() or bool(status.st_mode & stat.S_IWGRP)
    return ours and os.access(desk.database, os.W_OK) and desk.reader.why_read_only is None


def read_only(desk: Desk, backout_id: int) -> Backout:
    """The backout as settling would leave it, without writing anything. Raises BackoutError when there is none."""
    return computed(desk, _folded(desk, backout_id))


def settle_open(desk: Desk, backout: Backout) -> bool:
    """Append the outcome of every attempt that ended without a word; whether there was any."""
    intents = list(open_intents(backout, desk.actor.host))
    if not intents:
        return False
    from backout_tui.engine import settling

    return bool(
        settling.settle(desk.database, intents[0].log, intents, here=desk.actor.host, open_journal=desk.journal)
    )


def computed(desk: Desk, backout: Backout) -> Backout:
    """The backout as settling would leave it, without writing: for a reader without write access."""
    intents = list(open_intents(backout, desk.actor.host))
    if not intents:
        return backout
    from backout_tui.engine import settling

    drafts = settling.computed(desk.database, intents, here=desk.actor.host)
    after = fold.fold(backout, [_as_event(backout, draft, desk) for draft in drafts])
    return replace(after, seq=backout.seq, hash=backout.hash)


def _as_event(backout: Backout, draft: Draft, desk: Desk) -> Event:
    now = rfc3339(desk.clock.now())
    return Event(f"backout:{backout.id}", backout.seq, draft.event_id, draft.kind, now, desk.actor, data=draft.data)


def open_intents(backout: Backout, here: str) -> Iterator[Event]:
    """What was claimed on this host and has no outcome yet, as the intents' events."""
    for step in backout.leaves:
        if (attempt := step.attempt) is not None and attempt.state == "running" and attempt.host == here:
            yield _intent(backout, attempt, "StepStarted", {"step": step.number})
    for check in backout.checks.values():
        if (attempt := check.attempt) is not None and attempt.state == "running" and attempt.host == here:
            yield _intent(backout, attempt, "CheckStarted", {"check": check.id})
    for message in backout.messages.values():
        if message.sending and message.host == here:
            assert message.last_at is not None  # it is being sent, so there is a moment at which that began
            sending = Attempt(1, message.sending, message.last_at, host=here)
            yield _intent(backout, sending, "MessageSending", {"message": message.id})


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
