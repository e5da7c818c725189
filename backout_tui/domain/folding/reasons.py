"""Reasons that are completed: the deviation and its step say the new one; the first stays in the log beside it."""

from __future__ import annotations

from dataclasses import replace

from backout_tui.domain.backout import Backout, Deviation
from backout_tui.domain.events import Event
from backout_tui.domain.folding.steps import members, with_step
from backout_tui.domain.judgement import is_thin


def _reason_completed(backout: Backout, event: Event) -> Backout:
    completed, reason = event.data["event"], str(event.data.get("reason", ""))
    thin = tuple(one for one in backout.thin_reasons if one.event != completed)
    backout = replace(backout, thin_reasons=thin)
    for one in _meant(backout, completed):
        backout = _with_reason(backout, one, reason)
    return backout


def _meant(backout: Backout, completed: int) -> tuple[Deviation, ...]:
    """The deviations of that event whose reason is completed: of two those that are thin, or were completed before."""
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


APPLY = {"ReasonCompleted": _reason_completed}
