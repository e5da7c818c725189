"""Whether the newest rehearsal used the steps as they are now."""

from __future__ import annotations

import re
from datetime import date

from backout_tui.domain.checking.finding import Finding, finding
from backout_tui.domain.plan.plan import Block, Plan

_PASSED = re.compile(r"(\d{4}-\d\d-\d\d)\b.*\bpassed\b", re.IGNORECASE)


def newest_passed(plan: Plan) -> tuple[date, int] | None:
    """The day and the line of the newest rehearsal that passed, according to the plan; None if there is none."""
    if plan.rehearsals is None:
        return None
    first = plan.rehearsals.body_line or plan.rehearsals.line
    lines = enumerate(plan.rehearsals.body.split("\n"))
    found = [(day, first + at) for at, line in lines if (day := _passed_on(line)) is not None]
    return max(found, default=None)


def is_of_rehearsal(plan: Plan, line: int, number: int) -> bool:
    """Whether the plan's line about a rehearsal was written from rehearsal `number` of this database."""
    if plan.rehearsals is None:
        return False
    first = plan.rehearsals.body_line or plan.rehearsals.line
    said = plan.rehearsals.body.split("\n")
    return 0 <= line - first < len(said) and f"(rehearsal {number}" in said[line - first]


def procedure(plan: Plan) -> tuple[tuple[str, tuple[Block, ...]], ...]:
    """What a rehearsal tries: each step's title and body, in order, without owners and times."""
    return tuple((step.title, step.blocks) for step in plan.every_step())


def stale(rehearsed: str, changed: date, line: int) -> Finding:
    """stale-rehearsal: `rehearsed` says which rehearsal is the newest."""
    text = f"the steps changed on {changed}, after {rehearsed}: rehearse them again, and write down the day"
    return finding("stale-rehearsal", line, "", text)


def _passed_on(line: str) -> date | None:
    match = _PASSED.search(line)
    try:
        return date.fromisoformat(match[1]) if match else None
    except ValueError:  # the 31st of a month that doesn't have one
        return None
