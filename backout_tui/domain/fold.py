"""The fold: `apply(backout, event) -> backout`. Replay, a second terminal's view, the report are all this one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from backout_tui.domain.backout import Backout
from backout_tui.domain.events import Event
from backout_tui.domain.folding import (
    checks,
    controls,
    decisions,
    messages,
    opening,
    probes,
    problems,
    reasons,
    step_attempts,
    steps,
)
from backout_tui.domain.thin import thin_reason

Applied = Callable[[Backout, Event], Backout]

APPLY: Mapping[str, Applied] = {
    **opening.APPLY,
    **controls.APPLY,
    **problems.APPLY,
    **decisions.APPLY,
    **steps.APPLY,
    **step_attempts.APPLY,
    **probes.APPLY,
    **checks.APPLY,
    **messages.APPLY,
    **reasons.APPLY,
}


def apply(backout: Backout, event: Event) -> Backout:
    """The backout after `event`. A kind this program does not know is counted, never an error: a newer one wrote it."""
    known = APPLY.get(event.kind)
    after = known(backout, event) if known else replace(backout, unknown_events=backout.unknown_events + 1)
    thin = after.thin_reasons
    if (one := thin_reason(event)) is not None:
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
    """The backout that `events`, from the first on, tell of."""
    return fold(Backout(id=number_of(log_id)), events)
