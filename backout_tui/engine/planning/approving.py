"""Approves a plan, after the check has looked at it."""

from __future__ import annotations

from backout_tui.domain.checking.finding import Checked
from backout_tui.engine import plans
from backout_tui.engine.desk import Desk
from backout_tui.engine.planning.checking import check
from backout_tui.engine.planning.reviewing import revision_of
from backout_tui.engine.plans import Found


def errors_of(checked: Checked) -> tuple[str, ...]:
    """Each error that was found and is not silenced, by rule and item: `other-version at step 2`."""
    errors = (one for one in checked.findings if one.severity == "error")
    return tuple(dict.fromkeys(f"{one.rule} at {one.item}" if one.item else one.rule for one in errors))


def approve(desk: Desk, found: Found, by: str, reason: str = "") -> tuple[str, ...]:
    """Record that `by` approved exactly this text; returns the errors that `reason` lifted.

    Raises Refused for errors without a reason, and while something in it is unconfirmed; BackoutError for a file.
    """
    revision = revision_of(found)
    errors = errors_of(check(desk, found))
    plans.approve(desk, revision, by, errors=errors, reason=reason)
    return errors
