"""Typed text as Markdown that says the same: none of it becomes structure, and nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

from backout_tui.domain.plan.expectations import why_unread
from backout_tui.domain.text import clean

_MARKER = re.compile(r"^(?:[-*+•]|\d{1,9}[.)])[ \t]+(?=\S)")
_OPENER = re.compile(r"^(?:[-*+](?=\s|$)|#{1,6}(?=\s|$)|>|`{3}|~{3}|\[[ xX~-]\]\s)")
_COUNTING = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")


def lines_of(typed: str) -> Iterator[str]:
    """The lines that are not blank, cleaned and stripped."""
    for line in clean(typed.replace("\r\n", "\n").replace("\r", "\n")).split("\n"):
        if stripped := line.strip():
            yield stripped


def on_one_line(typed: str) -> str:
    """All of it on one line, as the value of a fact, the title of an item or a table's cell."""
    return " ".join(" ".join(lines_of(typed)).split()).replace("<!--", "<\\!--")


def as_item(line: str) -> str:
    """A line as the text of a list item or a heading, without the list marker that was typed before it."""
    text = on_one_line(_MARKER.sub("", line, count=1))
    return _COUNTING.sub(r"\1\\\2", f"\\{text}" if _OPENER.match(text) else text)


def as_expectation(literal: str) -> str:
    """A literal in a code span, as `Expect:` needs it; a code span and a pattern between slashes stay as they are.

    `literal` is one line that is not blank.
    """
    if not why_unread(literal):
        return literal
    ticks = "`" * (1 + max((len(run) for run in re.findall("`+", literal)), default=0))
    gap = " " if literal[0] in "` " or literal[-1] in "` " else ""
    return f"{ticks}{gap}{literal}{gap}{ticks}"
