"""One line of words in a few tones, with something at its right end; painted only when it says something new."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from backout_tui.domain.text import clean_line
from backout_tui.ui.lines import fit, painted


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of a line; text from outside is welcome, `tone` is a word of the line's style classes."""

    text: str
    tone: str = ""


def shortened(words: Iterable[Word], width: int) -> list[Word]:
    """`words` on at most `width` cells, the last one cut with `…` when they do not fit."""
    kept: list[Word] = []
    left = width
    for word in words:
        text = clean_line(word.text)
        cells = cell_len(text)
        if cells > left:
            if left > 0:
                kept.append(Word(fit(text, left), word.tone))
            break
        kept.append(Word(text, word.tone))
        left -= cells
    return kept


def wholly(groups: Sequence[Sequence[Word]], width: int, gap: str = "  ") -> list[Word]:
    """As many of `groups` from the first on as fit whole on `width` cells, `gap` between them."""
    words: list[Word] = []
    left = width
    for group in groups:
        between = gap if words else ""
        needed = sum(cell_len(word.text) for word in group) + len(between)
        if needed > left:
            break
        words += [Word(between), *group] if between else group
        left -= needed
    return words


class OneLine(Widget):
    """A line that `say` fills: words from the left, and words that stay at the right end while there is room."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "one-line--dim",
        "one-line--strong",
        "one-line--good",
        "one-line--bad",
        "one-line--warning",
        "one-line--key",
        "one-line--loud",
    }
    DEFAULT_CSS = """
    OneLine {
        height: 1;
        padding: 0 1;
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        """Begin empty."""
        super().__init__(id=id, classes=classes)
        self._left: tuple[Word, ...] = ()
        self._right: tuple[Word, ...] = ()

    def say(self, left: Iterable[Word], right: Iterable[Word] = ()) -> None:
        """Show these words from now on."""
        words = tuple(left), tuple(right)
        if words != (self._left, self._right):
            self._left, self._right = words
            self.refresh()

    @property
    def text(self) -> str:
        """What it says, without tones."""
        return "".join(word.text for word in (*self._left, *self._right))

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - there is one line only
        """Paint the line."""
        width = self.content_size.width
        right = shortened(self._right, width // 2)
        right_width = sum(cell_len(word.text) for word in right)
        left = shortened(self._left, width - right_width - (1 if right else 0))
        between = width - right_width - sum(cell_len(word.text) for word in left)
        pieces = [(word.text, self._tone(word.tone)) for word in (*left, Word(" " * between), *right)]
        return painted(pieces, width)

    def _tone(self, tone: str) -> Style:
        name = f"one-line--{tone}"
        return self.get_component_rich_style(name) if name in self.COMPONENT_CLASSES else self.rich_style
