"""`--wait`: waits until what the verb started has ended, and tells whether it went well."""

from __future__ import annotations

import time

from backout_tui.domain.backout.events import Event
from backout_tui.domain.backout.items import Attempt
from backout_tui.domain.backout.payload import Ending
from backout_tui.domain.backout.payloads.kinds import ATTEMPTS, ENDINGS, EventKind
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import AttemptStatus, MessageStatus
from backout_tui.engine.operator import Operator, Receipt

INTERVAL_S = 0.05


def until_over(op: Operator, receipt: Receipt, before: int) -> tuple[Receipt, bool]:
    """Wait for everything that the verb started after event `before`; return the last outcome's receipt, and success.

    Raises BackoutError when the database becomes unreadable or unwritable meanwhile; what was started goes on.
    """
    begun = _begun(op, receipt, before)
    if not begun:
        return receipt, True
    while any(_open(op.backout, one) for one in begun):
        time.sleep(INTERVAL_S)
        op.refresh()
    intents = {one.event_id for one in begun}
    outcomes = [one for one in op.events(before) if one.kind in ENDINGS and one.says(Ending).intent in intents]
    last = Receipt(outcomes[-1] if outcomes else receipt.event, receipt.created, op.backout)
    return last, all(_went_well(op.backout, one) for one in begun)


def _begun(op: Operator, receipt: Receipt, before: int) -> list[Event]:
    last = receipt.event
    if last is None or last.kind not in ATTEMPTS:
        return []
    return [
        one
        for one in op.events(before)
        if one.seq <= last.seq and one.kind == last.kind and one.lease == last.lease and one.actor == last.actor
    ]


def _open(backout: Backout, event: Event) -> bool:
    if event.kind == EventKind.MESSAGE_SENDING:
        return backout.messages[event.claim.message].sending == event.event_id
    return _attempt(backout, event).state is AttemptStatus.RUNNING


def _went_well(backout: Backout, event: Event) -> bool:
    if event.kind == EventKind.MESSAGE_SENDING:
        return backout.messages[event.claim.message].state is MessageStatus.SENT
    return _attempt(backout, event).state is AttemptStatus.DONE


def _attempt(backout: Backout, event: Event) -> Attempt:
    claim = event.claim
    if event.kind == EventKind.PROBE_STARTED:
        attempts = backout.steps[claim.step].probes
    else:
        attempts = backout.steps[claim.step].attempts if claim.step else backout.checks[claim.check].attempts
    return next(one for one in attempts if one.intent == event.event_id)
