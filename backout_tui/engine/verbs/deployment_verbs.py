"""When the release was deployed: recorded when the program asks for it, or corrected."""

from __future__ import annotations

from datetime import datetime

from backout_tui.domain.backout.events import Draft
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.codec import rfc3339
from backout_tui.domain.rules import gates
from backout_tui.engine.operator import Operator, Receipt, refuse


def say(op: Operator, when: datetime | None) -> Receipt:
    """Record when the release was deployed; None: the person doesn't know, and the program won't ask again."""

    def drafts(_: Backout) -> list[Draft]:
        refuse(gates.why_not_deployed_at(when, op.desk.clock.now()))
        return [Draft(EventKind.DEPLOYED_AT_SET, {"deployed_at": rfc3339(when)} if when is not None else {})]

    return op.append(drafts)
