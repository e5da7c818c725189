"""A screen to read and leave: a title, a body, a line of keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget

from backout_tui.ui.terminal.keys import CommandScreen
from backout_tui.ui.widgets.one_line import OneLine, Word
from backout_tui.ui.widgets.title_line import TitleLine

Keys = Sequence[tuple[str, str]]
BANNER_LINES = 6
"""More lines than any warning at the top needs on the narrowest terminal, so that it is never cut."""


def keys_words(keys: Keys) -> list[Word]:
    """`Esc Back  / Filter`."""
    words: list[Word] = []
    for key, label in keys:
        words += [Word(f"{'  ' if words else ''}{key}", "key"), Word(f" {label}")]
    return words


class Sheet(CommandScreen[None]):
    """Esc and q return to where the screen was opened."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "back", "Back", show=False, priority=True)]
    KEYS: ClassVar[Keys] = (("Esc", "Back"),)
    AUTO_FOCUS = ".-first"

    def __init__(self, title: str, warning: Sequence[Word] = ()) -> None:
        """Set the title. The `warning` stands above everything, on as many lines as it needs."""
        super().__init__()
        self.line, self.keys_line = TitleLine(title), OneLine(id="keys")
        self.banner = OneLine(most=BANNER_LINES)
        self.warn(warning)

    def compose(self) -> ComposeResult:
        """Title, body, keys."""
        yield self.line
        yield self.banner
        yield from self.body()
        yield self.keys_line

    def on_mount(self) -> None:
        """Offer the keys."""
        self.keys_line.say(keys_words(self.KEYS))

    def say_no_key(self, words: str) -> None:
        """Say it in place of the keys."""
        self.keys_line.say([Word(words, "warning")] if words else keys_words(self.KEYS))

    def warn(self, warning: Sequence[Word]) -> None:
        """Show another warning, or none."""
        self.banner.say(warning)
        self.banner.display = bool(warning)

    def body(self) -> Iterable[Widget]:
        """What is read; the class `-first` marks the widget that gets the focus first."""
        raise NotImplementedError

    def action_back(self) -> None:
        """Leave."""
        self.dismiss()
