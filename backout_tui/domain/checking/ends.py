"""Whether each command ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from backout_tui.domain.checking.finding import Finding, finding
from backout_tui.domain.checking.passages import Passage
from backout_tui.domain.shell.endless import endless


def about_ends(scripts: Iterable[Passage]) -> Iterator[Finding]:
    """never-ends."""
    for script in scripts:
        for line, what in endless(script.text, script.line or 1):
            text = f"`{what}` does not end by itself: take that off, or put `timeout 60` before it"
            yield finding("never-ends", line if script.line else 0, script.item, text)
