"""The pane that shows one thing whole: its story, and what its command prints."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical

from backout_tui.ui.link import Piece
from backout_tui.ui.panes.pane import TitleLine
from backout_tui.ui.panes.story_view import Pinned, StoryView
from backout_tui.ui.panes.subject import Subject
from backout_tui.ui.situation import Item


class Detail(Vertical):
    """A title over a story and an output. Which thing it shows is the dashboard's business."""

    BLANK = True  # as in every pane

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
        self.line.say(subject.title, "Esc back" if reading else "")
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
        """Show what came of the output, if it is still the one that is shown."""
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
