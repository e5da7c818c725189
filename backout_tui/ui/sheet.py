"""A screen that is read and left again: a title, a body, a line of keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget

from backout_tui.domain.backout import Backout
from backout_tui.ui.keys import CommandScreen
from backout_tui.ui.one_line import OneLine, Word
from backout_tui.ui.panes.pane import TitleLine

Keys = Sequence[tuple[str, str]]


def keys_words(keys: Keys) -> list[Word]:
    """`Esc Back  / Filter`."""
    words: list[Word] = []
    for key, label in keys:
        words += [Word(f"{'  ' if words else ''}{key}", "key"), Word(f" {label}")]
    return words


def title_in(backout: Backout, title: str) -> str:
    """The title of a sheet about `backout`: one that hides the dashboard's head says itself that nothing is real."""
    return title if backout.live else f"{title} · REHEARSAL"


class Sheet(CommandScreen[None]):
    """Esc and q go back to where it was opened."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "back", "Back", show=False, priority=True)]
    KEYS: ClassVar[Keys] = (("Esc", "Back"),)
    AUTO_FOCUS = ".-first"

    def __init__(self, title: str) -> None:
        """Name it."""
        super().__init__()
        self.line, self.keys_line = TitleLine(title), OneLine(id="keys")

    def compose(self) -> ComposeResult:
        """Title, body, keys."""
        yield self.line
        yield from self.body()
        yield self.keys_line

    def on_mount(self) -> None:
        """Offer the keys."""
        self.keys_line.say(keys_words(self.KEYS))

    def body(self) -> Iterable[Widget]:
        """What is read; the first to have the focus bears the class `-first`."""
        raise NotImplementedError

    def action_back(self) -> None:
        """Leave."""
        self.dismiss()
