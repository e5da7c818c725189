"""The last lines that a command printed: often they say why it failed, so they stand wherever people read of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

LINES = 5
"""How many lines are shown; all that is kept is printed by `backout-tui output`."""
_LONGEST = 300  # characters of a line that are shown

Ends = Mapping[str, Sequence[str]]
"""The last lines of the attempts that did not succeed, by their intent."""
NO_ENDS: Ends = MappingProxyType({})
"""Nothing is known of what was printed."""


def end_of(text: str) -> tuple[str, ...]:
    """The last lines of `text` that are not blank."""
    lines = [line.rstrip() for line in text.rstrip().rsplit("\n", 4 * LINES) if line.strip()]
    return tuple(line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…" for line in lines[-LINES:])
