"""`until: every 10 s, at most 10 min`: a command is repeated until it succeeds. contract.md section 7."""

from __future__ import annotations

import re

from msgspec import Struct

from backout_tui.domain.plan.plan import WithFacts
from backout_tui.domain.spans import in_words, seconds

UNTIL = "until"
FORM = "`every 10 s, at most 10 min`"
_UNTIL = re.compile(r"every\s+(.+?)\s*,?\s+(?:for\s+)?at\s+most\s+(.+)", re.IGNORECASE)


class Until(Struct, frozen=True):
    """How often a command is tried and for how long: seconds from the start of one try to the next, and in total."""

    every_s: int
    at_most_s: int

    def __str__(self) -> str:
        """`every 10 s, at most 10 min`."""
        return f"every {in_words(self.every_s)}, at most {in_words(self.at_most_s)}"


def until(text: str) -> Until | None:
    """The parsed `text`, or None if it cannot be read. The interval is at least 1 s and at most the total."""
    match = _UNTIL.fullmatch(text.strip())
    every, at_most = (seconds(match[1]), seconds(match[2])) if match else (None, None)
    if every is None or at_most is None or not 1 <= every <= at_most:
        return None
    return Until(every, at_most)


def until_of(step: WithFacts) -> Until | None:
    """The step's `until`; None if it has none, or one that cannot be read (`why_not_read`)."""
    return until(step.fact(UNTIL) or "")


def why_not_read(step: WithFacts) -> str:
    """What is wrong with the step's `until`; "" if nothing is."""
    text = step.fact(UNTIL)
    if text is None or until(text) is not None:
        return ""
    return f"`until: {text}` cannot be read: write {FORM}"
