"""A line cell by cell, as a terminal shows it: what each column holds, and what remains when it is overwritten.

A character of two columns is followed by one empty cell, a tab by one for each further column: `"".join(cells)` is the
line.
"""

from __future__ import annotations

import functools
import unicodedata

TAB_STOP = 8
_MOST_MARKS = 16  # accents per character: more could make a line without end in a single cell


def cells_of(line: str) -> list[str]:
    """The cells of `line`."""
    cells: list[str] = []
    overwrite(cells, 0, line)
    return cells


def is_plain(text: str) -> bool:
    """Whether each character of `text` takes one column."""
    return text.isascii() and "\t" not in text


def overwrite(cells: list[str], column: int, text: str) -> int:
    """Write `text` into `cells` from `column` on, replacing what is there; returns the column after it."""
    if is_plain(text):
        _make_room(cells, column, len(text))
        cells[column : column + len(text)] = text
        return column + len(text)
    for char in text:
        column = _write_one(cells, column, char)
    return column


def blank(cells: list[str], start: int, end: int) -> None:
    """Erase the columns from `start` up to `end`; at the end of the line they are removed."""
    _part_at(cells, start)
    _part_at(cells, end)
    if end >= len(cells):
        del cells[start:]
    else:
        cells[start:end] = " " * (end - start)


def remove(cells: list[str], start: int, end: int) -> None:
    """Remove the columns from `start` up to `end`; the rest moves left."""
    _part_at(cells, start)
    _part_at(cells, end)
    _fix_tabs(cells, end)
    del cells[start:end]


def insert(cells: list[str], column: int, count: int) -> None:
    """Move everything from `column` on to the right by `count` blank columns."""
    _part_at(cells, column)
    if column < len(cells):
        _fix_tabs(cells, column)
        cells[column:column] = " " * count


def _write_one(cells: list[str], column: int, char: str) -> int:
    if char == "\t":
        return _tab(cells, column)
    width = _width(char)
    if width == 0 and (lead := _lead(cells, column - 1)) >= 0 and len(cells[lead]) <= _MOST_MARKS:
        cells[lead] += char
        return column
    width = max(1, width)
    _make_room(cells, column, width)
    cells[column : column + width] = [char, ""][:width]
    return column + width


def _tab(cells: list[str], column: int) -> int:
    """Keep a tab as one at the end of the line; before the end it only moves the cursor."""
    stop = (column // TAB_STOP + 1) * TAB_STOP
    if column >= len(cells):
        _make_room(cells, column, 0)
        cells += ["\t", *[""] * (stop - column - 1)]
    return stop


def _fix_tabs(cells: list[str], start: int) -> None:
    """Replace the tabs from `start` on by blanks: moved elsewhere, a tab would have another width."""
    for column in range(start, len(cells)):
        if cells[column] == "\t":
            stop = (column // TAB_STOP + 1) * TAB_STOP
            cells[column:stop] = " " * (stop - column)


def _make_room(cells: list[str], column: int, width: int) -> None:
    """Extend the line to `column`, and split characters that would be cut at the columns from there on."""
    if column > len(cells):
        cells.extend(" " * (column - len(cells)))
    _part_at(cells, column)
    _part_at(cells, column + width)


def _part_at(cells: list[str], column: int) -> None:
    """Replace by blanks a character that crosses the border before `column`: half of it cannot stay."""
    if column >= len(cells) or cells[column]:
        return
    first, last = _lead(cells, column), column
    while last < len(cells) and not cells[last]:
        last += 1
    cells[first:last] = " " * (last - first)


def _lead(cells: list[str], column: int) -> int:
    """The cell where the character shown in `column` begins; -1 when there is none."""
    if column >= len(cells):
        return -1
    while column > 0 and not cells[column]:
        column -= 1
    return column


@functools.lru_cache(maxsize=4096)
def _width(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
