"""The first step: before it, everything in *Before you start* is ticked, or one reason says why not. contract.md, 5."""

from __future__ import annotations

from backout_tui.domain.backout.items import StepState
from backout_tui.domain.backout.prerequisites import Prerequisite, Readiness, prerequisites
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import StepStatus
from backout_tui.domain.refusal import TICKS, Refusal

_BEGUN = frozenset({StepStatus.RUNNING, StepStatus.DONE, StepStatus.FAILED, StepStatus.IN_DOUBT})


def asked_before(backout: Backout, step: StepState) -> tuple[Prerequisite, ...]:
    """All prerequisites, if `step` would be the first and one of them doesn't hold yet; otherwise none.

    A step that the plan allows before the decision needs nothing of it, and does not count as the first.
    """
    if step.says("before the decision") or backout.started_without is not None or _has_begun(backout):
        return ()
    asked = prerequisites(backout)
    return () if all(one.holds for one in asked) else asked


def _has_begun(backout: Backout) -> bool:
    return any(
        bool(step.attempts) or step.state in _BEGUN for step in backout.leaves if not step.says("before the decision")
    )


def not_ready(backout: Backout, step: StepState) -> Refusal | None:
    """Refuses the first step while something in *Before you start* is not ticked; one reason lifts it for all."""
    left = [one for one in asked_before(backout, step) if not one.holds]
    if not left:
        return None
    told = "; ".join(f"{one.number}. {one.text}{_said(one)}" for one in left)
    how = f"Say so (prerequisite {left[0].number} yes), or give one reason for starting all the same."
    return Refusal(f"Before you start, not ticked: {told}. {how}", TICKS)


def _said(one: Prerequisite) -> str:
    return " (no)" if one.tick.answer is Readiness.NO else ""
