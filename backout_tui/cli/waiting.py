"""`--wait`: until what was begun is over, and whether it went well."""

from __future__ import annotations

import time

from backout_tui.domain.backout import Backout
from backout_tui.domain.events import Event
from backout_tui.domain.items import Attempt
from backout_tui.engine.operator import Operator, Receipt

INTERVAL_S = 0.05
_INTENTS = ("StepStarted", "CheckStarted", "ProbeStarted", "MessageSending")


def until_over(op: Operator, receipt: Receipt, before: int) -> tuple[Receipt, bool]:
    """Wait for the outcomes of what the verb began, all of it behind event `before`; the receipt of the last outcome.

    Raises BackoutError when the database cannot be read or written meanwhile: what was begun goes on.
    """
    begun = _begun(op, receipt, before)
    if not begun:
        return receipt, True
    while any(_open(op.backout, one) for one in begun):
        time.sleep(INTERVAL_S)
        op.refresh()
    intents = {one.event_id for one in begun}
    outcomes = [one for one in op.events(before) if one.data.get("intent") in intents]
    last = Receipt(outcomes[-1] if outcomes else receipt.event, receipt.created, op.backout)
    return last, all(_went_well(op.backout, one) for one in begun)


def _begun(op: Operator, receipt: Receipt, before: int) -> list[Event]:
    last = receipt.event
    if last is None or last.kind not in _INTENTS:
        return []
    return [
        one
        for one in op.events(before)
        if one.seq <= last.seq and one.kind == last.kind and one.lease == last.lease and one.actor == last.actor
    ]


def _open(backout: Backout, event: Event) -> bool:
    if event.kind == "MessageSending":
        return backout.messages[event.data["message"]].sending == event.event_id
    return _attempt(backout, event).state == "running"


def _went_well(backout: Backout, event: Event) -> bool:
    if event.kind == "MessageSending":
        return backout.messages[event.data["message"]].state == "sent"
    return _attempt(backout, event).state == "done"


def _attempt(backout: Backout, event: Event) -> Attempt:
    data = event.data
    if event.kind == "ProbeStarted":
        attempts = backout.steps[data["step"]].probes
    else:
        attempts = backout.steps[data["step"]].attempts if "step" in data else backout.checks[data["check"]].attempts
    return next(one for one in attempts if one.intent == event.event_id)
