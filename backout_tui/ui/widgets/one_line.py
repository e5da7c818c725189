"""One line of words in a few tones, with something at its right end; it paints only what changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from msgspec import Struct
from rich.cells import cell_len, get_character_cell_size
from textual.geometry import Region
from textual.strip import Strip

from backout_tui.domain.text import clean_line
from backout_tui.ui.widgets.lines import fit, painted
from backout_tui.ui.widgets.toned import Toned


class Word(Struct, frozen=True):
    """A piece of a line; its text may come from outside, and `tone` is a word of the line's style classes."""

    text: str
    tone: str = ""


MOST_SAID = 6
"""Lines that a message may take in place of the keys: a refusal ends with what to do, which must not be cut."""


def on_lines(words: Iterable[Word], widths: Sequence[int]) -> list[list[Word]]:
    """Put `words` on lines of these widths, broken at spaces; cut the last line with `…` if they do not fit."""
    rest = [Word(clean_line(word.text), word.tone) for word in words]
    lines = []
    for index, width in enumerate(widths):
        whole = sum(cell_len(word.text) for word in rest) <= width
        kept, rest = _cut(rest, width, at_space=not whole and index < len(widths) - 1)
        lines.append(kept)
    return lines


def _cut(words: list[Word], width: int, *, at_space: bool) -> tuple[list[Word], list[Word]]:
    """Return the words that fit into `width` cells, and the others; the first that does not fit is split."""
    kept: list[Word] = []
    left = width
    for index, word in enumerate(words):
        if cell_len(word.text) <= left:
            kept.append(word)
            left -= cell_len(word.text)
            continue
        if not at_space:
            return [*kept, Word(fit(word.text, left), word.tone)] if left > 0 else kept, []
        head = word.text[:left].rpartition(" ")[0]
        tail = Word(word.text[len(head) :].lstrip(" "), word.tone)
        return [*kept, Word(head, word.tone)], [tail, *words[index + 1 :]]
    return kept, []


def wholly(groups: Sequence[Sequence[Word]], width: int, gap: str = "  ") -> list[Word]:
    """Return as many of the first `groups` as fit whole into `width` cells, with `gap` between them."""
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


def changed_cells(before: Sequence[Word], after: Sequence[Word]) -> list[Region]:
    """The cells from the first to the last that differ between `before` and `after`; [] when none does."""
    old, new = _signs(before), _signs(after)
    if len(old) != len(new):
        return [Region(0, 0, max(len(old), len(new)), 1)]
    changed = [at for at, (one, other) in enumerate(zip(old, new, strict=True)) if one != other]
    return [Region(changed[0], 0, changed[-1] - changed[0] + 1, 1)] if changed else []


def _signs(words: Iterable[Word]) -> list[tuple[str, str]]:
    """What each cell shows: a sign and its tone; the second cell of a wide sign is empty."""
    signs: list[tuple[str, str]] = []
    for word in words:
        for character in word.text:
            width = get_character_cell_size(character)
            if width:
                signs += [(character, word.tone), *[("", word.tone)] * (width - 1)]
            elif signs:
                signs[-1] = (signs[-1][0] + character, signs[-1][1])
    return signs


class OneLine(Toned):
    """A line that `say` fills: words from the left, and words that stay at the right end of the first line.

    It grows to more lines if its words need them and `most` allows it.
    """

    PREFIX = "one-line"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "one-line--dim",
        "one-line--strong",
        "one-line--good",
        "one-line--bad",
        "one-line--warning",
        "one-line--key",
        "one-line--loud",
        "one-line--alarm",
    }
    DEFAULT_CSS = """
    OneLine {
        height: 1;
        padding: 0 1;
    }
    """

    def __init__(self, *, most: int = 1, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's
        """Begin empty, with at most `most` lines."""
        super().__init__(id=id, classes=classes)
        self.most = most
        self._left: tuple[Word, ...] = ()
        self._right: tuple[Word, ...] = ()

    def say(self, left: Iterable[Word], right: Iterable[Word] = ()) -> None:
        """Show these words from now on; only cells that change are painted."""
        words = tuple(left), tuple(right)
        if words == (self._left, self._right):
            return
        before, lines = self._line(0), self.size.height
        self._left, self._right = words
        self._grow()
        if lines != 1 or not before:
            self.refresh()
        elif changed := changed_cells(before, self._line(0)):
            self.refresh(*changed)

    @property
    def text(self) -> str:
        """What the line says, without tones."""
        return "".join(word.text for word in (*self._left, *self._right))

    def on_resize(self) -> None:
        """Fit the number of lines to the new width."""
        self._grow()

    def render_line(self, y: int) -> Strip:
        """Paint one of the lines."""
        return painted(
            [(word.text, self.tone(word.tone, self.rich_style)) for word in self._line(y)], self.content_size.width
        )

    def _line(self, y: int) -> list[Word]:
        """The words that fill the line `y`."""
        width = self.content_size.width
        if width <= 0:
            return []
        right = self._right_words(width) if y == 0 else []
        left = on_lines(self._left, self._widths(width))[y] if y < self.most else []
        return [*left, Word(" " * (width - _cells(left) - _cells(right))), *right]

    def _grow(self) -> None:
        if self.most > 1 and (width := self.content_size.width) > 0:
            needed = max(1, sum(map(bool, on_lines(self._left, self._widths(width)))))
            if self.styles.height is None or self.styles.height.value != needed:
                self.styles.height = needed

    def _widths(self, width: int) -> list[int]:
        right = _cells(self._right_words(width))
        return [width - right - (1 if right else 0), *[width] * (self.most - 1)]

    def _right_words(self, width: int) -> list[Word]:
        return on_lines(self._right, [width // 2])[0]


def _cells(words: Iterable[Word]) -> int:
    return sum(cell_len(word.text) for word in words)
