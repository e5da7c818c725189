"""Shows text from outside safely: one function makes it content, and a last wall stands before the terminal."""

from __future__ import annotations

from functools import lru_cache

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.color import Color
from textual.content import Content
from textual.filter import LineFilter
from textual.style import Style

from backout_tui.domain.text import clean, clean_line
from backout_tui.ui.widgets.glyphs import in_ascii


def shown(text: str, style: Style | str = "") -> Content:
    """Return `text` from outside as one line for a widget: controls are made visible, and markup is never read."""
    return Content.styled(clean_line(text), style)


def shown_lines(text: str, style: Style | str = "") -> Content:
    """Do the same for text of several lines: line breaks stay, tabs become spaces."""
    return Content.styled(clean(text).expandtabs(4), style)


class LastWall(LineFilter):
    """Keeps every control character in a line from the terminal, whatever a widget let through.

    It also removes the colours (`colour=False`, for NO_COLOR) and draws in ASCII (`ascii_only`), because both must hold
    for every widget. A line never grows: if a control became visible, the end of the line is cut.
    """

    def __init__(self, *, ascii_only: bool = False, colour: bool = True) -> None:
        """Build the wall once per app: Textual caches its results by identity."""
        super().__init__()
        self.ascii_only, self.colour = ascii_only, colour

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's signature
        """Return the same line, inert; control segments are left out, because no widget's line needs one."""
        inert = [Segment(self._safe(text), self._style(style)) for text, style, control in segments if not control]
        before = sum(segment.cell_length for segment in segments)
        if sum(segment.cell_length for segment in inert) == before:
            return inert
        return Segment.adjust_line_length(inert, before)

    def _safe(self, text: str) -> str:
        line = clean_line(text)
        return in_ascii(line) if self.ascii_only else line

    def _style(self, style: RichStyle | None) -> RichStyle | None:
        return style if style is None or self.colour else _colourless(style)


@lru_cache(1024)
def _colourless(style: RichStyle) -> RichStyle:
    return style.without_color
