"""The controls: asked for, given or kept, handed over, taken over. contract.md section 6."""

from __future__ import annotations

from backout_tui.domain.backout.events import Draft
from backout_tui.domain.backout.holders import Asking, Holder
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.rules import gates
from backout_tui.domain.rules.holding import needs_reason
from backout_tui.domain.values import replace
from backout_tui.engine.operator import Operator, Receipt, refuse
from backout_tui.engine.verbs.ids import said
from backout_tui.errors import BackoutError


def take_over(op: Operator, reason: str = "") -> Receipt:
    """Take the controls. Taking them from somebody else needs a reason, unless they gave them.

    A holder who is there is asked first, and has a minute to answer: Refused until then.
    """
    return op.append_without_controls(lambda backout: _taken(op, backout, reason))


def _taken(op: Operator, backout: Backout, reason: str) -> list[Draft]:
    refuse(gates.why_not_take(backout, op.actor.name, op.standing_in(backout)))
    if needs_reason(backout, op.actor.name, held=op.why_no_controls_in(backout) is not None):
        said(reason, "the reason")
    drafts, number = op.taking(backout, reason.strip())
    return [replace(draft, lease=number) for draft in drafts]


def ask(op: Operator, why: str = "") -> Receipt:
    """Ask the holder for the controls. It lapses when the dashboard that asks ends, and when anybody takes them."""

    def drafts(backout: Backout) -> list[Draft]:
        lives = op.holder_in(backout) in (Holder.LIVES, Holder.AWAY)
        refuse(gates.why_not_ask(backout, op.actor.name, op.why_no_controls_in(backout), holder_lives=lives))
        data = op.begun_session() if op.is_dashboard else {"session": "", "machine": op.desk.here.id}
        return [
            Draft(EventKind.CONTROLS_ASKED, data | ({"why": why.strip()} if why.strip() else {}), lease=backout.leases)
        ]

    return op.append_without_controls(drafts)


def agree(op: Operator) -> Receipt:
    """Give the controls to the person who asked for them last."""

    def drafts(backout: Backout) -> list[Draft]:
        asking = _asking(op, backout)
        return [Draft(EventKind.CONTROLS_AGREED, {**_answered(asking), "session": asking.session})]

    return op.append(drafts)


def keep(op: Operator) -> Receipt:
    """Keep the controls, and tell the person who asked for them last."""
    return op.append(lambda backout: [Draft(EventKind.CONTROLS_KEPT, _answered(_asking(op, backout)))])


def _asking(op: Operator, backout: Backout) -> Asking:
    asking = op.standing_in(backout).asked_by
    refuse(gates.why_not_answer_asking(asking))
    assert asking is not None
    return asking


def _answered(asking: Asking) -> dict[str, object]:
    return {"asked": asking.event, "to": asking.actor.name}


def hand_over(op: Operator, to: str = "") -> Receipt:
    """Give up the controls: to the person `to`, who takes them without asking, or with "" to anybody."""
    to = to.strip()
    if to == op.actor.name:
        raise BackoutError("you have the controls yourself", todo="Name somebody else, or nobody.")

    def drafts(backout: Backout) -> list[Draft]:
        refuse(gates.why_not_hand_over(backout, op.actor.name))
        return [Draft(EventKind.CONTROLS_HANDED_OVER, {"to": to})]

    return op.append(drafts)
