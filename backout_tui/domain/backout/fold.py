"""The fold: `apply(backout, event) -> backout`. Replay, a second terminal's view and the report all use it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import chain

from backout_tui.domain.backout.events import Event
from backout_tui.domain.backout.folding import (
    fold_adopting,
    fold_checks,
    fold_controls,
    fold_decisions,
    fold_messages,
    fold_opening,
    fold_probes,
    fold_problems,
    fold_reasons,
    fold_step_attempts,
    fold_steps,
)
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.thin import thin_reason
from backout_tui.domain.damage import DamagedEvent, Unfit
from backout_tui.domain.values import replace

Applied = Callable[[Backout, Event], Backout]
OPENING = EventKind.BACKOUT_OPENED
"""The kind of a log's first event. No other event has it."""

APPLY: Mapping[str, Applied] = {
    **fold_opening.APPLY,
    **fold_controls.APPLY,
    **fold_adopting.APPLY,
    **fold_problems.APPLY,
    **fold_decisions.APPLY,
    **fold_steps.APPLY,
    **fold_step_attempts.APPLY,
    **fold_probes.APPLY,
    **fold_checks.APPLY,
    **fold_messages.APPLY,
    **fold_reasons.APPLY,
}


def apply(backout: Backout, event: Event) -> Backout:
    """The backout after `event`. An unknown kind is counted and is never an error: a newer program wrote it.

    Raises DamagedEvent for an event that cannot belong to this backout, because nothing after it can be trusted.
    """
    try:
        payload = event.payload if event.decoded is None else event.decoded
        missing = payload.missing_in(backout) if payload is not None else ""
        after = backout if missing else _applied(backout, event)
    except Unfit as unfit:
        raise DamagedEvent(event.log, event.seq, unfit.why) from unfit
    if missing:
        raise DamagedEvent(event.log, event.seq, missing)
    return after


def _applied(backout: Backout, event: Event) -> Backout:
    known = APPLY.get(event.kind)
    after = known(backout, event) if known else replace(backout, unknown_events=backout.unknown_events + 1)
    thin = after.thin_reasons
    if (one := thin_reason(event, backout)) is not None:
        thin = (*thin, one)
    return replace(after, seq=event.seq, hash=event.hash, thin_reasons=thin)


def fold(backout: Backout, events: Iterable[Event]) -> Backout:
    """The backout after all `events`, in order."""
    for event in events:
        backout = apply(backout, event)
    return backout


def number_of(log_id: str) -> int:
    """The 3 of `backout:3`."""
    return int(log_id.partition(":")[2])


def backout_of(events: Iterable[Event], *, log_id: str) -> Backout:
    """The backout that `events` describe from the first on. Raises DamagedEvent if they don't begin with an opening."""
    events = iter(events)
    first = next(events, None)
    if first is not None and first.kind != OPENING:
        raise DamagedEvent(log_id, first.seq, "the log does not begin with the opening of a backout")
    events = events if first is None else chain((first,), events)
    return fold(Backout(id=number_of(log_id)), events)
