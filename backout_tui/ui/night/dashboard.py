"""The dashboard: one screen on which everything of that night happens."""

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

from backout_tui.domain.backout.runs import ALL_IN_REACH, Away
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.clock.forecast import NOT_SILENT, Silent
from backout_tui.domain.refusal import ADOPT
from backout_tui.domain.rules.next_wish import next_wish
from backout_tui.local_zone import why_utc
from backout_tui.ui.night.board import BROAD, HIGH, Board, KeptOutput
from backout_tui.ui.night.commands import by_id, by_key, meant, typing_keys
from backout_tui.ui.night.first_things import FirstThings
from backout_tui.ui.night.footer import KeyLine, next_words
from backout_tui.ui.night.link import Link
from backout_tui.ui.night.panes import subject
from backout_tui.ui.night.panes.checks_pane import ChecksPane
from backout_tui.ui.night.panes.detail_pane import Detail
from backout_tui.ui.night.panes.head import Head
from backout_tui.ui.night.panes.messages_pane import MessagesPane
from backout_tui.ui.night.panes.pane import NEVER, Pane
from backout_tui.ui.night.panes.plan_pane import PlanPane
from backout_tui.ui.night.panes.problems_pane import ProblemsPane
from backout_tui.ui.night.seen import Listener, Seen
from backout_tui.ui.night.situation import PANE_OF, Item, Situation, has_come, is_running, pane_of_wish
from backout_tui.ui.night.warming import warm_up
from backout_tui.ui.terminal.keys import key_stands_alone
from backout_tui.ui.widgets.one_line import OneLine
from backout_tui.ui.widgets.title_line import TitleLine

MOVING_S = 3.0
"""Seconds after j in which k moves up instead of logging a call."""


class Panes(Container):
    """Holds the panes, which cover it completely."""

    BLANK = True


