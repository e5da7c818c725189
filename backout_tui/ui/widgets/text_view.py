"""A text to read and scroll, on Textual's line API; long lines are folded, never cut, so that all can be seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from msgspec import Struct
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from backout_tui.ui.widgets.lines import fit, fold, painted
from backout_tui.ui.widgets.toned import Toned


class Line(Struct, frozen=True):
    """One line; its text may come from outside, and `tone` is a word of the view's style classes."""

    text: str
    tone: str = ""


DIFFERENCE_TONES = {"+ ": "done", "- ": "failed"}
"""The tone for each sign."""


def marked(lines: Iterable[str], indent: str = "") -> list[Line]:
    """The lines of a difference, each in the tone of its sign."""
    return [Line(f"{indent}{line}", DIFFERENCE_TONES.get(line[:2], "")) for line in lines]


def folded(lines: Iterable[Line], width: int) -> list[Line]:
    """`lines` folded to `width` cells; the folded parts keep the indent of their line."""
    result: list[Line] = []
    for line in lines:
        indent = line.text[: len(line.text) - len(line.text.lstrip(" "))]
        if len(indent) > width // 2:
            indent = ""
        parts = fold(line.text[len(indent) :], width - len(indent))
        result.extend(Line(indent + part, line.tone) for part in parts)
    return result


class LineView(ScrollView, Toned, can_focus=True, inherit_bindings=False):
    """Folded lines with the keys to scroll them; subclasses decide what the lines are."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll_lines(-1)", "Up", show=False, priority=True),
        Binding("down,j", "scroll_lines(1)", "Down", show=False, priority=True),
        Binding("pageup", "scroll_pages(-1)", "Page up", show=False, priority=True),
        Binding("pagedown", "scroll_pages(1)", "Page down", show=False, priority=True),
        Binding("home,g", "scroll_home(False)", "Start", show=False, priority=True),
        Binding("end,G", "scroll_end(False)", "End", show=False, priority=True),
    ]
    PREFIX = "line-view"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "line-view--heading",
        "line-view--strong",
        "line-view--dim",
        "line-view--failed",
        "line-view--warning",
        "line-view--done",
    }
    DEFAULT_CSS = """
    LineView {
        overflow: hidden auto;
        scrollbar-size-vertical: 1;
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        """Begin without lines."""
        super().__init__(id=id, classes=classes)
        self._folded: list[Line] = []
        self._width = 0

    def render_line(self, y: int) -> Strip:
        """Paint one line of the view."""
        width = self.scrollable_content_region.width
        if self.fold_to(width):
            self.call_later(self.on_resize)  # the scroll bar came or went, so the text has another length now
        line = self.line_in_view(y)
        return painted([(fit(line.text, width), self.tone(line.tone, self.rich_style))], width)

    def line_in_view(self, y: int) -> Line:
        """The folded line painted at `y`."""
        return self.line_at(y + self.scroll_offset.y)

    def line_at(self, index: int) -> Line:
        """The folded line at `index`; an empty one past the end."""
        return self._folded[index] if 0 <= index < len(self._folded) else Line("")

    def line_count(self) -> int:
        """How many folded lines there are."""
        return len(self._folded)

    def on_resize(self) -> None:
        """Fold to the new width."""
        self.fold_to(self.scrollable_content_region.width)
        self.measure()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's
        """As many lines as the text has at `width`, so that the first picture shows all of it."""
        self.fold_to(width)
        return self.line_count()

    def fold_to(self, width: int) -> bool:
        """Fold everything again if `width` has changed; return whether it has."""
        if width == self._width:
            return False
        self._width = width
        self.fold_all()
        return True

    def fold_all(self) -> None:
        """Fold everything to the current width."""
        raise NotImplementedError

    def measure(self) -> None:
        """Tell Textual how long the text is now."""
        self.virtual_size = Size(0, self.line_count())

    def action_scroll_lines(self, lines: int) -> None:
        """Scroll by `lines`."""
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False)

    def action_scroll_pages(self, pages: int) -> None:
        """Scroll by what is in view, less one line to keep the place."""
        self.action_scroll_lines(pages * max(1, self.scrollable_content_region.height - 1))

    def action_scroll_home(self, animate: bool = False) -> None:  # noqa: ARG002 - Textual's signature
        """Scroll to the start."""
        self.scroll_to(y=0, animate=False)

    def action_scroll_end(self, animate: bool = False) -> None:  # noqa: ARG002 - Textual's signature
        """Scroll to the end."""
        self.scroll_to(y=self.line_count(), animate=False)


class TextView(LineView):
    """Lines that are shown as they are, until `show` replaces them."""

    def __init__(
        self,
        lines: Iterable[Line | str] = (),
        *,
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
    ) -> None:
        """Show `lines` from the start."""
        super().__init__(id=id, classes=classes)
        self._lines = _as_lines(lines)

    def fold_all(self) -> None:
        """Fold everything to the current width."""
        self._folded = folded(self._lines, self._width)

    def show(self, lines: Iterable[Line | str]) -> None:
        """Replace the text."""
        self._lines = _as_lines(lines)
        self.fold_all()
        self.measure()
        self.refresh()


def _as_lines(lines: Iterable[Line | str]) -> Sequence[Line]:
    return [line if isinstance(line, Line) else Line(line) for line in lines]
