"""When the release was deployed: said once it is asked for, or corrected."""

from __future__ import annotations

from datetime import datetime

from backout_tui.domain import gates
from backout_tui.domain.backout import Backout
from backout_tui.domain.codec import rfc3339
from backout_tui.domain.events import Draft
from backout_tui.engine.operator import Operator, Receipt, refuse


def say(op: Operator, when: datetime | None) -> Receipt:
    """Say when the release was deployed; None: whoever was asked does not know, and nobody is asked again."""

    def drafts(_: Backout) -> list[Draft]:
        refuse(gates.why_not_deployed_at(when, op.desk.clock.now()))
        return [Draft("DeployedAtSet", {"deployed_at": rfc3339(when)} if when is not None else {})]

    return op.append(drafts)
