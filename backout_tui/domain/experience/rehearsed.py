"""What a rehearsal found: whether the plan works, how long steps take, what they print. design.md section 10.

What was tried counts as long as the step says the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from backout_tui.domain.backout.flatten import steps_of
from backout_tui.domain.backout.items import Attempt, StepState
from backout_tui.domain.backout.rehearsing import way_of
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import ATTEMPT, AttemptStatus
from backout_tui.domain.plan.plan import Block, Fact, Part, Plan, Section, Step
from backout_tui.domain.plan.plan_items import PlanItem, items_of
from backout_tui.domain.spans import Estimate, about
from backout_tui.domain.values import replace

LONGEST_EXPECT = 80
"""The longest line offered as `Expect`, in characters: a longer one probably differs the next time."""
_TRIED = ("step", "command")
Output = Callable[[Attempt], str]
"""What an attempt printed, cleaned; "" if nothing was kept."""


class Rehearsal(Struct, frozen=True):
    """A closed rehearsal of a plan. `took_s` is the time from opening to close; `ran` and `shown` count steps.

    `expired` are the labels of the plan's steps and commands that were not rehearsed as they are now.
    """

    backout: int
    at: datetime
    outcome: str
    took_s: int
    where: str
    ran: int
    shown: int
    expired: tuple[str, ...]

    @property
    def counts(self) -> bool:
        """Whether it answers the ninth question: it worked, and the plan says what it said then.

        If nothing ran, it says so, and that is the whole answer.
        """
        return self.outcome == "backed-out" and not self.expired

    @property
    def result(self) -> str:
        """What it proves: passed, or only shown, or the outcome that it had instead."""
        if self.outcome != "backed-out":
            return self.outcome or "no verdict"
        return "passed" if self.ran else "shown, nothing was run,"

    def __str__(self) -> str:
        """`2026-11-18: passed in 24m (rehearsal 3 in staging: 4 run, 6 shown); changed since: step 4`."""
        result = self.result
        where = f" in {self.where}" if self.where else ""
        changed = f"; changed since: {named(self.expired)}" if self.expired else ""
        took = about(self.took_s)
        counted = f"{self.ran} run, {self.shown} shown"
        return f"{self.at:%Y-%m-%d}: {result} in {took} (rehearsal {self.backout}{where}: {counted}){changed}"


def named(labels: Sequence[str]) -> str:
    """The first few names, and how many more there are."""
    return ", ".join(labels) if len(labels) <= 4 else f"{', '.join(labels[:3])} and {len(labels) - 3} more"


def rehearsal_of(backout: Backout, now: Plan) -> Rehearsal | None:
    """What a rehearsal says about the plan as it is `now`; None if it is not closed, or was live."""
    if backout.live or backout.closed_at is None or backout.opened_at is None:
        return None
    tried = {item.key: item.hash for item in items_of(backout.plan) if item.kind in _TRIED}
    current = [item for item in items_of(now) if item.kind in _TRIED]
    return Rehearsal(
        backout=backout.id,
        at=backout.opened_at,
        outcome=backout.verdict.outcome if backout.verdict else "",
        took_s=int((backout.closed_at - backout.opened_at).total_seconds()),
        where=backout.rehearsed_in,
        ran=len(really_run(backout)),
        shown=len(only_shown(backout)),
        expired=tuple(item.label for item in current if tried.get(item.key) != item.hash),
    )


def really_run(backout: Backout) -> list[StepState]:
    """The steps of which a command was run to its end."""
    return [step for step in backout.leaves if any(ATTEMPT[one.state].ended for one in step.attempts)]


def only_shown(backout: Backout) -> list[StepState]:
    """The steps that were shown and never run."""
    shown = [step for step in backout.leaves if any(one.state is AttemptStatus.SHOWN for one in step.attempts)]
    return [step for step in shown if not any(ATTEMPT[one.state].ended for one in step.attempts)]


def gone_through(backout: Backout) -> str:
    """How the steps of a rehearsal were gone through: `2 run, 4 only shown, 1 by hand`."""
    ran, shown = len(really_run(backout)), len(only_shown(backout))
    by_hand = sum(step.settled and not step.attempts for step in backout.leaves)
    return ", ".join(filter(None, (
        f"{ran} run" if ran else "none was run", f"{shown} only shown" if shown else "",
        f"{by_hand} said by hand" if by_hand else "",
    )))  # fmt: skip


class Offer(Struct, frozen=True):
    """What a rehearsal observed of one step, for its plan: an estimate and an expectation, each "" if there is none."""

    number: str
    title: str
    took_s: int
    estimate: str = ""
    expect: str = ""

    def __str__(self) -> str:
        """`took 3m: estimate 3 min; printed “4 removed”`."""
        took = f"took {about(self.took_s)}{f': estimate {self.estimate}' if self.estimate else ''}"
        return f"{took}; printed “{self.expect}”" if self.expect else took


def offers(backout: Backout, output: Output) -> tuple[Offer, ...]:
    """The times and output of steps whose planned command ran, where the plan says nothing or something else."""
    planned = steps_of(backout.plan)
    found = (_offer(backout, step, planned, output) for step in backout.leaves if step.number in planned)
    return tuple(one for one in found if one is not None and (one.estimate or one.expect))


def _offer(backout: Backout, step: StepState, planned: dict[str, StepState], output: Output) -> Offer | None:
    attempt = step.attempt
    if attempt is None or attempt.state is not AttemptStatus.DONE or attempt.duration_ms is None:
        return None
    own = attempt.command == planned[step.number].command and way_of(backout, step).own
    if not own:
        return None
    took_s = math.ceil(attempt.duration_ms / 1000)
    expect = "" if step.expects else _expectation(output(attempt))
    return Offer(step.number, step.title, took_s, _estimate(step.estimate, took_s), expect)


def _estimate(planned: Estimate | None, took_s: int) -> str:
    """The estimate that would have been right; "" if the plan's was."""
    took = _written(took_s)
    if planned is None:
        return took
    if took_s > planned.bad_s:
        return f"{_written(planned.typical_s)} - {took}" if planned.typical_s < took_s else took
    return f"{took} - {_written(planned.bad_s)}" if took_s * 2 < planned.typical_s else ""


