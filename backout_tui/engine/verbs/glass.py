"""Breaking the glass: an event of its own, and a prepared message to the authoriser. contract.md section 5."""

from __future__ import annotations

from backout_tui.domain.backout.events import Draft
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.plan.authorisers import authorisers
from backout_tui.engine.verbs.ids import numbered, said

TEXT = """Subject: Break-glass in {release}

The glass was broken in the backout of {release} in {environment}.

What: %s
Why: %s
By: {operator}

Problems: {problems}
"""


def broken(backout: Backout, what: str, reason: str) -> list[Draft]:
    """The drafts that go before the verb's own: the break-glass, and the message that a person sends."""
    reason = said(reason, "the reason for breaking the glass")
    drafts = [Draft(EventKind.GLASS_BROKEN, {"what": what, "reason": reason})]
    names = authorisers(backout.plan)
    if names:
        message = numbered("M", backout.messages)
        literal = (what.replace("{", "("), reason.replace("{", "("))
        data = {
            "message": message,
            "title": f"Break-glass {len(backout.glass) + 1}: {what}",
            "to": [names[0]],
            "by": "email",
            "text": TEXT % literal,
            "origin": "prepared",
        }
        drafts.append(Draft(EventKind.MESSAGE_WRITTEN, data))
    return drafts
