"""`until: every 10 s, at most 10 min`: a command is run again and again until it is true. contract.md section 7."""

from __future__ import annotations

import re
from dataclasses import dataclass

from backout_tui.domain.plan import WithFacts
from backout_tui.domain.spans import seconds

UNTIL = "until"
FORM = "`every 10 s, at most 10 min`"
_UNTIL = re.compile(r"every\s+(.+?)\s*,?\s+(?:for\s+)?at\s+most\s+(.+)", re.IGNORECASE)
_UNITS = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))


@dataclass(frozen=True, slots=True)
class Until:
    """How often a command is tried, and for how long: seconds from one try's beginning to the next, and in all."""

    every_s: int
    at_most_s: int

    def __str__(self) -> str:
        """`every 10 s, at most 10 min`."""
        return f"every {in_words(self.every_s)}, at most {in_words(self.at_most_s)}"


def until(text: str) -> Until | None:
    """What `text` says, or None when it cannot be read; an interval is a second at least, and no longer than all."""
    match = _UNTIL.fullmatch(text.strip())
    every, at_most = (seconds(match[1]), seconds(match[2])) if match else (None, None)
    if every is None or at_most is None or not 1 <= every <= at_most:
        return None
    return Until(every, at_most)


def until_of(step: WithFacts) -> Until | None:
    """The step's own; None when it says none, or what cannot be read (`why_not_read`)."""
    return until(step.fact(UNTIL) or "")


def why_not_read(step: WithFacts) -> str:
    """What is wrong with the step's `until`; "" when nothing is."""
    text = step.fact(UNTIL)
    if text is None or until(text) is not None:
        return ""
    return f"`until: {text}` cannot be read: write {FORM}"


def in_words(total_s: int) -> str:
    """A span as plans write it: `90 s`, `10 min`, `1 h 30 min`."""
    if 60 < total_s < 120:
        return f"{total_s} s"
    words = []
    for size, unit in _UNITS:
        count, total_s = divmod(total_s, size)
        words += [f"{count} {unit}"] if count else []
    return " ".join(words) or "0 s"
