"""The clock of a backout: what estimates and past runs say about the time ahead. Pure: `now` is given.

A step takes as long as its past runs did, or else as the plan estimates (`past.py`). What is left is corrected by the
pace of this backout. Steps that name what they wait for run side by side (both `route.py`).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from msgspec import Struct

from backout_tui.domain.backout.choices import DecisionKind, StepKind
from backout_tui.domain.backout.items import CheckState, StepState
from backout_tui.domain.backout.remembered import once_for_steps
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import STEP, AttemptStatus, CheckVerdict, StepStatus
from backout_tui.domain.clock.past import NO_PAST, Past, planned_or_measured
from backout_tui.domain.clock.route import Length, Pace, in_other_option, length, pace, route
from backout_tui.domain.moments import later, moment
from backout_tui.domain.spans import Estimate, seconds

QUIET_S, QUIET_UNKNOWN_S = 120, 300
"""Seconds without output after which a step may be called silent; the second if nothing says how long it takes."""

Silent = Mapping[str, datetime]
"""The running steps that have printed nothing for too long, and since when."""
NOT_SILENT: Silent = MappingProxyType({})
"""No step is silent."""


class Ahead(Struct, frozen=True):
    """The time ahead: seconds of work in the typical and the bad case.

    `unknown` counts the open steps for which nothing says how long they take; `known` the steps and watches with a
    time.
    """

    typical_s: int = 0
    bad_s: int = 0
    unknown: int = 0
    known: int = 0


NOTHING_AHEAD = Ahead()
"""Nothing is left to do."""


# ── one step ──────────────────────────────────────────────────────────────────────────────────────────────────────


def elapsed_s(step: StepState, now: datetime) -> int:
    """Seconds a running step has been running; 0 if it is not running."""
    attempt = step.attempt
    if step.state is not StepStatus.RUNNING or attempt is None:
        return 0
    return max(0, int((now - attempt.started_at).total_seconds()))


def took_s(step: StepState) -> int | None:
    """Seconds that the newest attempt took; None if that is not known."""
    attempt = step.attempt
    return None if attempt is None or attempt.duration_ms is None else attempt.duration_ms // 1000


def is_late(step: StepState, now: datetime) -> bool:
    """Whether a running step has run past its bad-case estimate."""
    return bool(step.estimate) and step.estimate is not None and elapsed_s(step, now) > step.estimate.bad_s


def is_silent(step: StepState, since: datetime, now: datetime) -> bool:
    """Whether a running step has printed nothing for too long: `since` is when it last printed, or when it started.

    Too long is two minutes, or half of its bad-case estimate if that is more; five minutes without an estimate.
    """
    if step.state is not StepStatus.RUNNING:
        return False
    patience = max(QUIET_S, step.estimate.bad_s // 2) if step.estimate is not None else QUIET_UNKNOWN_S
    return (now - since).total_seconds() > patience


# ── the work ahead ────────────────────────────────────────────────────────────────────────────────────────────────


def ahead(backout: Backout, now: datetime, past: Past = NO_PAST) -> Ahead:
    """The work that is left: the longest path through the steps, then the watches of the required checks.

    Watches run side by side in the typical case and one after the other in the bad case.
    """
    if backout.closed_at is not None or (
        backout.decision is not None and backout.decision.kind is not DecisionKind.BACK_OUT
    ):
        return NOTHING_AHEAD
    steps = _steps_ahead(backout, now, past)
    watches = list(_watches(backout))
    return Ahead(
        steps.typical_s + max(watches, default=0),
        steps.bad_s + sum(watches),
        steps.unknown,
        steps.known + len(watches),
    )


def _steps_ahead(backout: Backout, now: datetime, past: Past) -> Ahead:
    """The path through the steps, including what is left of the running ones."""
    expected = expected_times(backout, past)
    running = {step.number: elapsed_s(step, now) for step in backout.leaves_in(StepStatus.RUNNING)}
    speed = _pace(backout, expected, running)
    whole = _whole_way(backout, past, speed)
    left = {
        number: _left(speed.corrected(expected[number]), gone) for number, gone in running.items() if number in expected
    }
    return Ahead(
        whole.typical.with_left({number: one.typical_s for number, one in left.items()}),
        whole.bad.with_left({number: one.bad_s for number, one in left.items()}),
        whole.unknown,
        whole.known,
    )


class _Whole(Struct, frozen=True):
    """The path through the steps, without what is left of the running ones."""

    typical: Length
    bad: Length
    unknown: int
    known: int


@once_for_steps
def _whole_way(backout: Backout, past: Past, speed: Pace) -> _Whole:
    expected, way = expected_times(backout, past), route(backout)
    still_open = [step.number for step, _ in way if not step.settled]
    left = {number: speed.corrected(expected[number]) for number in still_open if number in expected}
    typical = length(way, {number: one.typical_s for number, one in left.items()})
    bad = length(way, {number: one.bad_s for number, one in left.items()})
    return _Whole(typical, bad, len(still_open) - len(left), len(left))


def _left(whole: Estimate, gone: int) -> Estimate:
    return Estimate(max(0, whole.typical_s - gone), max(0, whole.bad_s - gone))


def _pace(backout: Backout, expected: Mapping[str, Estimate], running: Mapping[str, int]) -> Pace:
    """The pace of this backout: from what the program ran to a good end, and what runs longer than expected.

    Running time is counted in tens of seconds, rounded up, so that a plan of ten thousand steps isn't walked every
    second.
    """
    slow = [(-(-gone // 10) * 10, expected[number].typical_s) for number, gone in running.items() if number in expected]
    return pace(_done_well(backout, expected), slow)


def _done_well(backout: Backout, expected: Mapping[str, Estimate]) -> Iterator[tuple[int, int]]:
    for step in backout.leaves_in(StepStatus.DONE):
        if step.attempt is not None and step.attempt.state is AttemptStatus.DONE and step.number in expected:
            yield took_s(step) or 0, expected[step.number].typical_s


@once_for_steps
def expected_times(backout: Backout, past: Past) -> Mapping[str, Estimate]:
    """How long each step takes, before any correction; a step is missing if nothing is known about it.

    A group's estimate covers its parts that have none: they share evenly what the others leave of it.
    """
    found = {
        leaf.number: one for leaf in backout.leaves if (one := planned_or_measured(backout, leaf, past)) is not None
    }
    groups = [step for step in backout.steps.values() if step.kind is StepKind.GROUP and step.estimate is not None]
    if groups:
        parts = _parts(backout)
        for group in reversed(groups):  # the innermost first: its estimate is finer
            assert group.estimate is not None
            found.update(_shares(group.estimate, parts.get(group.number, []), found))
    return found


def _shares(whole: Estimate, parts: list[str], known: Mapping[str, Estimate]) -> Iterator[tuple[str, Estimate]]:
    """The parts without an estimate of their own, each with its share."""
    others = [known[number] for number in parts if number in known]
    typical = max(0, whole.typical_s - sum(one.typical_s for one in others))
    bad = max(typical, whole.bad_s - sum(one.bad_s for one in others))
    open_ones = [number for number in parts if number not in known]
    for place, number in enumerate(open_ones):
        yield number, Estimate((typical + place) // len(open_ones), (bad + place) // len(open_ones))


def _parts(backout: Backout) -> Mapping[str, list[str]]:
    """The numbers of all leaves below each group."""
    found: dict[str, list[str]] = {}
    for leaf in backout.leaves:
        group = leaf.parent
        while group in backout.steps:
            found.setdefault(group, []).append(leaf.number)
            group = backout.steps[group].parent
    return found


def _watches(backout: Backout) -> Iterator[int]:
    """The seconds of each watch that the verdict still needs."""
    for check in backout.checks.values():
        if (
            check.required
            and check.when != "before"
            and check.verdict is not CheckVerdict.PASS
            and (watch := watch_s(check))
        ):
            yield watch


def watch_s(check: CheckState) -> int:
    """How many seconds the plan wants the check watched; 0 if it is looked at once."""
    return _span(check.fact("watch") or "")


@functools.lru_cache(maxsize=256)
def _span(watch: str) -> int:
    return seconds(watch.partition(",")[0]) or 0


def finish(backout: Backout, now: datetime, past: Past = NO_PAST) -> datetime | None:
    """When everything is typically done if work goes on now; None if no time is known for anything ahead."""
    left = ahead(backout, now, past)
    return later(now, left.typical_s) if left.known else None


# ── the window ────────────────────────────────────────────────────────────────────────────────────────────────────


def deployed_at(backout: Backout) -> datetime | None:
    """When the release was deployed, from this backout, or else from the plan's `deployed: 2026-11-22 01:50 ZONE`."""
    if backout.deployed_at is not None:
        return backout.deployed_at
    return moment(backout.plan.fact("deployed") or "")


def window_s(backout: Backout) -> int | None:
    """The seconds of the window `2h after deploy`; None if the plan has no window, or one in another form."""
    match = re.match(r"^(.*?)\s*after\s+(?:the\s+)?deploy", (backout.plan.fact("window") or "").strip(), re.IGNORECASE)
    return seconds(match[1]) if match else None


def window_closes(backout: Backout) -> datetime | None:
    """The end of the window; None if the window or the time of deployment is not known."""
    deployed, span = deployed_at(backout), window_s(backout)
    return later(deployed, span) if deployed is not None and span is not None else None


def needs_deployment(backout: Backout) -> bool:
    """Whether the window counts from a deployment, and nobody has said when that was."""
    return window_s(backout) is not None and deployed_at(backout) is None


# ── the point of no return ────────────────────────────────────────────────────────────────────────────────────────


@once_for_steps
def no_way_back_at(backout: Backout) -> tuple[str, bool] | None:
    """The number of the first step with no way back, and whether it is behind us; skips steps left out untried."""
    for step in backout.leaves:
        begun = step.has_run or STEP[step.state].tried
        left_out = step.settled and not begun
        if step.no_way_back is not None and not left_out and not in_other_option(backout, step):
            return step.number, begun
    return None
