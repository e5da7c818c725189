"""How long the same commands took in past backouts and rehearsals. Pure.

Two commands are the same if their keys and content hashes are (design.md section 6): another text is another command.
Only runs by the program that ended well have a time. Waiting between steps, steps that a rehearsal only showed, and
runs that failed or were in doubt don't count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from backout_tui.domain.backout.choices import StepKind
from backout_tui.domain.backout.items import StepState
from backout_tui.domain.backout.remembered import once_for_plan
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import AttemptStatus
from backout_tui.domain.plan.plan import Plan
from backout_tui.domain.plan.plan_items import items_of
from backout_tui.domain.spans import Estimate

Known = tuple[str, str]
"""What identifies a command: its item's key and content hash."""
ENOUGH = 3
"""From so many runs on, the longest counts as the bad case; before, the plan's bad case may be worse."""


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """The durations of each command's runs, in milliseconds."""

    durations: Mapping[Known, tuple[int, ...]] = field(default_factory=dict)


NO_PAST = Past()
"""Nothing is known from earlier runs."""


def past_of(backouts: Iterable[Backout]) -> Past:
    """The durations that these backouts and rehearsals recorded."""
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
    """How long the step's own command took each time it ended well, in milliseconds."""
    for attempt in step.attempts:
        if attempt.state is AttemptStatus.DONE and attempt.duration_ms is not None and attempt.command == step.command:
            yield attempt.duration_ms


@once_for_plan
def _known(plan: Plan) -> Mapping[str, Known]:
    """What identifies each command of the plan, by its step's number."""
    commands = (item for item in items_of(plan) if item.kind == "command")
    return {item.label.partition(" ")[2]: (item.key, item.hash) for item in commands}


def planned_or_measured(backout: Backout, step: StepState, past: Past) -> Estimate | None:
    """How long the step takes: from its past runs if there are any, else from the plan; None if nobody knows.

    The typical time is the median of the runs, which one odd night doesn't move. The bad case is the longest run; with
    fewer than ENOUGH runs, the plan's bad case counts if it is worse.
    """
    runs = _runs(backout, step, past) if past.durations else ()
    if not runs:
        return step.estimate
    typical, longest = round(_median(runs) / 1000), round(max(runs) / 1000)
    planned = step.estimate.bad_s if step.estimate is not None and len(runs) < ENOUGH else 0
    return Estimate(typical, max(typical, longest, planned))


def _runs(backout: Backout, step: StepState, past: Past) -> tuple[int, ...]:
    if step.origin != "plan" or step.kind is not StepKind.COMMAND:
        return ()
    known = _known(backout.plan).get(step.number)
    return past.durations.get(known, ()) if known is not None else ()


def _median(runs: Sequence[int]) -> float:
    """The middle run, or the mean of the two in the middle."""
    in_order, half = sorted(runs), len(runs) // 2
    return in_order[half] if len(runs) % 2 else (in_order[half - 1] + in_order[half]) / 2
