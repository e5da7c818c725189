"""Lays a topic out for a terminal: Markdown becomes lines that fit, so that it reads well over SSH."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator, Sequence

WIDE = 80
"""The width of a terminal that nobody has widened; longer lines are tiring to read on any."""

_NOT_FOR_TERMINALS = re.compile(r"^(?:<!--.*-->|!\[.*\]\(.*\))$")
"""Comments and pictures, which are left out."""
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^(`{3,})")
_ITEM = re.compile(r"^(\s*(?:[-*]|\d+\.) )(.*)$")
_CODE = re.compile(r"`[^`]+`")
_ONLY_CODE = re.compile(r"(?:`[^`]+`[, ]*)+")
_TOGETHER = "\0"
"""Stands for a space inside a code span, where a line must not break."""


def page(markdown: str, wide: int = WIDE) -> str:
    """Return the text of a topic in lines of at most `wide` columns; only verbatim text may be longer."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(_lines(markdown.rstrip("\n").split("\n"), wide)))


def _lines(lines: Sequence[str], wide: int) -> Iterator[str]:
    at = 0
    while at < len(lines):
        line, end = lines[at], at + 1
        if fence := _FENCE.match(line):
            end = lines.index(fence[1], at + 1) + 1
            yield from (f"    {one}".rstrip() for one in lines[at + 1 : end - 1])
        elif line.startswith("|"):
            end = _end(lines, at, lambda one: one.startswith("|"))
            yield from _table(lines[at:end], wide)
        elif line.startswith("#"):
            yield line.lstrip("# ").replace("`", "").upper()
        elif not line.strip():
            yield ""
        elif not _NOT_FOR_TERMINALS.match(line):
            end = _end(lines, at, _goes_on)
            yield from _paragraph(lines[at:end], wide)
        at = end


def _goes_on(line: str) -> bool:
    return bool(line.strip()) and not line.startswith(("|", "#", "```", "<!--")) and not _ITEM.match(line)


def _end(lines: Sequence[str], start: int, goes_on: Callable[[str], bool]) -> int:
    """Return the index after the last line that belongs to the group starting at `start`."""
    return next((at for at in range(start + 1, len(lines)) if not goes_on(lines[at])), len(lines))


def _paragraph(lines: Sequence[str], wide: int) -> list[str]:
    """Lay out a paragraph, or one item of a list with its mark in front."""
    item = _ITEM.match(lines[0])
    mark, first = (item[1], item[2]) if item else ("", lines[0])
    return _fitted(_plain(" ".join([first, *(line.strip() for line in lines[1:])])), wide, mark)


def _plain(text: str) -> str:
    """Return the text without Markdown's marks for bold and links; code keeps its marks to show where it ends."""
    return _LINK.sub(lambda link: f"{link[1]} ({link[2]})", text.replace("**", ""))


def _fitted(text: str, wide: int, mark: str) -> list[str]:
    """Break the text into lines with `mark` before the first; indent the others to match."""
    text = _CODE.sub(lambda code: code[0].replace(" ", _TOGETHER), text)
    lines = textwrap.wrap(
        text, wide, initial_indent=mark, subsequent_indent=" " * len(mark),
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    return [line.replace(_TOGETHER, " ") for line in lines]


def _table(lines: Sequence[str], wide: int) -> Iterator[str]:
    """Lay out a table; the last column gets the room that the others leave, and its text wraps in place.

    If the first column is blank in some rows, it names groups: each name gets its own line.
    """
    heading, _, *rows = [[_cell(cell) for cell in line.strip("|").split("|")] for line in lines]
    grouped = any(not row[0] for row in rows)
    left = "  " if grouped else ""
    shown = rows if grouped else [heading, *rows]
    columns = range(1 if grouped else 0, len(heading) - 1)
    widths = {column: max(len(row[column]) for row in shown) for column in columns}
    for row in shown:
        if grouped and row[0]:
            yield row[0]
        mark = "".join(f"{row[column].ljust(width)}  " for column, width in widths.items())
        yield from _fitted(row[-1], wide, left + mark)


def _cell(text: str) -> str:
    """Return a cell's text; a cell that is all code loses its marks."""
    plain = _plain(text.strip())
    return plain.replace("`", "") if _ONLY_CODE.fullmatch(plain) else plain
