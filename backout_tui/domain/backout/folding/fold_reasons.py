"""Completed reasons: the deviation and its step show the new one; the first stays in the log with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from backout_tui.domain.backout.events import Event
from backout_tui.domain.backout.folding.fold_steps import members, with_step
from backout_tui.domain.backout.payloads.backout_payloads import Reason
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.state import Backout, Deviation
from backout_tui.domain.backout.thin import is_thin
from backout_tui.domain.values import replace


def _reason_completed(backout: Backout, event: Event) -> Backout:
    completed, reason = event.says(Reason).event, event.says(Reason).reason
    thin = tuple(one for one in backout.thin_reasons if one.event != completed)
    backout = replace(backout, thin_reasons=thin)
    without = backout.started_without
    if without is not None and without.event == completed:
        backout = replace(backout, started_without=replace(without, reason=reason))
    for one in _meant(backout, completed):
        backout = _with_reason(backout, one, reason)
    return backout


def _meant(backout: Backout, completed: int) -> tuple[Deviation, ...]:
    """The deviations of that event whose reason is completed: those with a thin or completed reason, else the first."""
    those = tuple(one for one in backout.deviations if one.event == completed)
    return tuple(one for one in those if one.first or is_thin(one.reason)) or those[:1]


def _with_reason(backout: Backout, one: Deviation, reason: str) -> Backout:
    new = replace(one, reason=reason, first=one.first or one.reason)
    backout = replace(backout, deviations=tuple(new if other is one else other for other in backout.deviations))
    for number in members(backout, one.step):
        step = backout.steps.get(number)
        if step is not None and step.reason and step.reason == one.reason:
            backout = with_step(backout, number, reason=reason)
    return backout


APPLY: Mapping[str, Callable[[Backout, Event], Backout]] = {EventKind.REASON_COMPLETED: _reason_completed}
