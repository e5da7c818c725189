"""The Markdown blocks that plans use: markdown-it's rules, each tried only on lines that can begin its block.

A line's first character leaves one or two of the ten rules. In a plan of 21,000 steps this halves the time of reading.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.parser_block import RuleFuncBlockType
from markdown_it.ruler import Ruler
from markdown_it.rules_block import (
    StateBlock,
    blockquote,
    code,
    fence,
    heading,
    hr,
    lheading,
    list_block,
    paragraph,
    table,
)

_NO_END = "no comment ends"
_CODE_INDENT = 4  # columns of indent from which a line may be code, whatever it begins with


def parser(deepest: int) -> MarkdownIt:
    """A parser for blocks only, which follows nested lists and quotes down to `deepest`."""
    made = MarkdownIt("zero", {"maxNesting": deepest}).disable("inline")
    made.block.ruler = _ByFirstCharacter()
    return made


def html_comment(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Takes the lines of a comment that begins a line. A comment that never ends is text, and hides nothing."""
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
        return False  # a comment at the beginning of a line with more text
    if not silent:
        token = state.push("comment", "", 0)
        token.map = [start_line, last_line + 1]
        state.line = last_line + 1
    return True


def table_lines(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Takes the lines of a table, but not its cells: those that are needed are read from the lines."""
    if not table(state, start_line, end_line, True):
        return False
    if silent:
        return True
    before, state.parentType = state.parentType, "table"
    ends, at = state.md.block.ruler.getRules("blockquote"), start_line + 2
    while at < end_line and not (state.isEmpty(at) or state.sCount[at] < state.blkIndent or state.is_code_block(at)):
        if any(rule(state, at, end_line, True) for rule in ends):
            break
        at += 1
    state.push("table_open", "table", 1).map = [start_line, at]
    state.push("table_close", "table", -1)
    state.parentType, state.line = before, at
    return True


_INSIDE = ("paragraph", "blockquote", "list")
_RULES: tuple[tuple[str, RuleFuncBlockType, tuple[str, ...], str], ...] = (
    ("comment", html_comment, (*_INSIDE, "table"), "<"),
    ("table", table_lines, ("paragraph",), ""),
    ("code", code, (), ""),
    ("fence", fence, _INSIDE, "`~"),
    ("blockquote", blockquote, _INSIDE, ">"),
    ("hr", hr, _INSIDE, "*-_"),
    ("list", list_block, ("paragraph", "blockquote"), "*+-0123456789"),
    ("heading", heading, ("paragraph", "blockquote"), "#"),
    ("lheading", lheading, (), ""),
    ("paragraph", paragraph, (), ""),
)
"""The rules in the order in which they are tried: name, rule, which blocks it ends, how its first line begins.

The last is "" if the line can begin with anything.
"""
_BEGINS = {rule: begins for _, rule, _, begins in _RULES if begins}


class _ByFirstCharacter(Ruler[RuleFuncBlockType]):
    """Combines the rules of a chain into one, which tries only those that fit the line's first character."""

    def __init__(self) -> None:
        super().__init__()
        for name, rule, ends, _ in _RULES:
            self.push(name, rule, {"alt": list(ends)})
        self._chains: dict[str, list[RuleFuncBlockType]] = {}

    def getRules(self, chainName: str = "") -> list[RuleFuncBlockType]:  # noqa: N802, N803 - markdown-it's own names
        """The one rule that stands for the whole chain."""
        if chainName not in self._chains:
            self._chains[chainName] = [_as_one(super().getRules(chainName))]
        return self._chains[chainName]


def _as_one(rules: Sequence[RuleFuncBlockType]) -> RuleFuncBlockType:
    left: dict[str, list[RuleFuncBlockType]] = {}

    def ask(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
        if state.sCount[start_line] - state.blkIndent >= _CODE_INDENT:
            asked: Sequence[RuleFuncBlockType] = rules
        else:
            at = state.bMarks[start_line] + state.tShift[start_line]
            first = state.src[at : at + 1]  # "" for the last line, if it is empty
            if first not in left:
                left[first] = [rule for rule in rules if first in _BEGINS.get(rule, first)]
            asked = left[first]
        for rule in asked:  # noqa: SIM110 - `any` would make a generator for each line
            if rule(state, start_line, end_line, silent):
                return True
        return False

    return ask
