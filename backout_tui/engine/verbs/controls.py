"""The controls: taken over from somebody else, with a reason. contract.md section 6."""

from __future__ import annotations

from dataclasses import replace

from backout_tui.domain import gates
from backout_tui.domain.backout import Backout
from backout_tui.domain.events import Draft
from backout_tui.engine.operator import Operator, Receipt
from backout_tui.engine.verbs.ids import said
from backout_tui.errors import Refused


def take_over(op: Operator, reason: str) -> Receipt:
    """Take the controls from whoever has them."""
    reason = said(reason, "the reason")
    return op.take_over(lambda backout: _drafts(op, backout, reason))


def _drafts(op: Operator, backout: Backout, reason: str) -> list[Draft]:
    if backout.closed_at is not None:
        raise Refused("This backout is closed. Reopen it with a reason to change it.")
    if gates.why_no_controls(backout, op.actor.name, holder_lives=op.holder_lives_in(backout)) is None:
        lease = backout.lease
        if lease is not None and lease.actor.name == op.actor.name and op.holder_lives_in(backout):
            raise Refused("You have the controls already.")
    drafts, number = op.taking(backout, reason)
    return [replace(draft, lease=number) for draft in drafts]
