"""Hands a plan over to the people who support production, and records who of them accepted it."""

from __future__ import annotations

from backout_tui.domain.backout.events import Draft
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.payloads.plan_payloads import PlanHandOver
from backout_tui.domain.plan.typed import on_one_line
from backout_tui.engine import plans
from backout_tui.engine.desk import Desk
from backout_tui.engine.planning.reviewing import revision_of
from backout_tui.engine.plans import Found
from backout_tui.errors import BackoutError


def hand_over(desk: Desk, found: Found, to: str, accepted_by: str = "") -> PlanHandOver:
    """Record that the newest revision was handed over `to` somebody, and by whom of them it was accepted, if it was.

    Said again for the same revision and the same people, it only adds who accepted it. Raises BackoutError when nobody
    is named, or when the plan is a file.
    """
    revision, to, accepted_by = revision_of(found), on_one_line(to), on_one_line(accepted_by)
    if not to:
        raise BackoutError("the name of the people it is handed over to is missing", todo="Add --to NAME.")
    data = {"revision": revision.revision, "to": to, "accepted_by": accepted_by}
    draft = Draft(EventKind.PLAN_HANDED_OVER, data)
    desk.journal().append(f"plan:{revision.plan_id}", after=0, decide=lambda _: [draft], actor=desk.actor)
    said = plans.stored(desk, revision).record.handed_over
    assert said is not None  # it was just recorded
    return said
