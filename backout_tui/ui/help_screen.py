"""The help: every key, and what has none but stands in the palette."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from backout_tui.ui import desk_keys
from backout_tui.ui.commands import MOVING, TABLE
from backout_tui.ui.glyphs import GLYPHS
from backout_tui.ui.sheet import Sheet
from backout_tui.ui.text_view import Line, TextView

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
    for subject, commands in TABLE.items():
        yield Line(subject, "heading")
        for command in commands:
            yield Line(f"  {command.key or 'Ctrl+P':<10} {command.help}")
        if subject == "Looking":
            yield Line(f"  {MOVING[0]:<10} {MOVING[1]}")
        yield Line("")
    yield Line("Signs", "heading")
    yield from (Line(f"  {GLYPHS[state]:<10} {words}") for state, words in _SIGNS)


def desk_lines() -> Iterator[Line]:
    """The keys of the screens before the night as lines."""
    for screen, keys in desk_keys.TABLE.items():
        yield Line(screen, "heading")
        yield from (Line(f"  {one.key:<10} {one.help}") for one in keys)
        yield Line("")


class DeskHelpScreen(Sheet):
    """Shows the keys of the list and of the screens about plans."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("question_mark", "back", "Back", show=False, priority=True)]

    def __init__(self) -> None:
        """Name it."""
        super().__init__("All keys of the list and of plans")

    def body(self) -> Iterable[Widget]:
        """The lines."""
        yield TextView(desk_lines(), classes="-first rows")


class HelpScreen(Sheet):
    """Shows the table."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("question_mark", "back", "Back", show=False, priority=True)]

    def __init__(self) -> None:
        """Name it."""
        super().__init__("All keys")

    def body(self) -> Iterable[Widget]:
        """The lines."""
        yield TextView(help_lines(), classes="-first rows")
