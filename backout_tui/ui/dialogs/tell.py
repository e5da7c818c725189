"""A message that must be seen: why something was refused, or what is wrong outside the program."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widget import Widget

from backout_tui.ui.dialogs.frame import Dialog
from backout_tui.ui.terminal.keys import MOTION_KEYS, key_stands_alone
from backout_tui.ui.widgets.text_view import Line, TextView


class Tell(Dialog[None]):
    """Shows `text`; one key closes it, but not a key that was pressed before the text could be seen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "leave", "Close", show=False, priority=True),
    ]

    def __init__(self, title: str, text: str, *, tone: str = "", by_itself: bool = False) -> None:
        """Tell `text` under `title`; `tone` is a word of the text view's style classes.

        If it comes `by_itself`, somebody may be typing: a key that means nothing in it closes it, and acts below it.
        """
        super().__init__(title, "Enter close")
        self.by_itself = by_itself
        self.text = TextView([Line(line, tone) for line in text.split("\n")], classes="text -first")

    def body(self) -> Iterable[Widget]:
        """The text."""
        yield self.text

    def passes_on(self, key: events.Key) -> bool:
        """Whether the key was meant for the screen below."""
        return self.by_itself and key.key not in MOTION_KEYS and key.key not in self._bindings.key_to_bindings

    def admits(self, key: events.Key) -> bool:
        """Admit keys that scroll, and other keys once a person has seen the text."""
        return key.key in MOTION_KEYS or (key_stands_alone(key) and self.settled(key))
