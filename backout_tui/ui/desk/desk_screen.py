"""A screen over a desk: it works with stored plans and backouts before one of them is opened."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import ClassVar, Concatenate, ParamSpec, TypeVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widget import Widget

from backout_tui.engine.desk import Desk
from backout_tui.ui.desk import desk_keys
from backout_tui.ui.desk.office import Office
from backout_tui.ui.dialogs.flow_screen import FlowScreen
from backout_tui.ui.widgets.one_line import MOST_SAID, OneLine, Word
from backout_tui.ui.widgets.sheet import Keys, Sheet, keys_words
from backout_tui.ui.widgets.text_view import Line, TextView


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
        """Set the title."""
        super().__init__("All keys of the list and of plans")

    def body(self) -> Iterable[Widget]:
        """The lines."""
        yield TextView(desk_lines(), classes="-first rows")


P = ParamSpec("P")
T = TypeVar("T")


class DeskScreen(FlowScreen):
    """Has work done at the desk, and shows the result of a key at the bottom."""

    KEYS: ClassVar[Keys] = ()
    """The keys that the bottom line offers."""
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("question_mark", "help", "Help", show=False, priority=True)]

    def __init__(self, office: Office, now: Callable[[], datetime]) -> None:
        """`now` gives the time in the operator's zone."""
        super().__init__(office.memory)
        self.office, self.now = office, now
        self.keys_line = OneLine(most=MOST_SAID, id="keys")

    async def do(self, work: Callable[Concatenate[Desk, P], T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Have work done at the desk; None when it was refused or something failed, which the person was told."""
        return await self.outcome_of(asyncio.wrap_future(self.office.do(work, *args, **kwargs)))

    def held_by(self) -> str:
        """Return which process has the database locked just now."""
        return self.office.held_by()

    def action_help(self) -> None:
        """Show all keys."""
        self.app.push_screen(DeskHelpScreen())

    def say(self, words: str, *, warning: bool = False) -> None:
        """Say `words` in place of the keys, until the next key."""
        self._says_waiting = False  # what is said next stays when nothing waits any more
        self.keys_line.say([Word("! " if warning else "", "warning"), Word(words, "warning" if warning else "")])

    def be_quiet(self) -> None:
        """Offer the keys."""
        self.keys_line.say(keys_words(self.KEYS))

    def admits(self, key: events.Key) -> bool:
        """Admit keys like every screen of commands; by now the person has read what was said before."""
        admitted = super().admits(key)
        if admitted:
            self.be_quiet()
        return admitted

    def keys_left_out(self) -> None:
        """Say that several keys which came at once did nothing."""
        self.say("Several keys came at once, as in a paste: they were ignored.", warning=True)
