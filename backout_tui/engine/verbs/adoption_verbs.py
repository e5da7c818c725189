"""Makes a copy a database of its own, after a restore or when the file was moved. contract.md section 3."""

from __future__ import annotations

from typing import Any

from backout_tui.domain.backout import fold
from backout_tui.domain.backout.events import Draft, Event
from backout_tui.domain.backout.payloads.kinds import ATTEMPTS, EventKind
from backout_tui.domain.backout.state import Backout
from backout_tui.engine import opening
from backout_tui.engine.operator import Operator, Receipt
from backout_tui.engine.verbs.ids import said
from backout_tui.errors import Refused

_WHY = "it ran when this copy was made, and what became of it is not known here"


def adopt(op: Operator, reason: str) -> Receipt:
    """Go on working in a copy: it gets an id and a spool of its own, and what was running when it was made is in doubt.

    The controls are taken from whoever had them in the original. This is one event, also in a closed backout: until
    then nothing at all is recorded in a copy. Raises Refused when the database is not a copy.
    """
    reason = said(reason, "the reason")
    if not op.desk.reader.is_copy:
        raise Refused("This database is not a copy, so there is nothing to adopt.")

    def drafts(events: list[Event], before: str) -> list[Draft]:
        backout = fold.backout_of(events, log_id=op.log_id)
        number = backout.leases + 1
        data = {**op.begun_session(), "reason": reason, "before": before, "in_doubt": _left_behind(backout)}
        return [Draft(EventKind.DATABASE_ADOPTED, data, lease=number)]

    events = op.desk.journal(adopting=True).adopt(op.log_id, decide=drafts, actor=op.actor)
    op.backout = fold.backout_of(events, log_id=op.log_id)
    return Receipt(events[-1], None, op.backout)


def _left_behind(backout: Backout) -> list[dict[str, Any]]:
    """Every claim without an outcome, on whatever host, as the in-doubt event that it becomes."""
    return [
        {"kind": ATTEMPTS[intent.kind].in_doubt, "intent": intent.event_id, **intent.data, "why": _WHY}
        for intent in opening.open_intents(backout)
    ]
