"""The help: every key, and the commands without a key that the palette has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from backout_tui.ui.night.commands import MOVING, table
from backout_tui.ui.widgets.glyphs import GLYPHS
from backout_tui.ui.widgets.sheet import Sheet
from backout_tui.ui.widgets.text_view import Line, TextView

_SIGNS = (
    ("pending", "not begun"),
    ("running", "running"),
    ("done", "done, passed, resolved"),
    ("failed", "failed"),
    ("in_doubt", "in doubt: a person says what is true"),
    ("skipped", "skipped"),
    ("worked_around", "worked around"),
    ("not_needed", "not needed"),
    ("no_way_back", "no way back after it"),
)


def help_lines() -> Iterator[Line]:
    """The table of commands as lines, and what the signs mean."""
    for subject, commands in table().items():
        yield Line(subject, "heading")
        for command in commands:
            yield Line(f"  {command.key or 'Ctrl+P':<10} {command.help}")
        if subject == "Looking":
            yield Line(f"  {MOVING[0]:<10} {MOVING[1]}")
        yield Line("")
    yield Line("Signs", "heading")
    yield from (Line(f"  {GLYPHS[state]:<10} {words}") for state, words in _SIGNS)


class HelpScreen(Sheet):
    """Shows the table."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("question_mark", "back", "Back", show=False, priority=True)]

    def __init__(self) -> None:
        """Set the title."""
        super().__init__("All keys")

    def body(self) -> Iterable[Widget]:
        """The lines."""
        yield TextView(help_lines(), classes="-first rows")
