"""Whether a stored plan was rehearsed since its steps last changed, and what its rehearsals found out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from backout_tui.domain import rehearsed
from backout_tui.domain.backout import Backout
from backout_tui.domain.checking.finding import Finding
from backout_tui.domain.checking.rehearsals import newest_passed, procedure, stale
from backout_tui.domain.fold import number_of
from backout_tui.domain.items import Attempt
from backout_tui.domain.readiness import Question, questions
from backout_tui.domain.rehearsed import Offer, Rehearsal
from backout_tui.engine import opening
from backout_tui.engine.desk import Desk
from backout_tui.engine.plans import Found
from backout_tui.store.rows import PlanRevision

NEWEST = 3
"""How many rehearsals of a plan are looked at, the newest first."""


def asked(desk: Desk, found: Found) -> tuple[Question, ...]:
    """The nine questions; the last is also answered by the newest rehearsal in the database that counts."""
    return questions(found.plan, rehearsed=[str(one) for one in rehearsals_of(desk, found) if one.counts][:1])


def rehearsals_of(desk: Desk, found: Found) -> list[Rehearsal]:
    """The newest closed rehearsals of a stored plan, the newest first."""
    if found.revision is None:
        return []
    numbers = _rehearsals(desk).get(found.revision.plan_id, ())[-NEWEST:]
    done = (rehearsed.rehearsal_of(opening.recorded(desk, number), found.plan) for _, number in reversed(numbers))
    return [one for one in done if one is not None]


def offers(desk: Desk, backout: Backout) -> tuple[Offer, ...]:
    """What a rehearsal, or a backout, observed of its steps, for its plan."""

    def output(attempt: Attempt) -> str:
        kept = desk.reader.blob(attempt.output) if attempt.output else None
        return (kept or b"").decode("utf-8", "replace")

    return rehearsed.offers(backout, output)


def _rehearsals(desk: Desk) -> Mapping[int, Sequence[tuple[int, int]]]:
    """By plan: the revision that each of its rehearsals was of, and the rehearsal's number, in order."""
    version = desk.reader.data_version()
    if desk.rehearsals is None or desk.rehearsals[0] != version:
        found: dict[int, list[tuple[int, int]]] = {}
        for first in desk.reader.rehearsals():
            plan = first.data["plan"]
            found.setdefault(plan["id"], []).append((plan["revision"], number_of(first.log)))
        desk.rehearsals = version, {plan: tuple(ones) for plan, ones in found.items()}
    return desk.rehearsals[1]


def about_rehearsals(desk: Desk, found: Found) -> list[Finding]:
    """stale-rehearsal: of a stored plan that was rehearsed, in its own words or as a rehearsal in the database."""
    if found.revision is None:
        return []
    passed = newest_passed(found.plan)
    tried = max(_rehearsals(desk).get(found.revision.plan_id, ()), default=None)
    changed = _last_change(desk, found.revision) if passed or tried else None
    if changed is None or (tried and tried[0] >= changed.revision):
        return []
    day = changed.stored_at.date()
    if passed is None:
        assert tried is not None
        return [stale(f"the rehearsal in backout {tried[1]}{_which(desk, found)}", day, 0)]
    return [stale(f"the newest rehearsal of {passed[0]}", day, passed[1])] if passed[0] < day else []


def _which(desk: Desk, found: Found) -> str:
    """` (step 4, command 4)`: what the newest rehearsal that was closed did not cover as it is now."""
    newest = next(iter(rehearsals_of(desk, found)), None)
    return f" ({rehearsed.named(newest.expired)})" if newest is not None and newest.expired else ""


def _last_change(desk: Desk, newest: PlanRevision) -> PlanRevision | None:
    """The revision that last changed a step or its commands; None when none did since the first."""
    from backout_tui.planfile.reader import read_plan

    revisions = [one for one in desk.reader.revisions_of(newest.plan_id) if one.revision <= newest.revision]
    now = procedure(read_plan(newest.text))
    for later, earlier in zip(reversed(revisions), reversed(revisions[:-1]), strict=False):
        if procedure(read_plan(earlier.text)) != now:
            return later
    return None
