"""The pane that shows one item in full: its story, and what its command prints."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from textual.app import ComposeResult
from textual.containers import Vertical

from backout_tui.domain.backout.states import ATTEMPT
from backout_tui.ui.night.panes.subject import Subject
from backout_tui.ui.night.seen import Piece
from backout_tui.ui.night.situation import Item
from backout_tui.ui.widgets.output_view import OutputView
from backout_tui.ui.widgets.text_view import Line, folded
from backout_tui.ui.widgets.title_line import TitleLine

Pinned = Literal["", "whole", "end"]
"""Which part of a story stays in view: nothing, the whole if it fits, or as much of its end as fits."""
_LEAST_BELOW = 2
"""Lines of output that a pinned story must leave in view, if there are as many."""


class StoryView(OutputView):
    """An output below a story: what the item is, what happened to it, then what its command printed."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        """Begin empty."""
        self._story: list[Line] = []
        self._story_folded: list[Line] = []
        self._pinned: Pinned = ""
        super().__init__(id=id, classes=classes)

    def tell(self, story: Iterable[Line], *, pinned: Pinned = "") -> None:
        """Show another story over the same output; a `pinned` story stays in view while the output moves."""
        lines = list(story)
        if (lines, pinned) != (self._story, self._pinned):
            self._story, self._pinned = lines, pinned
            self._fold_story()
            self.measure()
            self.refresh()

    def go_to(self, *, end: bool) -> None:
        """Show the end and follow it as it grows, or stay at the top."""
        self.follows = end
        self.scroll_to(y=self._end if end else 0, animate=False, force=True)

    @property
    def _end(self) -> int:
        """The scroll position of the end; 0 for a story that must stay whole but does not fit, to be read first."""
        return 0 if self._pinned == "whole" and not self.held else self.max_scroll_y

    def start_anew(self) -> None:
        """Forget the output, to show another one; keep whether the view follows the end."""
        follows = self.follows
        self.clear()
        self.follows = follows

    @property
    def held(self) -> list[Line]:
        """The lines of the story that stay in view, however far the rest is scrolled."""
        room = max(0, self.scrollable_content_region.height - min(_LEAST_BELOW, super().line_count()))
        if len(self._story_folded) <= room and self._pinned:
            return self._story_folded
        return self._story_folded[-room:] if room and self._pinned == "end" else []

    def line_in_view(self, y: int) -> Line:
        """The line that is painted at `y`."""
        held = self.held
        if y < len(held):
            return held[y]
        below = len(self._story_folded) + y - len(held)  # lines that stay in view are not shown again below themselves
        return self.line_at(max(y + self.scroll_offset.y, below) if held else y + self.scroll_offset.y)

    def line_at(self, index: int) -> Line:
        """The folded line at `index`: the story, then the output."""
        above = len(self._story_folded)
        return self._story_folded[index] if 0 <= index < above else super().line_at(index - above)

    def line_count(self) -> int:
        """How many folded lines there are."""
        return len(self._story_folded) + super().line_count()

    def fold_all(self) -> None:
        """Fold everything to the width at hand."""
        self._fold_story()
        super().fold_all()

    def _fold_story(self) -> None:
        self._story_folded = folded(self._story, self._width)


class Detail(Vertical):
    """A title over a story and an output. The dashboard decides which item it shows."""

    BLANK = True  # covered, like every pane

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__(id="detail")
        self.line = TitleLine()
        self.view = StoryView(classes="rows")
        self._intent = ""
        self._tail: tuple[int, str] = (0, "")
        self._place: tuple[Item | None, str, bool] = (None, "", False)

    def compose(self) -> ComposeResult:
        """The title over the text."""
        yield self.line
        yield self.view

    def show(self, subject: Subject, *, reading: bool) -> None:
        """Show this subject; its output comes below the story, piece by piece. `reading`: somebody opened it."""
        search = "/ search   " if subject.attempt is not None and ATTEMPT[subject.attempt.state].ran else ""
        self.line.say(subject.title, f"{search}Esc back" if reading else "")
        intent = subject.attempt.intent if subject.attempt is not None else ""
        if intent != self._intent:
            self._intent = intent
            self._forget_output()
        pinned: Pinned = ("whole" if reading else "end") if subject.pinned else ""
        self.view.tell(subject.story, pinned=pinned)
        if (subject.item, intent, reading) != self._place:
            self._place = (subject.item, intent, reading)
            self.view.go_to(end=subject.follows)

    def take(self, piece: Piece) -> None:
        """Show a new piece of output, if it belongs to what is shown."""
        if piece.intent != self._intent:
            return
        if piece.afresh:
            self._forget_output()
        self.view.append(piece.text)
        if (piece.dropped, piece.tail) != self._tail:
            self._tail = piece.dropped, piece.tail
            self.view.show_tail(piece.dropped, piece.tail)

    def _forget_output(self) -> None:
        self._tail = (0, "")
        self.view.start_anew()
