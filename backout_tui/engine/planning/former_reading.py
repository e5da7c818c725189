"""Plans that were approved when fences were read otherwise: under which approval they stand, and what differs."""

from __future__ import annotations

from backout_tui.domain.plan.fences import READING, read_otherwise
from backout_tui.domain.plan.plan_record import Approval
from backout_tui.engine import plans
from backout_tui.engine.desk import Desk
from backout_tui.engine.planning.exporting import sha256_of
from backout_tui.engine.plans import Found


def approval_now(desk: Desk, found: Found) -> Approval | None:
    """The approval under which a plan would be started; None if its text is not approved, or an item is unconfirmed."""
    if found.revision is not None and not found.approved:
        return None
    return plans.approval_of(desk, found.revision.sha256 if found.revision else sha256_of(found.text))


def read_otherwise_now(desk: Desk, found: Found) -> tuple[str, ...]:
    """In words, what a plan reads otherwise now than when it was approved."""
    approval = approval_now(desk, found)
    if approval is None or approval.reading >= READING:
        return ()
    return tuple(str(one) for one in read_otherwise(found.plan))
