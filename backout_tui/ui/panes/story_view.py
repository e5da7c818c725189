"""A text and the output of a command below it, scrolled as one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from backout_tui.ui.output_view import OutputView
from backout_tui.ui.text_view import Line, folded

Pinned = Literal["", "whole", "end"]
"""What of a story stays in view: nothing, the whole or else nothing, or as much of its end as there is room for."""
_LEAST_BELOW = 2
"""Lines of output that a pinned story must leave in view, if there are as many."""


class StoryView(OutputView):
    """An output with a story above it: what the thing is, what became of it, and then what its command printed."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        """Begin empty."""
        self._story: list[Line] = []
        self._story_folded: list[Line] = []
        self._pinned: Pinned = ""
        super().__init__(id=id, classes=classes)

    def tell(self, story: Iterable[Line], *, pinned: Pinned = "") -> None:
        """Show another story over the same output; `pinned`: it stays in view while the output below it moves."""
        lines = list(story)
        if (lines, pinned) != (self._story, self._pinned):
            self._story, self._pinned = lines, pinned
            self._fold_story()
            self.measure()
            self.refresh()

    def go_to(self, *, end: bool) -> None:
        """Show the end, and follow it as it grows; or stay at the top."""
        self.follows = end
        self.scroll_to(y=self._end if end else 0, animate=False, force=True)

    @property
    def _end(self) -> int:
        """Where the end is in view. A story that was to stay whole and has no room for that is what is read first."""
        return 0 if self._pinned == "whole" and not self.held else self.max_scroll_y

    def start_anew(self) -> None:
        """Forget the output, for another one; whether the end is followed stays as it is."""
        follows = self.follows
        self.clear()
        self.follows = follows

    @property
    def held(self) -> list[Line]:
        """The lines of the story that stay in view, however far the rest was scrolled."""
        room = max(0, self.scrollable_content_region.height - min(_LEAST_BELOW, super().line_count()))
        if len(self._story_folded) <= room and self._pinned:
            return self._story_folded
        return self._story_folded[-room:] if room and self._pinned == "end" else []

    def line_in_view(self, y: int) -> Line:
        """The line that is painted at `y`."""
        held = self.held
        if y < len(held):
            return held[y]
        below = len(self._story_folded) + y - len(held)  # what is held is not shown a second time below itself
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
