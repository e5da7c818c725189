"""A screen over a desk: what has to do with stored plans and backouts before one of them is opened."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import ClassVar, Concatenate, ParamSpec, TypeVar

from textual import events
from textual.binding import Binding, BindingType

from backout_tui.engine.desk import Desk
from backout_tui.ui.flow_screen import FlowScreen
from backout_tui.ui.office import Office
from backout_tui.ui.one_line import OneLine, Word
from backout_tui.ui.sheet import Keys, keys_words

P = ParamSpec("P")
T = TypeVar("T")


class DeskScreen(FlowScreen):
    """Has things done at the desk, and says at the bottom what came of a key."""

    KEYS: ClassVar[Keys] = ()
    """What the line at the bottom offers."""
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("question_mark", "help", "Help", show=False, priority=True)]

    def __init__(self, office: Office, now: Callable[[], datetime]) -> None:
        """`now` gives the time in the operator's zone."""
        super().__init__()
        self.office, self.now = office, now
        self.keys_line = OneLine(most=2, id="keys")

    async def do(self, work: Callable[Concatenate[Desk, P], T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Have something done at the desk; None when it was refused, or something is wrong: that was said."""
        return await self.outcome_of(asyncio.wrap_future(self.office.do(work, *args, **kwargs)))

    def action_help(self) -> None:
        """All keys."""
        from backout_tui.ui.help_screen import DeskHelpScreen

        self.app.push_screen(DeskHelpScreen())

    def say(self, words: str, *, warning: bool = False) -> None:
        """Say `words` in place of the keys, until the next key."""
        self.keys_line.say([Word("! " if warning else "", "warning"), Word(words, "warning" if warning else "")])

    def be_quiet(self) -> None:
        """Offer the keys."""
        self.keys_line.say(keys_words(self.KEYS))

    def admits(self, key: events.Key) -> bool:
        """As every screen of commands; what was said before has been read by now."""
        admitted = super().admits(key)
        if admitted:
            self.be_quiet()
        return admitted

    def keys_left_out(self) -> None:
        """Several keys came at once: say that they did nothing."""
        self.say("Several keys came at once, as in a paste: they were left out.", warning=True)
