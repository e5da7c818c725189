"""What people type, as Markdown that says the same: nothing of it becomes structure, and nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

from backout_tui.domain.text import clean

_MARKER = re.compile(r"^(?:[-*+•]|\d{1,9}[.)])[ \t]+(?=\S)")
_OPENER = re.compile(r"^(?:[-*+](?=\s|$)|#{1,6}(?=\s|$)|>|`{3}|~{3}|\[[ xX~-]\]\s)")
_COUNTING = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
_CODE_SPAN = re.compile(r"^(`+)(?!`)(?:.*[^`])\1$")
_PATTERN = re.compile(r"^/.+/$")


def lines_of(typed: str) -> Iterator[str]:
    """The lines that are not blank, inert, without blanks around them."""
    for line in clean(typed.replace("\r\n", "\n").replace("\r", "\n")).split("\n"):
        if stripped := line.strip():
            yield stripped


def on_one_line(typed: str) -> str:
    """All of it on one line, as the value of a fact, the title of an item or a table's cell."""
    return " ".join(" ".join(lines_of(typed)).split()).replace("<!--", "<\\!--")


def as_item(line: str) -> str:
    """A line as the text of a list's item or of a heading; a list's mark that was typed before it is taken off."""
    text = on_one_line(_MARKER.sub("", line, count=1))
    return _COUNTING.sub(r"\1\\\2", f"\\{text}" if _OPENER.match(text) else text)


def as_expectation(literal: str) -> str:
    """A literal in a code span, as an `Expect:` wants it; a code span and a pattern between slashes stay as they are.

    `literal` is one line, not blank.
    """
    if _CODE_SPAN.match(literal) or (_PATTERN.match(literal) and _is_pattern(literal[1:-1])):
        return literal
    ticks = "`" * (1 + max((len(run) for run in re.findall("`+", literal)), default=0))
    gap = " " if literal[0] in "` " or literal[-1] in "` " else ""
    return f"{ticks}{gap}{literal}{gap}{ticks}"


def _is_pattern(text: str) -> bool:
    try:
        re.compile(text, re.MULTILINE)
    except (re.error, OverflowError, RecursionError):
        return False
    return True
