"""A plan's text, to read."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widget import Widget

from backout_tui.ui.sheet import Sheet
from backout_tui.ui.text_view import Line, TextView


class PlanScreen(Sheet):
    """Shows a plan as it was written."""

    def __init__(self, title: str, text: str) -> None:
        """Show `text` under `title`."""
        super().__init__(title)
        self._text = text

    def body(self) -> Iterable[Widget]:
        """Its lines; headings stand out."""
        lines = (Line(line, "strong" if line.startswith("#") else "") for line in self._text.split("\n"))
        yield TextView(lines, classes="-first rows")
