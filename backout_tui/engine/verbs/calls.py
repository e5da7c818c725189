"""Phone calls: made by a person, logged with what came of them, followed up in time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from backout_tui.domain.backout import Backout
from backout_tui.domain.codec import rfc3339
from backout_tui.domain.events import Draft
from backout_tui.engine.operator import Operator, Receipt
from backout_tui.engine.verbs.ids import numbered, said
from backout_tui.errors import BackoutError

RESULTS = ("reached", "voicemail", "no-answer")


def log(op: Operator, name: str, result: str, note: str = "", follow_up: datetime | None = None) -> Receipt:
    """Log a call to `name`; at `follow_up` the Next line asks to call again."""
    name = said(name, "who was called")
    if result not in RESULTS:
        raise BackoutError(f"there is no result {result}", todo=f"It is one of: {', '.join(RESULTS)}.")
    created = ""

    def decide(backout: Backout) -> list[Draft]:
        nonlocal created
        created = numbered("C", [call.id for call in backout.calls])
        data: dict[str, Any] = {"call": created, "name": name, "result": result, "note": note.strip()}
        if follow_up is not None:
            data["follow_up"] = rfc3339(follow_up)
        return [Draft("CallLogged", data)]

    receipt = op.append(decide)
    return Receipt(receipt.event, created, receipt.backout)
