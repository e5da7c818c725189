"""The lines of a difference: what is gone and what is new, told by their signs, and by a tone beside it. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from backout_tui.ui.text_view import Line

TONES = {"+ ": "done", "- ": "failed"}
"""The tone that goes with a sign."""


def marked(lines: Iterable[str], indent: str = "") -> list[Line]:
    """The lines of a difference, each in the tone of its sign."""
    return [Line(f"{indent}{line}", TONES.get(line[:2], "")) for line in lines]
