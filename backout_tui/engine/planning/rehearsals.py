"""Whether a stored plan was rehearsed since its steps last changed, and what its rehearsals observed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from backout_tui.domain.backout.fold import number_of
from backout_tui.domain.backout.items import Attempt
from backout_tui.domain.backout.payloads.backout_payloads import Opened
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.checking.check_rehearsals import is_of_rehearsal, newest_passed, procedure, stale
from backout_tui.domain.checking.finding import Finding
from backout_tui.domain.experience import rehearsed
from backout_tui.domain.experience.rehearsed import Offer, Rehearsal
from backout_tui.domain.plan.readiness import Question, questions
from backout_tui.engine import opening
from backout_tui.engine.desk import Desk
from backout_tui.engine.plans import Found
from backout_tui.store.log.rows import PlanRevision

NEWEST = 3
"""How many rehearsals of a plan are read, newest first."""


def asked(desk: Desk, found: Found) -> tuple[Question, ...]:
    """The nine questions; the newest rehearsal in the database that counts also answers the last one.

    What the plan says of a rehearsal is no answer when its steps have changed since.
    """
    counting = [str(one) for one in rehearsals_of(desk, found) if one.counts][:1]
    return questions(found.plan, rehearsed=counting, stale=bool(about_rehearsals(desk, found)))


def rehearsals_of(desk: Desk, found: Found) -> list[Rehearsal]:
    """The newest closed rehearsals of a stored plan, newest first."""
    if found.revision is None:
        return []
    numbers = _rehearsals(desk).get(found.revision.plan_id, ())[-NEWEST:]
    newest_first = opening.readable(desk, (number for _, number in reversed(numbers)))
    done = (rehearsed.rehearsal_of(rehearsal, found.plan) for rehearsal in newest_first)
    return [one for one in done if one is not None]


def offers(desk: Desk, backout: Backout) -> tuple[Offer, ...]:
    """What a rehearsal or a backout observed in its steps, as offers for its plan."""

    def output(attempt: Attempt) -> str:
        kept = desk.reader.blob(attempt.output) if attempt.output else None
        return (kept or b"").decode("utf-8", "replace")

    return rehearsed.offers(backout, output)


def _rehearsals(desk: Desk) -> Mapping[int, Sequence[tuple[int, int]]]:
    """The rehearsals of each plan, in order, as (revision rehearsed, number of the rehearsal)."""
    version = desk.reader.data_version()
    if desk.rehearsals is None or desk.rehearsals[0] != version:
        found: dict[int, list[tuple[int, int]]] = {}
        for first in desk.reader.rehearsals():
            plan = first.says(Opened).plan
            found.setdefault(plan.id, []).append((plan.revision, number_of(first.log)))
        desk.rehearsals = version, {plan: tuple(ones) for plan, ones in found.items()}
    return desk.rehearsals[1]


def about_rehearsals(desk: Desk, found: Found) -> list[Finding]:
    """stale-rehearsal, for a stored plan that was rehearsed, by its own words or in the database."""
    if found.revision is None:
        return []
    passed = newest_passed(found.plan)
    tried = max(_rehearsals(desk).get(found.revision.plan_id, ()), default=None)
    changed = _last_change(desk, found.revision) if passed or tried else None
    if changed is None or (tried and _seen_with(found, tried) >= changed.revision):
        return []
    day = changed.stored_at.date()
    if tried is not None and (passed is None or is_of_rehearsal(found.plan, passed[1], tried[1])):
        return [stale(f"the rehearsal in backout {tried[1]}{_which(desk, found)}", day, passed[1] if passed else 0)]
    return [stale(f"the newest rehearsal of {passed[0]}", day, passed[1])] if passed and passed[0] < day else []


def _seen_with(found: Found, tried: tuple[int, int]) -> int:
    """The revision that this rehearsal speaks of: the one that it ran, or the one with its own observations."""
    revision, number = tried
    folded = (one.made_from + 1 for one in found.record.dealt if one.backout == number and one.made_from)
    return max((revision, *folded))


def _which(desk: Desk, found: Found) -> str:
    """` (step 4, command 4)`: the items that the newest closed rehearsal did not cover in their present form."""
    newest = next(iter(rehearsals_of(desk, found)), None)
    return f" ({rehearsed.named(newest.expired)})" if newest is not None and newest.expired else ""


def _last_change(desk: Desk, newest: PlanRevision) -> PlanRevision | None:
    """The newest revision that changed a step or its commands; None when none has since the first."""
    from backout_tui.planfile.reading.reader import read_plan

    revisions = [one for one in desk.reader.revisions_of(newest.plan_id) if one.revision <= newest.revision]
    now = procedure(read_plan(newest.text))
    for later, earlier in zip(reversed(revisions), reversed(revisions[:-1]), strict=False):
        if procedure(read_plan(earlier.text)) != now:
            return later
    return None