def _written(total_s: int) -> str:
    """A duration as plans write it, rounded up: to 5 s below a minute, otherwise to a minute."""
    if total_s <= 55:
        return f"{max(5, 5 * math.ceil(total_s / 5))} s"
    return f"{math.ceil(total_s / 60)} min"


def _expectation(text: str) -> str:
    """The last line that is not blank, if it is short enough to be the same the next time."""
    said = [line.strip() for line in text.splitlines() if line.strip()]
    return said[-1] if said and len(said[-1]) <= LONGEST_EXPECT and "`" not in said[-1] else ""


def taught(plan: Plan, offered: Iterable[Offer], rehearsal: Rehearsal | None) -> Plan:
    """The plan with these observations and a line about the rehearsal; steps that it no longer has are ignored.

    An offer for one of several commands of a step is not added to the text: it has no place of its own there.
    """
    by_number = {one.number: one for one in offered}
    parts = tuple(_taught_part(part, by_number) for part in plan.parts)
    return replace(plan, parts=parts, rehearsals=_with_line(plan.rehearsals, rehearsal))


def _taught_part(part: Part, offered: dict[str, Offer]) -> Part:
    return replace(part, steps=tuple(_taught_step(step, offered) for step in part.steps))


def _taught_step(step: Step, offered: dict[str, Offer]) -> Step:
    children = tuple(_taught_step(child, offered) for child in step.children)
    offer = offered.get(step.number)
    if offer is None:
        return replace(step, children=children)
    return replace(step, children=children, facts=_facts(step, offer), blocks=tuple(_blocks(step, offer)))


def _facts(step: Step, offer: Offer) -> tuple[Fact, ...]:
    if not offer.estimate:
        return step.facts
    others = tuple(fact for fact in step.facts if fact.key != "estimate")
    return (*others, Fact("estimate", offer.estimate))


def _blocks(step: Step, offer: Offer) -> Iterator[Block]:
    for block in step.blocks:
        yield block
        if offer.expect and block is step.commands[-1]:
            yield Block("expect", f"`{offer.expect}`")


def _with_line(section: Section | None, rehearsal: Rehearsal | None) -> Section | None:
    """The section `Rehearsals` with one more line, unless it already has that line."""
    if rehearsal is None:
        return section
    said = str(replace(rehearsal, expired=()))
    before = section or Section("Rehearsals")
    if said in before.items:
        return section
    body = "\n".join(filter(None, (before.body.rstrip(), f"- {said}")))
    return replace(before, body=body, items=(*before.items, said))


def items_taught(before: Plan, after: Plan) -> tuple[PlanItem, ...]:
    """The items of `after` that differ from `before`: a person has to confirm them."""
    known = {item.key: item.hash for item in items_of(before)}
    return tuple(item for item in items_of(after) if known.get(item.key) != item.hash)
