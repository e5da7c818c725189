"""Lines of text in terminal cells: cut to a width, folded to a width, painted as a strip."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from backout_tui.domain.text import clean_line


def fit(text: str, width: int, *, right: bool = False) -> str:
    """Return `text` from outside on exactly `width` cells: padded, or cut with `…`."""
    line = clean_line(text)
    space = width - cell_len(line)
    if space >= 0:
        return " " * space + line if right else line + " " * space
    return set_cell_size(line, width - 1) + "…" if width > 0 else ""


def fold(text: str, width: int) -> list[str]:
    """Return `text` from outside as one or more lines of at most `width` cells, with nothing left out.

    A line breaks after a space if there is one in its second half, else anywhere.
    """
    line = clean_line(text.expandtabs(8) if "\t" in text else text)
    if width <= 0 or (len(line) <= width and line.isascii()):
        return [line]
    width, at, lines = max(width, 2), 0, []  # a wide character needs two cells
    while at < len(line):
        part = line[at : at + width]
        if not part.isascii():
            part = _at_most(part, width)
        after = at + len(part)
        if after < len(line) and line[after] != " " and (space := part.rfind(" ") + 1) > len(part) // 2:
            part = part[:space]
        lines.append(part)
        at += len(part)
    return lines


def _at_most(text: str, width: int) -> str:
    """As much of `text` as `width` cells hold."""
    while cell_len(text) > width:
        text = text[:-1]
    return text


def painted(pieces: Iterable[tuple[str, Style]], width: int) -> Strip:
    """Return `pieces` that fill `width` cells as one strip with few changes of style: each change costs 40 bytes."""
    merged: list[tuple[str, Style]] = []
    for text, style in pieces:
        if merged and _joins(text, style, merged[-1][1]):
            merged[-1] = (merged[-1][0] + text, merged[-1][1])
        elif text:
            merged.append((text, style))
    return Strip([Segment(text, style) for text, style in merged], width)


def _joins(text: str, style: Style, before: Style) -> bool:
    if style == before:
        return True
    plain = not (before.reverse or before.underline or before.strike or style.reverse or style.underline)
    return plain and not text.strip(" ") and style.bgcolor == before.bgcolor
