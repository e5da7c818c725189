"""The lines at the top: what is backed out and who has the controls, the phases, the time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.reactive import reactive

from backout_tui.domain.backout import Backout
from backout_tui.ui.link import Seen
from backout_tui.ui.one_line import OneLine, Word
from backout_tui.ui.panes import head_words
from backout_tui.ui.panes.pane import NEVER


class Head(Vertical):
    """Lines that say where we are, one more if a gate was gone around; each cut to its width by what matters least."""

    backout: reactive[Backout] = reactive(Backout(0), init=False, repaint=False)
    """What is true."""
    at: reactive[datetime] = reactive(NEVER, init=False, repaint=False)
    """The moment that is shown."""

    def __init__(self, seen: Seen) -> None:
        """Begin with what was seen first."""
        super().__init__(id="head")
        self.seen = seen
        self.title, self.marks, self.phases, self.times = OneLine(), OneLine(), OneLine(), OneLine()

    def compose(self) -> ComposeResult:
        """The lines."""
        yield self.title
        yield self.marks
        yield self.phases
        yield self.times

    def observe(self, seen: Seen) -> None:
        """Somebody else may have the controls now, or more is known of the past."""
        before, self.seen = self.seen, seen
        if replace(seen, backout=before.backout, silent=before.silent) != before:
            self._renew()

    def tick(self, now: datetime) -> None:
        """A second went by: the line of the clock is worked out anew, and painted where its words changed."""
        if self.size.width > 2:
            self._tell_time(now)

    def watch_backout(self) -> None:
        """Something happened."""
        self._renew()

    def watch_at(self) -> None:
        """A second went by."""
        self._renew()

    def on_resize(self) -> None:
        """Another width has room for other words."""
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
        marked = head_words.marks(self.backout, seen.fault, seen.actor, seen.standing, seen.unseen)
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
