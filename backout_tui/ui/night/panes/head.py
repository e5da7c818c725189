"""The lines at the top: what is backed out and who has the controls, the phases, the time."""

from __future__ import annotations

from datetime import datetime

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.reactive import reactive

from backout_tui.domain.backout.state import Backout
from backout_tui.domain.values import replace
from backout_tui.ui.night.panes import head_words
from backout_tui.ui.night.panes.pane import NEVER
from backout_tui.ui.night.seen import Seen
from backout_tui.ui.widgets.one_line import OneLine, Word
from backout_tui.ui.widgets.sheet import BANNER_LINES


class Head(Vertical):
    """Lines that say where we are, plus one if a gate was bypassed; each drops what matters least to fit its width.

    Only the banner of a log that is not sound is never cut: it continues on further lines.
    """

    backout: reactive[Backout] = reactive(Backout(0), init=False, repaint=False)
    """What is true."""
    at: reactive[datetime] = reactive(NEVER, init=False, repaint=False)
    """The moment that is shown."""

    def __init__(self, seen: Seen) -> None:
        """Begin with what was seen first."""
        super().__init__(id="head")
        self.seen = seen
        self.title, self.marks, self.phases, self.times = OneLine(), OneLine(), OneLine(), OneLine()
        self.banner = OneLine(most=BANNER_LINES)

    def compose(self) -> ComposeResult:
        """The lines."""
        yield self.title
        yield self.banner
        yield self.marks
        yield self.phases
        yield self.times

    def observe(self, seen: Seen) -> None:
        """Take in that the controls or what is known of the past may have changed."""
        before, self.seen = self.seen, seen
        if replace(seen, backout=before.backout, silent=before.silent) != before:
            self._renew()

    def tick(self, now: datetime) -> None:
        """Compute the clock's line again after a second, and paint it where its words changed."""
        if self.size.width > 2:
            self._tell_time(now)

    def watch_backout(self) -> None:
        """The backout changed."""
        self._renew()

    def watch_at(self) -> None:
        """A second passed."""
        self._renew()

    def on_resize(self) -> None:
        """Fit the words to the new width."""
        self._renew()

    def _renew(self) -> None:
        width = self.size.width - 2
        if width <= 0:
            return
        self.set_class(not self.backout.live, "-rehearsal")
        local, utc = head_words.hours(self.at)
        seen = self.seen
        parts = head_words.title(self.backout, seen.actor, seen.why_not_act, seen.standing)
        self.title.say(head_words.joined(parts, width - len(local) - 2), [Word(local)])
        self.banner.say(head_words.banner(seen.fault))
        self.banner.display = bool(seen.fault)
        marked = head_words.marks(self.backout, seen.actor, seen.standing, seen.unseen, seen.awaiting)
        marks = head_words.joined(marked, width)
        self.marks.say(marks)
        self.marks.display = bool(marks)
        room = width - (len(utc) + 2 if utc else 0)
        self.phases.say(head_words.joined(head_words.phases(self.backout), room, "  "), [Word(utc)])
        self._tell_time(self.at)

    def _tell_time(self, now: datetime) -> None:
        times = head_words.joined(head_words.time_line(self.backout, now, self.seen.past), self.size.width - 2)
        self.times.say(times)
        self.times.display = bool(times)
