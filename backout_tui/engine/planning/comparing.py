"""Picks what a plan is compared with when nobody names another one."""

from __future__ import annotations

from backout_tui.engine import plans
from backout_tui.engine.desk import Desk
from backout_tui.engine.plans import Found
from backout_tui.errors import BackoutError


def predecessor(desk: Desk, found: Found) -> Found | None:
    """The plan that this one came from: the copied plan as it was then, or else its own previous revision."""
    if found.revision is None:
        return None
    source = found.record.source
    if source is not None and source.plan:
        return _revision(desk, source.plan, source.revision)
    if found.revision.revision > 1:
        return _revision(desk, found.revision.plan_id, found.revision.revision - 1)
    return None


def predecessor_or_error(desk: Desk, found: Found) -> Found:
    """The same; raises BackoutError when there is none."""
    before = predecessor(desk, found)
    if before is None:
        raise BackoutError("this plan was not made from another", where=found.where, todo="Name two plans.")
    return before


def name_of(found: Found) -> str:
    """`plan 3, revision 2`, or the file's name."""
    one = found.revision
    return found.where if one is None else f"plan {one.plan_id}, revision {one.revision}"


def _revision(desk: Desk, plan_id: int, number: int) -> Found | None:
    row = desk.reader.plan_revision(plan_id, number)
    return plans.stored(desk, row) if row is not None else None