class Dashboard(Board):
    """Shows one frozen backout, and turns keys into calls of verbs.

    The cursor follows the Next line from one thing to the next until the operator moves elsewhere.
    """

    BLANK = True  # covered, like its panes
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(sharing[0].binding, f"press({key!r})", sharing[0].label, show=False, priority=True)
        for key, sharing in by_key().items()
    ]
    OPENS_A_FIELD = typing_keys()
    INTERRUPT = "Ctrl+C ends nothing here: q leaves, and steps go on; x stops the step that runs."
    AUTO_FOCUS = ""

    backout: reactive[Backout] = reactive(Backout(0), init=False, repaint=False)
    """What is true."""
    at: reactive[datetime] = reactive(NEVER, init=False, repaint=False)
    """The moment that is shown; it advances once a second."""
    silent: reactive[Silent] = reactive(NOT_SILENT, init=False, repaint=False)
    """The running steps that have printed nothing for too long."""
    away: reactive[Away] = reactive(ALL_IN_REACH, init=False, repaint=False)
    """The running commands that cannot be asked from here."""
    opened: reactive[Item | None] = reactive(None, init=False, repaint=False)
    """The item that Enter opened."""

    def __init__(self, link: Link, seen: Seen, now: Callable[[], datetime]) -> None:
        """Show what `link` sees; `seen` is what it saw first. `now` gives the time in the operator's zone."""
        super().__init__(link, now)
        self.seen = seen
        self.set_reactive(Dashboard.backout, seen.backout)
        self.set_reactive(Dashboard.at, now())
        self.set_reactive(Dashboard.away, seen.away)
        self.wish = next_wish(seen.backout, self.at, away=seen.away, ended=seen.awaiting)
        self.pane = pane_of_wish(self.wish, "plan")
        self._moved_at = float("-inf")
        self._left_at: Item | None = None
        self._first = FirstThings()
        self._by_the_second = is_running(seen.backout)
        self._shown = subject.of_now(seen.backout, self.wish, self.at, seen.away)

    def compose(self) -> ComposeResult:
        """Head, panes, the Next line, the keys."""
        self.fit(*self.app.size)
        yield Head(self.seen).data_bind(Dashboard.backout, Dashboard.at)
        with Panes(id="panes"):
            yield ProblemsPane().data_bind(Dashboard.backout, Dashboard.at)
            yield PlanPane().data_bind(Dashboard.backout, Dashboard.at, Dashboard.silent, Dashboard.away)
            yield ChecksPane().data_bind(Dashboard.backout, Dashboard.at, Dashboard.away)
            yield Detail()
            yield MessagesPane().data_bind(Dashboard.backout, Dashboard.at, Dashboard.away)
        yield OneLine(most=2, id="next")
        yield KeyLine()

    def on_mount(self) -> None:
        """Show what was seen first, and listen from now on."""
        for pane in self.query(Pane):
            pane.renew()
        self._go_on()
        self._renew()
        self.set_interval(1.0, self._tick)
        self.link.attach(Listener(self._see, self.query_one(Detail).take, self.trouble, self.app._handle_exception))
        self.call_after_refresh(lambda: self.run_worker(warm_up(self)))
        self._first.show(self)
        if words := why_utc():
            self.say(f"{words}.", warning=True)

    def on_resize(self) -> None:
        """Draw boxes if the screen has room for all four panes."""
        framed = self.size.width >= BROAD and self.size.height >= HIGH
        for line in self.query(TitleLine):
            line.frame(framed=framed)

    # ── what is true, and where we stand ──────────────────────────────────────────────────────────────────────────

    @property
    def truth(self) -> Backout:
        """The backout as it stands."""
        return self.backout

    @property
    def situation(self) -> Situation:
        """Where the operator stands."""
        on = self.opened or self.open_pane.item
        seen = self.seen
        standing, lives = seen.standing, seen.lives
        return Situation(self.backout, self.wish, self.pane, on, seen.why_not_act, seen.actor, standing, lives)

    @property
    def open_pane(self) -> Pane:
        """The pane that the cursor is in."""
        return self.query_one(f"#{self.pane}", Pane)

    @property
    def kept_output(self) -> KeptOutput | None:
        """The finished output that is shown, or else the newest one."""
        return subject.kept_output(self.backout, self._shown)

    @property
    def is_moving(self) -> bool:
        """Whether j was pressed just now, so that k moves up."""
        return time.monotonic() - self._moved_at < MOVING_S

    def watch_backout(self) -> None:
        """The backout changed."""
        self._by_the_second = is_running(self.backout)
        before, self.at = self.at, self.now()
        if self.at == before:
            self._renew()

    def watch_at(self) -> None:
        """A second passed."""
        self._renew()

    def watch_opened(self) -> None:
        """Another item is read, or none."""
        self.set_class(self.opened is not None, "-reading")
        self._renew()
        (self.query_one(Detail).view if self.opened is not None else self.open_pane.list).focus(scroll_visible=False)
        if self.opened is None and self._left_at is not None and self.open_pane.item == self._left_at:
            self._go_on()

    def _see(self, seen: Seen) -> None:
        before, self.seen = self.seen, seen
        self.query_one(Head).observe(seen)
        self.silent, self.away = seen.silent, seen.away
        if seen.unsound_items != before.unsound_items:
            for pane in self.query(Pane):
                pane.unsound = seen.unsound_items
        if seen.backout is self.backout:
            self._renew()
        else:
            self.backout = seen.backout
        self.tell_controls(before, seen)
        self._first.show(self)

    def _tick(self) -> None:
        self.query_one(KeyLine).fade()
        now = self.now()
        self.query_one(Head).tick(now)
        if self._by_the_second or has_come(self.backout, self.at, now):
            self.at = now
        self._first.show(self)

    def _renew(self) -> None:
        """Update the lines that depend on everything else."""
        if not self.is_mounted:
            return
        before, self.wish = self.wish, next_wish(self.backout, self.at, self.silent, self.away, self.seen.awaiting)
        if self.wish.on != before.on or self.wish.key != before.key:
            self._follow(before.on, pane_of_wish(before, self.pane))
        self._offer_keys()
        self._show_subject()

    def _offer_keys(self) -> None:
        situation = self.situation
        self.query_one("#next", OneLine).say(*next_words(situation))
        self.query_one(KeyLine).offer(situation, moving=self.is_moving)

    def _follow(self, before: Item | None, pane: str) -> None:
        """Follow the Next line if the cursor was on its last item; while something is read, follow afterwards."""
        if self.opened is not None:
            self._left_at = self._left_at or before
        elif self.open_pane.item == before if before is not None else self.pane == pane:
            self._go_on()

    def _go_on(self) -> None:
        self._left_at = None
        self.go_to(pane_of_wish(self.wish, self.pane))
        if self.wish.on is not None:
            self.point_at(self.wish.on)

    def _show_subject(self) -> None:
        what, lives = self.opened, self.seen.lives
        shown = subject.opened(self.backout, what, self.at, self.silent, lives, self.away) if what is not None else None
        shown = shown or subject.of_now(self.backout, self.wish, self.at, self.away)
        self._shown = subject.with_words(shown, self.seen.awaiting, self.seen.unsound_items)
        self.set_class(self._shown.matters, "-telling")
        self.query_one(Detail).show(self._shown, reading=self.opened is not None)
        self.link.show_output(self._shown.attempt)

    # ── keys ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def admits(self, key: events.Key) -> bool:
        """Admit keys like every screen of commands; k is a command unless it moves. The last message has been read."""
        moves = key.key == "j" or (key.key == "k" and self.is_moving)
        self._moved_at = time.monotonic() if moves else float("-inf")
        calls = key.key == "k" and not moves and self.opened is None
        admitted = key_stands_alone(key) if calls else super().admits(key)
        if admitted:
            self.query_one(KeyLine).be_quiet()
        return admitted

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave k to the list while it moves, and to the text that is read."""
        calls = action == "press" and parameters == ("k",)
        return not (calls and (self.is_moving or self.opened is not None))

    def keys_left_out(self) -> None:
        """Say that several keys which came at once did nothing."""
        self.say("Several keys came at once, as in a paste: they were ignored.", warning=True)

    def action_press(self, key: str) -> None:
        """Do what this key means where the operator stands, or say why not."""
        self.action_command(meant(key, self.situation).id)

    def action_command(self, command_id: str) -> None:
        """Do this command, or say why not."""
        from backout_tui.ui.night.actions.flows import flow_of  # the first picture does not wait for it

        refusal = by_id()[command_id].refusal(self.situation)
        if refusal is not None and refusal.lifted_by in ("", ADOPT):
            self.say(refusal.words, warning=True)
        else:
            flow_of(command_id, refusal)(self)

    def on_row_list_row_highlighted(self) -> None:
        """The cursor moved, so other keys may apply. They are painted after it."""
        self.call_after_refresh(self._offer_keys)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """A click went into another pane. Ignore a focus that has moved on since."""
        pane = next((one for one in event.widget.ancestors if isinstance(one, Pane)), None)
        if pane is not None and pane.id != self.pane and event.widget.has_focus:
            self.go_to(pane.NAME)

    def on_row_list_row_chosen(self) -> None:
        """A double click opens, as Enter does."""
        self.action_command("open")

    def on_pane_wanted(self, event: Pane.Wanted) -> None:
        """A click on a title opens its pane."""
        self.go_to(event.pane)

    # ── what the actions ask for ──────────────────────────────────────────────────────────────────────────────────

    def say(self, words: str, *, warning: bool = False) -> None:
        """Say `words` in place of the keys, until the next key."""
        self._says_waiting = False  # what is said next stays when nothing waits any more
        self.query_one(KeyLine).tell(words, warning=warning)

    def be_quiet(self) -> None:
        """Offer the keys again."""
        self.query_one(KeyLine).be_quiet()

    def go_to(self, name: str) -> None:
        """Open a pane, and put the cursor into it."""
        self.opened = None
        self.pane = name
        for pane in self.query(Pane):
            pane.set_class(pane.id == name, "-open")
        self.open_pane.list.focus(scroll_visible=False)
        self._offer_keys()

    def point_at(self, item: Item) -> None:
        """Put the cursor of the item's pane on the item; only `go_to` opens the pane."""
        pane = self.query_one(f"#{PANE_OF[item[0]]}", Pane)
        pane.list.move_to_key(item[1])
