"""A text that grows while a command runs: it is kept short, shown in batches, and follows its end."""

from __future__ import annotations

from collections import deque

from backout_tui.ui.widgets.text_view import Line, LineView, folded

FLUSH_S = 0.05
"""Seconds between two batches: 20 a second at most."""
LONGEST = 8192
"""Characters after which a line is broken, so that an endless line costs no more with each batch."""


MOST = 1 << 20
"""Characters kept at most, however long the lines are, so that folding them again is not noticeable."""


class OutputView(LineView):
    """Shows the last `max_lines` lines of what is appended; it stays in place once it is scrolled up.

    A supervisor keeps a long output as a head and a tail: `append` the head, and pass the tail to `show_tail` each time
    it changes.
    """

    def __init__(
        self,
        *,
        max_lines: int = 5_000,
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
    ) -> None:
        """Begin empty."""
        super().__init__(id=id, classes=classes)
        self.max_lines = max_lines
        self.clear()

    def clear(self) -> None:
        """Forget everything, to show another command's output."""
        self._kept: deque[str] = deque()
        self._heights: deque[int] = deque()
        self._forgotten = self._characters = 0
        self._open = ""
        self._tail: list[Line] = []
        self._tail_continues = False  # nothing is missing between the head and the tail
        self._arrived: list[str] = []
        self._tail_arrived: tuple[int, str] | None = None
        self._due = False
        self._rest: list[Line] = []
        self._folded = []
        self.follows = True
        if self.is_mounted:
            self.measure()
            self.refresh()

    def on_mount(self) -> None:
        """Show what came before there was a screen."""
        if self._arrived or self._tail_arrived:
            self._flush_soon()

    def append(self, text: str) -> None:
        """Add `text` at the end; it appears with the next batch."""
        self._arrived.append(text)
        self._flush_soon()

    def show_tail(self, dropped: int, text: str) -> None:
        """Show `text` after the head, in place of the previous tail, and say that `dropped` bytes lie between."""
        self._tail_arrived = dropped, text
        self._flush_soon()

    def line_at(self, index: int) -> Line:
        """The folded line at `index`: complete lines, then the one being written, then the tail."""
        beyond = index - len(self._folded)
        if beyond < 0:
            return super().line_at(index)
        return self._rest[beyond] if beyond < len(self._rest) else Line("")

    def line_count(self) -> int:
        """How many folded lines there are."""
        return len(self._folded) + len(self._rest)

    def on_resize(self) -> None:
        """Keep the end in view when the pane folds or opens, after folding to the new width."""
        super().on_resize()
        self._follow()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Follow the end as long as it is in view."""
        super().watch_scroll_y(old_value, new_value)
        self.follows = round(new_value) >= self.max_scroll_y

    def fold_all(self) -> None:
        """Fold all kept text to the current width."""
        self._folded, self._heights = [], deque()
        if self._forgotten:
            self._folded.append(self._marker())
        self._fold_in(self._kept)
        self._fold_rest()

    def flush(self) -> None:
        """Show what has arrived; called by a timer."""
        self._due = False
        arrived = "".join(self._arrived)
        self._arrived.clear()
        if self._tail_arrived is not None:
            self._tail, self._tail_continues = _tail_lines(*self._tail_arrived), not self._tail_arrived[0]
            self._tail_arrived = None
        self._take_in(arrived)
        self._fold_rest()
        self.measure()
        self._follow()
        self.refresh()

    def _flush_soon(self) -> None:
        if not self._due and self.is_mounted:
            self._due = True
            self.set_timer(FLUSH_S, self.flush)

    def _take_in(self, text: str) -> None:
        """Keep the lines of `text` that will stay, and count the others."""
        lines = (self._open + text).split("\n")
        self._open = lines.pop()
        if len(self._open) > LONGEST:
            *broken, self._open = (self._open[at : at + LONGEST] for at in range(0, len(self._open), LONGEST))
            lines.extend(broken)
        new = self._last_of(lines)
        self._characters += sum(map(len, new))
        dropped, removed = len(lines) - len(new), 0
        while self._kept and (len(self._kept) + len(new) > self.max_lines or self._characters > MOST):
            self._characters -= len(self._kept.popleft())
            removed += self._heights.popleft()
            dropped += 1
        self._drop_folded(removed, dropped)
        self._kept.extend(new)
        self._fold_in(new)

    def _last_of(self, lines: list[str]) -> list[str]:
        """The last of the new `lines`, as many as may be kept."""
        room, first = MOST, len(lines)
        while first > max(0, len(lines) - self.max_lines) and room >= len(lines[first - 1]):
            first -= 1
            room -= len(lines[first])
        return lines[first:]

    def _drop_folded(self, removed: int, dropped: int) -> None:
        """Remove `removed` folded lines from the top, say so there, and keep the view in place."""
        if not dropped:
            return
        marked = 1 if self._forgotten else 0
        self._forgotten += dropped
        del self._folded[: removed + marked]
        self._folded.insert(0, self._marker())
        moved = removed + marked - 1
        if not self.follows and moved:
            self.scroll_to(y=max(0, self.scroll_offset.y - moved), animate=False, force=True)

    def _marker(self) -> Line:
        return Line(f"…{self._forgotten:,} earlier lines not shown…", "dim")

    def _fold_in(self, lines: deque[str] | list[str]) -> None:
        for line in lines:
            parts = folded([Line(line)], self._width)
            self._heights.append(len(parts))
            self._folded.extend(parts)

    def _fold_rest(self) -> None:
        tail = list(self._tail)
        if self._open and tail and self._tail_continues:
            tail[0] = Line(self._open + tail[0].text)  # one line, whose end can still change
        elif self._open:
            tail.insert(0, Line(self._open))
        self._rest = folded(tail, self._width)

    def _follow(self) -> None:
        if self.follows:
            self.scroll_to(y=self._end, animate=False, force=True)

    @property
    def _end(self) -> int:
        """The scroll position of the end."""
        return self.max_scroll_y


def _tail_lines(dropped: int, text: str) -> list[Line]:
    marker = [Line(f"…{dropped:,} bytes not shown…", "dim")] if dropped else []
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    return [*marker, *(Line(line) for line in lines)]
