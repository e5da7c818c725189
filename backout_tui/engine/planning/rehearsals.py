"""Whether a stored plan was rehearsed since its steps last changed."""

from __future__ import annotations

from backout_tui.domain.checking.finding import Finding
from backout_tui.domain.checking.rehearsals import newest_passed, procedure, stale
from backout_tui.domain.fold import number_of
from backout_tui.engine.desk import Desk
from backout_tui.engine.plans import Found
from backout_tui.store.rows import PlanRevision


def about_rehearsals(desk: Desk, found: Found) -> list[Finding]:
    """stale-rehearsal: of a stored plan that was rehearsed, in its own words or as a rehearsal in the database."""
    if found.revision is None:
        return []
    passed = newest_passed(found.plan)
    tried = _rehearsed(desk, found.revision.plan_id)
    changed = _last_change(desk, found.revision) if passed or tried else None
    if changed is None or (tried and tried[0] >= changed.revision):
        return []
    day = changed.stored_at.date()
    if passed is None:
        assert tried is not None
        return [stale(f"the rehearsal in backout {tried[1]}", day, 0)]
    return [stale(f"the newest rehearsal of {passed[0]}", day, passed[1])] if passed[0] < day else []


def _rehearsed(desk: Desk, plan_id: int) -> tuple[int, int] | None:
    """The newest revision that was rehearsed here, and the backout that did it; None when none was."""
    firsts = [one for one in desk.reader.first_events("backout:") if one.data.get("mode") == "rehearsal"]
    found = ((one.data["plan"], number_of(one.log)) for one in firsts)
    return max(((plan["revision"], number) for plan, number in found if plan["id"] == plan_id), default=None)


def _last_change(desk: Desk, newest: PlanRevision) -> PlanRevision | None:
    """The revision that last changed a step or its commands; None when none did since the first."""
    from backout_tui.planfile.reader import read_plan

    revisions = [one for one in desk.reader.revisions_of(newest.plan_id) if one.revision <= newest.revision]
    now = procedure(read_plan(newest.text))
    for later, earlier in zip(reversed(revisions), reversed(revisions[:-1]), strict=False):
        if procedure(read_plan(earlier.text)) != now:
            return later
    return None
