"""Notes, and reasons that get completed later."""

from __future__ import annotations

from backout_tui.domain.backout.events import Draft
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.state import Backout
from backout_tui.engine.operator import Operator, Receipt
from backout_tui.engine.verbs.ids import said
from backout_tui.errors import BackoutError


def add(op: Operator, text: str) -> Receipt:
    """Write a note into the log."""
    text = said(text, "the note")
    return op.append(lambda _: [Draft(EventKind.NOTE_ADDED, {"text": text})])


def complete_reason(op: Operator, seq: int, text: str) -> Receipt:
    """Complete the reason of event `seq`; the original words stay in the log beside it."""
    text = said(text, "the reason")

    def decide(backout: Backout) -> list[Draft]:
        if not 0 < seq <= backout.seq:
            raise BackoutError(f"there is no event {seq}", todo=f"The log has {backout.seq} events.")
        return [Draft(EventKind.REASON_COMPLETED, {"event": seq, "reason": text})]

    return op.append(decide)
