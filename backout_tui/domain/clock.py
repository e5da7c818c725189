"""The clock of a backout: what the plan's estimates say of the time ahead. Pure: `now` is an argument."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from backout_tui.domain.backout import Backout
from backout_tui.domain.items import StepState, StepStatus
from backout_tui.domain.moments import moment
from backout_tui.domain.remembered import once_for_steps
from backout_tui.domain.spans import Estimate, seconds


@dataclass(frozen=True, slots=True)
class Ahead:
    """The time ahead: seconds of work in the typical and the bad case, and how many open steps say nothing."""

    typical_s: int
    bad_s: int
    unknown: int


def elapsed_s(step: StepState, now: datetime) -> int:
    """Seconds a running step has been running; 0 when it does not run."""
    attempt = step.attempt
    if step.state is not StepStatus.RUNNING or attempt is None:
        return 0
    return max(0, int((now - attempt.started_at).total_seconds()))


def took_s(step: StepState) -> int | None:
    """Seconds that the newest attempt took; None when that is not known."""
    attempt = step.attempt
    return None if attempt is None or attempt.duration_ms is None else attempt.duration_ms // 1000


def is_late(step: StepState, now: datetime) -> bool:
    """Whether a running step has run past its bad-case estimate."""
    return bool(step.estimate) and step.estimate is not None and elapsed_s(step, now) > step.estimate.bad_s


def ahead(backout: Backout, now: datetime) -> Ahead:
    """The work that is left, step after step. Sub-steps without an estimate count under their group's."""
    still, begun = _work(backout)
    typical, bad = still.typical_s, still.bad_s
    for step, estimate in begun:
        left = _left(step, estimate, now)
        typical, bad = typical + left.typical_s, bad + left.bad_s
    return Ahead(typical, bad, still.unknown)


@once_for_steps
def _work(backout: Backout) -> tuple[Ahead, tuple[tuple[StepState, Estimate], ...]]:
    """The work that nobody has begun, and the steps under way, of whose estimate a part is gone."""
    typical = bad = unknown = 0
    covered, begun = set[str](), list[tuple[StepState, Estimate]]()
    for step in backout.steps.values():
        if step.settled or _other_option(backout, step):
            continue
        if step.parent in covered:
            covered.add(step.number)
        elif step.estimate is None:
            unknown += step.kind != "group"
        else:
            covered.add(step.number)
            if step.state is StepStatus.RUNNING:
                begun.append((step, step.estimate))
            else:
                typical, bad = typical + step.estimate.typical_s, bad + step.estimate.bad_s
    return Ahead(typical, bad, unknown), tuple(begun)


def _other_option(backout: Backout, step: StepState) -> bool:
    if not step.option:
        return False
    return step.option != (backout.chosen_option or backout.options[0])


def _left(step: StepState, estimate: Estimate, now: datetime) -> Estimate:
    gone = elapsed_s(step, now)
    return Estimate(max(0, estimate.typical_s - gone), max(0, estimate.bad_s - gone))


def finish(backout: Backout, now: datetime) -> datetime | None:
    """When the steps are done if they go on now; None when no open step has an estimate."""
    left = ahead(backout, now)
    return now + timedelta(seconds=left.typical_s) if left.typical_s else None


def deployed_at(backout: Backout) -> datetime | None:
    """When the release was deployed: what was said at the start, else the plan's `deployed: 2026-11-22 01:50 ZONE`."""
    if backout.deployed_at is not None:
        return backout.deployed_at
    return moment(backout.plan.fact("deployed") or "")


def window_closes(backout: Backout) -> datetime | None:
    """The end of the window `2h after deploy`; None when the plan or the time of deployment is not known."""
    deployed = deployed_at(backout)
    match = re.match(r"^(.*?)\s*after\s+deploy", (backout.plan.fact("window") or "").strip(), re.IGNORECASE)
    span = seconds(match[1]) if match else None
    return deployed + timedelta(seconds=span) if deployed is not None and span is not None else None


@once_for_steps
def no_way_back_at(backout: Backout) -> tuple[str, bool] | None:
    """The number of the first step with no way back, and whether it is behind us; one left out untried is none."""
    for step in backout.leaves:
        begun = bool(step.attempts) or step.state not in _UNTRIED
        left_out = step.settled and not begun
        if step.no_way_back is not None and not left_out and not _other_option(backout, step):
            return step.number, begun
    return None


_UNTRIED = (StepStatus.PENDING, StepStatus.SKIPPED, StepStatus.WORKED_AROUND, StepStatus.NOT_NEEDED)
