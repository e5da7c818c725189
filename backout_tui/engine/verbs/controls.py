"""The controls: asked for, agreed to or kept, handed over, taken over. contract.md section 6."""

from __future__ import annotations

from dataclasses import replace

from backout_tui.domain import gates
from backout_tui.domain.backout import Backout
from backout_tui.domain.controls import Asking
from backout_tui.domain.events import Draft
from backout_tui.domain.holding import needs_reason
from backout_tui.engine.operator import Operator, Receipt, refuse
from backout_tui.engine.verbs.ids import said
from backout_tui.errors import BackoutError


def take_over(op: Operator, reason: str = "") -> Receipt:
    """Take the controls. From somebody else it needs a reason, unless they gave them; they are not waited for."""
    return op.append_without_controls(lambda backout: _taken(op, backout, reason))


def _taken(op: Operator, backout: Backout, reason: str) -> list[Draft]:
    refuse(gates.why_not_take(backout, mine=op.standing_in(backout).mine))
    if needs_reason(backout, op.actor.name, held=op.why_no_controls_in(backout) is not None):
        said(reason, "the reason")
    drafts, number = op.taking(backout, reason.strip())
    return [replace(draft, lease=number) for draft in drafts]


def ask(op: Operator, why: str = "") -> Receipt:
    """Ask the holder for the controls. It lapses when the dashboard that asks ends, and when anybody takes them."""

    def drafts(backout: Backout) -> list[Draft]:
        lives = op.holder_lives_in(backout)
        refuse(gates.why_not_ask(backout, op.actor.name, op.why_no_controls_in(backout), holder_lives=lives))
        data = {"session": op.begun_session() if op.is_dashboard else ""}
        return [Draft("ControlsAsked", data | ({"why": why.strip()} if why.strip() else {}), lease=backout.leases)]

    return op.append_without_controls(drafts)


def agree(op: Operator) -> Receipt:
    """Give the controls to whoever asked for them last."""

    def drafts(backout: Backout) -> list[Draft]:
        asking = _asking(op, backout)
        return [Draft("ControlsAgreed", {**_answered(asking), "session": asking.session})]

    return op.append(drafts)


def keep(op: Operator) -> Receipt:
    """Keep the controls, and say so to whoever asked for them last."""
    return op.append(lambda backout: [Draft("ControlsKept", _answered(_asking(op, backout)))])


def _asking(op: Operator, backout: Backout) -> Asking:
    asking = op.standing_in(backout).asked_by
    refuse(gates.why_not_answer_asking(asking))
    assert asking is not None
    return asking


def _answered(asking: Asking) -> dict[str, object]:
    return {"asked": asking.event, "to": asking.actor.name}


def hand_over(op: Operator, to: str = "") -> Receipt:
    """Give the controls up: to the person `to`, who takes them without a word; "" for whoever comes."""
    to = to.strip()
    if to == op.actor.name:
        raise BackoutError("you have the controls yourself", todo="Name somebody else, or nobody.")

    def drafts(backout: Backout) -> list[Draft]:
        refuse(gates.why_not_hand_over(backout, op.actor.name))
        return [Draft("ControlsHandedOver", {"to": to})]

    return op.append(drafts)
