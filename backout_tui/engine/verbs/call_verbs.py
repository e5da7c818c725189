"""Phone calls that a person makes: logged with their result, and followed up in time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from backout_tui.domain.backout.events import Draft
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.codec import rfc3339
from backout_tui.engine.operator import Operator, Receipt
from backout_tui.engine.verbs.ids import numbered, said, stranger
from backout_tui.engine.verbs.table.people_table import RESULTS
from backout_tui.errors import BackoutError


def log(op: Operator, name: str, result: str, note: str = "", follow_up: datetime | None = None) -> Receipt:
    """Log a call to `name`; at `follow_up` the Next line asks for another call."""
    name = said(name, "who was called")
    if result not in RESULTS:
        raise BackoutError(f"there is no result {result}", todo=f"It is one of: {', '.join(RESULTS)}.")
    created = ""

    def decide(backout: Backout) -> list[Draft]:
        nonlocal created
        created = numbered("C", [call.id for call in backout.calls])
        data: dict[str, Any] = {"call": created, "name": name, "result": result, "note": note.strip()}
        data |= stranger(backout, name, op.actor.name)
        if follow_up is not None:
            data["follow_up"] = rfc3339(follow_up)
        return [Draft(EventKind.CALL_LOGGED, data)]

    receipt = op.append(decide)
    return Receipt(receipt.event, created, receipt.backout)
