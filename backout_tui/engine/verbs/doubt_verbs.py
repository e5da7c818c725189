"""Declares in doubt, with a reason, what cannot be asked from here, so that nothing waits for ever. contract.md 3."""

from __future__ import annotations

from collections.abc import Sequence

from backout_tui.domain.backout import runs
from backout_tui.domain.backout.events import Draft
from backout_tui.domain.backout.payloads.kinds import ATTEMPTS, EventKind
from backout_tui.domain.backout.runs import Run
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.whereabouts import Reach
from backout_tui.domain.rules import gates
from backout_tui.engine.operator import Operator, Receipt, refuse
from backout_tui.engine.verbs.ids import check_of, message_of, said, step_of
from backout_tui.errors import BackoutError


def step(op: Operator, number: str, reason: str) -> Receipt:
    """Declare in doubt that a step's command is running, or its probe, or both."""
    number = step_of(op.backout, number).number
    return _declare(op, ("step", number), f"step {number}", reason)


def check(op: Operator, letter: str, reason: str) -> Receipt:
    """Declare in doubt that a check is running."""
    letter = check_of(op.backout, letter).id
    return _declare(op, ("check", letter), f"check {letter}", reason)


def message(op: Operator, title: str, reason: str) -> Receipt:
    """Declare in doubt that a message is being sent, for each of its recipients."""
    found = message_of(op.backout, title)
    return _declare(op, ("message", found.id), f"“{found.title}”", reason)


def session(op: Operator, whose: str, reason: str) -> Receipt:
    """Declare the session gone that has the controls: `whose` is its id or its person. Then a reason takes them."""
    reason = said(reason, "the reason")

    def drafts(backout: Backout) -> list[Draft]:
        refuse(gates.why_not_declare_gone(backout, op.holder_in(backout)))
        lease = backout.lease
        assert lease is not None  # the gate refuses where nobody has the controls
        if whose.strip().casefold() not in (lease.actor.name.casefold(), lease.session):
            who = f"{lease.actor.name} has them, in session {lease.session}"
            raise BackoutError(f"{whose} does not have the controls", todo=f"Name who has: {who}.")
        told = {"session": lease.session, "holder": lease.actor.name, "host": lease.actor.host, "reason": reason}
        return [Draft(EventKind.SESSION_DECLARED_GONE, told, lease=backout.leases)]

    return op.append_without_controls(drafts)


def _declare(op: Operator, item: tuple[str, str], what: str, reason: str) -> Receipt:
    reason = said(reason, "the reason")

    def drafts(backout: Backout) -> Sequence[Draft]:
        begun = [run for run in runs.under_way(backout) if run.item == item]
        beyond = [run for run in begun if op.reach_of(run.attempt) in (Reach.AWAY, Reach.CLOSED)]
        if not beyond:
            first = next(iter(begun), None)
            refuse(gates.why_not_declare(backout, first, what, op.reach_of(first.attempt) if first else None))
        return [_draft(run, reason) for run in beyond]

    op.refresh()
    return op.append(drafts)


def _draft(run: Run, reason: str) -> Draft:
    (kind, name), attempt = run.item, run.attempt
    told = {kind: name, "attempt": attempt.number, "of": attempt.intent, "host": attempt.host, "reason": reason}
    return Draft(ATTEMPTS[run.kind].declared, told)
