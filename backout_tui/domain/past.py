"""How long the same commands took in past backouts and rehearsals. Pure.

A command is the same when its key and its content hash are (design.md section 6): another text is another command. Only
what the program itself ran to a good end was timed: waiting between steps, what a rehearsal only showed, what failed or
was in doubt is no duration.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from backout_tui.domain.backout import Backout
from backout_tui.domain.items import StepState
from backout_tui.domain.plan import Plan
from backout_tui.domain.plan_items import items_of
from backout_tui.domain.remembered import once_for_plan
from backout_tui.domain.spans import Estimate

Known = tuple[str, str]
"""What a command is known by: its item's key and content hash."""
ENOUGH = 3
"""Runs from which on the longest of them counts as the bad case; before, the plan's bad case may be worse."""


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """Durations in milliseconds, each command's by what it is known by."""

    durations: Mapping[Known, tuple[int, ...]] = field(default_factory=dict)


NO_PAST = Past()
"""Nothing is known from before."""


def past_of(backouts: Iterable[Backout]) -> Past:
    """What these backouts and rehearsals tell."""
    found: dict[Known, tuple[int, ...]] = {}
    for backout in backouts:
        for known, duration_ms in _durations(backout):
            found[known] = (*found.get(known, ()), duration_ms)
    return Past(found)


def _durations(backout: Backout) -> Iterator[tuple[Known, int]]:
    known = _known(backout.plan)
    for step in backout.leaves:
        if step.number in known and step.origin == "plan":
            yield from ((known[step.number], took) for took in _good_runs(step))


def _good_runs(step: StepState) -> Iterator[int]:
    """How long the step's own command took whenever it ended well, in milliseconds."""
    for attempt in step.attempts:
        if attempt.state == "done" and attempt.duration_ms is not None and attempt.command == step.command:
            yield attempt.duration_ms


@once_for_plan
def _known(plan: Plan) -> Mapping[str, Known]:
    """What each command of the plan is known by, by its step's number."""
    commands = (item for item in items_of(plan) if item.kind == "command")
    return {item.label.partition(" ")[2]: (item.key, item.hash) for item in commands}


def planned_or_measured(backout: Backout, step: StepState, past: Past) -> Estimate | None:
    """How long the step takes: by its past runs when there are any, else as the plan says; None when nobody knows.

    Typical is the median of the runs, which one odd night does not move. Bad is the longest; while there are fewer
    than ENOUGH, the plan's bad case counts when it is worse.
    """
    runs = _runs(backout, step, past) if past.durations else ()
    if not runs:
        return step.estimate
    typical, longest = round(_median(runs) / 1000), round(max(runs) / 1000)
    planned = step.estimate.bad_s if step.estimate is not None and len(runs) < ENOUGH else 0
    return Estimate(typical, max(typical, longest, planned))


def _runs(backout: Backout, step: StepState, past: Past) -> tuple[int, ...]:
    if step.origin != "plan" or step.kind != "command":
        return ()
    known = _known(backout.plan).get(step.number)
    return past.durations.get(known, ()) if known is not None else ()


def _median(runs: Sequence[int]) -> float:
    """The one in the middle; of two there, what lies between them."""
    in_order, half = sorted(runs), len(runs) // 2
    return in_order[half] if len(runs) % 2 else (in_order[half - 1] + in_order[half]) / 2
