"""HTML comments as a block rule of the Markdown parser. Other HTML stays text, so that headings inside it count."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.rules_block import StateBlock

_NO_END = "no comment ends"


def html_comment(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Take the lines of a comment that begins a line. One that never ends is text, and hides nothing."""
    if state.is_code_block(start_line) or state.env.get(_NO_END):
        return False
    start = state.bMarks[start_line] + state.tShift[start_line]
    if not state.src.startswith("<!--", start):
        return False
    end = state.src.find("-->", start + 4)
    if end < 0:
        state.env[_NO_END] = True
        return False
    last_line = bisect_left(state.eMarks, end)
    if last_line >= end_line:
        return False
    if last_line == start_line and state.src[end + 3 : state.eMarks[start_line]].strip():
        return False  # a remark at the beginning of a line that says more
    if not silent:
        token = state.push("comment", "", 0)
        token.map = [start_line, last_line + 1]
        state.line = last_line + 1
    return True
