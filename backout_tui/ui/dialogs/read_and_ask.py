"""A dialog that shows a longer text and asks below it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.fields import Field
from backout_tui.ui.widgets.inert import shown_lines
from backout_tui.ui.widgets.text_view import Line, TextView

_ROWS = 15
"""What text and fields share in the smallest usual terminal, with room for one line about a wrong answer."""


class ReadAndAsk(Ask):
    """`Ask`, below a text that the page keys scroll."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pageup", "scroll_page(-1)", "Page up", show=False, priority=True),
        Binding("pagedown", "scroll_page(1)", "Page down", show=False, priority=True),
    ]

    def __init__(self, title: str, text: Sequence[str], fields: Sequence[Field], *, verb: str) -> None:
        """Show the lines of `text` under `title`, and ask for `fields`; `verb` says what submitting does."""
        super().__init__(title, fields, verb=verb)
        self.keys = f"{self.keys}   PgUp PgDn scroll"
        self.text = TextView([Line(line) for line in text], classes="text")
        self.text.styles.max_height = _ROWS - len(fields)

    def body(self) -> Iterable[Widget]:
        """The text above the fields; between them what `refill` says."""
        yield self.text
        if self.note:
            yield Static(shown_lines(self.note), classes="note")
        fields = VerticalScroll(*self.lines, classes="fields")
        fields.can_focus = False
        yield fields

    def action_scroll_page(self, pages: int) -> None:
        """Scroll the text."""
        self.text.action_scroll_pages(pages)
