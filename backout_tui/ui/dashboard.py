"""The dashboard: one screen on which everything of the night happens."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.reactive import reactive
from textual.widgets import Input

from backout_tui.domain.backout import Backout
from backout_tui.domain.gates import Refusal
from backout_tui.domain.next_wish import Wish, next_wish
from backout_tui.errors import BackoutError
from backout_tui.ui.board import Board, KeptOutput
from backout_tui.ui.commands import by_id, typing_keys
from backout_tui.ui.footer import KeyLine, next_words
from backout_tui.ui.keys import key_stands_alone
from backout_tui.ui.link import Link, Listener, Piece, Seen
from backout_tui.ui.one_line import OneLine
from backout_tui.ui.panes.checks import ChecksPane
from backout_tui.ui.panes.detail import Detail
from backout_tui.ui.panes.head import Head
from backout_tui.ui.panes.messages import MessagesPane
from backout_tui.ui.panes.pane import Pane
from backout_tui.ui.panes.plan import PlanPane
from backout_tui.ui.panes.problems import ProblemsPane
from backout_tui.ui.panes.subject import Subject, kept_output, subject_of
from backout_tui.ui.row_list import RowList
from backout_tui.ui.situation import PANE_OF, PANES, Item, Situation, pane_of_wish

BROAD, HIGH = 110, 34
"""The size from which all four panes are open."""
MOVING_S = 3.0
"""Seconds after j in which k moves up instead of logging a call."""


class Dashboard(Board):
    """Shows one frozen backout, and turns keys into wishes.

    The cursor follows the Next line from one thing to the next, until the operator goes elsewhere.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(command.binding, f"command('{command.id}')", command.label, show=False, priority=True)
        for command in by_id().values()
        if command.key
    ]
    OPENS_A_FIELD = typing_keys()
    HORIZONTAL_BREAKPOINTS: ClassVar[list[tuple[int, str]]] = [(0, "-narrow"), (BROAD, "-broad")]
    VERTICAL_BREAKPOINTS: ClassVar[list[tuple[int, str]]] = [(0, "-low"), (HIGH, "-high")]
    AUTO_FOCUS = ""

    backout: reactive[Backout] = reactive(Backout(0), init=False)
    """What is true."""
    at: reactive[datetime] = reactive(datetime.min, init=False)
    """The moment that is shown; moves on once a second."""
    opened: reactive[Item | None] = reactive(None, init=False)
    """What Enter opened."""

    def __init__(self, link: Link, seen: Seen, now: Callable[[], datetime]) -> None:
        """Show what `link` sees; `seen` is what it saw first."""
        super().__init__(link, now)
        self.seen = seen
        self.set_reactive(Dashboard.backout, seen.backout)
        self.set_reactive(Dashboard.at, now())
        self.wish = next_wish(seen.backout, self.at)
        self.pane = pane_of_wish(self.wish, "plan")
        self.moved_at = float("-inf")
        self._subject: Subject | None = None

    def compose(self) -> ComposeResult:
        """Head, panes, the Next line, the keys."""
        yield Head(self.seen.actor).data_bind(Dashboard.backout, Dashboard.at)
        with Container(id="panes"):
            for pane in (ProblemsPane, PlanPane, ChecksPane):
                yield pane().data_bind(Dashboard.backout, Dashboard.at)
            yield Detail()
            yield MessagesPane().data_bind(Dashboard.backout, Dashboard.at)
        yield OneLine(id="next")
        yield KeyLine()

    def on_mount(self) -> None:
        """Show what was seen first, and listen from now on."""
        self._go_to(self.pane)
        if self.wish.on is not None:
            self.point_at(self.wish.on)
        self._renew()
        self.set_interval(1.0, self._tick)
        self.link.attach(Listener(self._see, self._take_output, self._trouble, self.app._handle_exception))
        self.call_after_refresh(self._warm_up)

    # ── what is true ──────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def truth(self) -> Backout:
        """The backout as it stands."""
        return self.backout

    @property
    def situation(self) -> Situation:
        """Where the operator stands."""
        on = self.opened or self._pane(self.pane).item
        return Situation(self.backout, self.wish, self.pane, on, self.no_controls, self.seen.actor)

    @property
    def no_controls(self) -> Refusal | None:
        """Why this person may not write; None when they may."""
        return self.seen.why_not_act

    @property
    def kept_output(self) -> KeptOutput | None:
        """The finished output that is shown, else the newest one."""
        return kept_output(self.backout, self._subject)

    def watch_backout(self) -> None:
        """Something happened."""
        self._renew()

    def watch_at(self) -> None:
        """A second went by."""
        self._renew()

    def watch_opened(self) -> None:
        """Another thing is read, or none."""
        self.set_class(self.opened is not None, "-reading")
        self._renew()

    def _see(self, seen: Seen) -> None:
        self.seen = seen
        self.query_one(Head).observe(seen)
        if seen.backout is self.backout:
            self._renew()
        else:
            self.backout = seen.backout

    def _tick(self) -> None:
        self.at = self.now()

    def _renew(self) -> None:
        """Bring the lines that hang on everything up to date."""
        before, self.wish = self.wish, next_wish(self.backout, self.at)
        self._follow(before)
        observing = self.no_controls.words if self.no_controls is not None and self.backout.closed_at is None else ""
        self.query_one("#next", OneLine).say(*next_words(self.wish, observing=observing))
        self.query_one(KeyLine).offer(self.situation, moving=self._is_moving)
        self._show_subject()
