"""The frame that all dialogs share: a title, a body, a line that names the keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from backout_tui.ui.terminal.keys import KeyedScreen
from backout_tui.ui.widgets.inert import shown

T = TypeVar("T")


class Dialog(KeyedScreen[T], ModalScreen[T], Generic[T]):
    """A modal screen of at most 76x20. Esc leaves it with None; subclasses add everything else."""

    AUTO_FOCUS = ".-first"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,ctrl+c", "leave", "Leave", show=False, priority=True)]

    def __init__(self, title: str, keys: str) -> None:
        """Set the title; `keys` is the line that says what the keys do."""
        super().__init__()
        self.heading, self.keys = title, keys
        self.subject = ""  # what it is about, where the title does not say it

    def compose(self) -> ComposeResult:
        """The frame around the body."""
        frame = Vertical(*self.body(), Static(shown(self.keys), classes="keys"), classes="frame")
        frame.border_title = shown(self.heading)
        yield frame

    def body(self) -> Iterable[Widget]:
        """What stands between the title and the keys."""
        raise NotImplementedError

    def tell(self, text: str, *, warning: bool = False) -> None:
        """Say `text` in place of the keys, for good."""
        line = self.query_one(".keys", Static)
        line.update(shown(text or self.keys))
        line.set_class(warning, "-warning")

    def say_no_key(self, words: str) -> None:
        """Say it in place of the keys."""
        self.tell(words, warning=bool(words))

    def action_leave(self) -> None:
        """Close without a result."""
        self.close(None)

    def close(self, result: Any) -> None:
        """Close with `result`; keys wait for the screen below."""
        self.hold_keys()
        if self.is_current:
            self.dismiss(result)
