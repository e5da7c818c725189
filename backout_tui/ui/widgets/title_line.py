"""The rule above a list or a text: its name on the left, its counts on the right."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from textual.strip import Strip

from backout_tui.domain.text import clean_line
from backout_tui.ui.widgets.lines import fit, painted
from backout_tui.ui.widgets.toned import Toned


def title_line(title: str, counts: str, width: int, *, framed: bool) -> str:
    """`─ title ──────── counts ─` on `width` cells; framed, it ends in the corners of a box."""
    left, right = ("┌ ", "┐") if framed else ("─ ", "─")
    name, said = clean_line(title), clean_line(counts)
    end = f" {said} {right}" if said else right
    rule = width - cell_len(left) - cell_len(name) - cell_len(end) - 1
    if rule < 1:
        return left + fit(name, max(0, width - 4)) + f" {right}"
    return f"{left}{name} {'─' * rule}{end}"


class TitleLine(Toned):
    """One line: a name and counts, with corners while the part below it is open."""

    DEFAULT_CSS = """
    TitleLine {
        height: 1;
    }
    """
    PREFIX = "title-line"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"title-line--warning"}

    def __init__(self, title: str = "") -> None:
        """Begin without counts."""
        super().__init__()
        self._said: tuple[str, str, str] = (title, "", "")
        self.framed = False

    def say(self, title: str, counts: str, tone: str = "") -> None:
        """Show another title or other counts."""
        if (title, counts, tone) != self._said:
            self._said = (title, counts, tone)
            self.refresh()

    def frame(self, *, framed: bool) -> None:
        """Draw the corners of a box, or a plain rule."""
        if framed != self.framed:
            self.framed = framed
            self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - there is one line only
        """Paint the line."""
        title, counts, tone = self._said
        width = self.size.width
        style = self.tone(tone, self.rich_style)
        return painted([(title_line(title, counts, width, framed=self.framed), style)], width)
