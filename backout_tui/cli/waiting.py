"""`--wait`: until what was begun is over, and whether it went well."""

from __future__ import annotations

import time

from backout_tui.domain.backout import Backout
from backout_tui.domain.events import Event
from backout_tui.engine.operator import Operator, Receipt

INTERVAL_S = 0.05


def until_over(op: Operator, receipt: Receipt) -> tuple[Receipt, bool]:
    """Wait for the outcomes of all that runs or is being sent by this verb; the receipt of the last outcome."""
    event = receipt.event
    if event is None or not _is_intent(event):
        return receipt, _good(receipt.backout, event)
    while _open(op.refresh(), event):
        time.sleep(INTERVAL_S)
    outcome = op.events(event.seq)
    last = next((one for one in outcome if one.data.get("intent") == event.event_id), event)
    return Receipt(last, receipt.created, op.backout), _good(op.backout, event)


def _is_intent(event: Event) -> bool:
    return event.kind in ("StepStarted", "CheckStarted", "MessageSending")


def _open(backout: Backout, event: Event) -> bool:
    data = event.data
    if event.kind == "StepStarted":
        attempts = backout.steps[data["step"]].attempts
        return any(one.intent == event.event_id and one.state == "running" for one in attempts)
    if event.kind == "CheckStarted":
        return any(check.running for check in backout.checks.values())
    return backout.messages[data["message"]].sending == event.event_id


def _good(backout: Backout, event: Event | None) -> bool:
    if event is None:
        return True
    data = event.data
    if event.kind == "StepStarted":
        attempt = next(one for one in backout.steps[data["step"]].attempts if one.intent == event.event_id)
        return attempt.state == "done"
    if event.kind == "CheckStarted":
        return all(check.verdict == "pass" for check in backout.checks.values() if check.attempts)
    if event.kind == "MessageSending":
        return backout.messages[data["message"]].state == "sent"
    return True
