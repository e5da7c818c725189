"""What a list shows: rows of cells, columns, and the rule that divides a width among them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from backout_tui.ui.widgets.lines import fit

LEAST_FLEXIBLE = 12
"""Cells that the flexible column keeps while other columns can still be dropped."""


class Column(Struct, frozen=True):
    """One column: `width` in cells, 0 for the flexible one. When space is short, the highest `drop` goes first."""

    width: int = 0
    right: bool = False
    drop: int = 0


class Cell(Struct, frozen=True):
    """A piece of a row.

    `text` may come from outside; `tone` is one of the list's style classes; `span` counts the columns it covers.
    """

    text: str
    tone: str = ""
    span: int = 1


class Row(Struct, frozen=True):
    """One line of a list. `key` identifies what the row stands for; `tone` applies to its plain cells."""

    key: str
    cells: tuple[Cell | str, ...]
    tone: str = ""


def column_widths(columns: Sequence[Column], total: int) -> tuple[int, ...]:
    """The width of each column in `total` cells with a space between neighbours; 0 for a dropped column."""
    widths = [column.width for column in columns]
    may_go = sorted((index for index in range(len(columns)) if columns[index].drop), key=lambda i: -columns[i].drop)
    for index in may_go:
        if _needed(columns, widths) <= total:
            break
        widths[index] = -1
    return _shared(columns, widths, total)


def _needed(columns: Sequence[Column], widths: Sequence[int]) -> int:
    """The cells that the remaining columns need."""
    shown = [
        width or LEAST_FLEXIBLE if column.width == 0 else width
        for column, width in zip(columns, widths, strict=True)
        if width >= 0
    ]
    return sum(shown) + max(0, len(shown) - 1)


def _shared(columns: Sequence[Column], widths: Sequence[int], total: int) -> tuple[int, ...]:
    """Fixed widths from the left as far as they fit, each with a space; the flexible column takes the rest."""
    flexible = next((index for index, column in enumerate(columns) if column.width == 0 and widths[index] == 0), None)
    least = 0 if flexible is None else 1
    left = total + 1 - least
    shared = [0] * len(columns)
    for index, width in enumerate(widths):
        taken = min(width, left - least - 1)
        if taken > 0:
            shared[index] = taken
            left -= taken + 1
    if flexible is not None:
        shared[flexible] = max(0, left)
    return tuple(shared)


def cells_of(row: Row, columns: Sequence[Column], widths: Sequence[int]) -> Iterator[tuple[str, str]]:
    """The row as (text, tone) pieces that fill the widths and the spaces between them, cut or padded."""
    at, begun = 0, False
    for cell in row.cells:
        one = cell if isinstance(cell, Cell) else Cell(cell)
        covered = [width for width in widths[at : at + one.span] if width]
        right = at < len(columns) and columns[at].right
        at += one.span
        if covered:
            space = " " if begun else ""
            width = sum(covered) + len(covered) - 1
            yield space + fit(one.text, width, right=right), one.tone or row.tone
            begun = True


def matching(rows: Sequence[Row], text: str) -> tuple[Row, ...]:
    """The rows that contain `text` in any cell, ignoring case."""
    wanted = text.casefold()
    return tuple(row for row in rows if any(wanted in _text(cell).casefold() for cell in row.cells))


def _text(cell: Cell | str) -> str:
    return cell.text if isinstance(cell, Cell) else cell
