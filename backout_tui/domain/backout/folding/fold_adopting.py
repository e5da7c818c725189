"""A copy became a database of its own: whoever adopted it has the controls, and whatever ran in it is in doubt."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from backout_tui.domain.backout.events import Event
from backout_tui.domain.backout.folding import (
    fold_checks,
    fold_controls,
    fold_messages,
    fold_probes,
    fold_step_attempts,
)
from backout_tui.domain.backout.payloads.backout_payloads import Adopted
from backout_tui.domain.backout.payloads.kinds import ATTEMPTS, EventKind
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.damage import Unfit
from backout_tui.domain.values import replace

_OF_AN_ATTEMPT = {one.in_doubt for one in ATTEMPTS.values()}
_IN_DOUBT: Mapping[str, Callable[[Backout, Event], Backout]] = {
    kind: doubt
    for family in (fold_step_attempts, fold_probes, fold_checks, fold_messages)
    for kind, doubt in family.APPLY.items()
    if kind in _OF_AN_ATTEMPT
}


def _adopted(backout: Backout, event: Event) -> Backout:
    backout = fold_controls.taken(backout, event)
    for one in event.says(Adopted).in_doubt:
        backout = _doubted(backout, replace(event, kind=str(one.get("kind")), data=one, decoded=None))
    return backout


def _doubted(backout: Backout, event: Event) -> Backout:
    doubt, payload = _IN_DOUBT.get(event.kind), event.payload
    if doubt is None or payload is None:
        return backout  # a kind of attempt that only a newer program knows
    if missing := payload.missing_in(backout):
        raise Unfit(missing)
    return doubt(backout, event)


APPLY: Mapping[str, Callable[[Backout, Event], Backout]] = {EventKind.DATABASE_ADOPTED: _adopted}
