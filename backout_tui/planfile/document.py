"""A Markdown document as lines, with the places of its headings, fences, quotes, tables and lists."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from collections.abc import Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Protocol, TypeVar

from msgspec import Struct

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_DEEPEST = 120  # lists count twice; the parser recurses for each, and Python allows about a thousand calls
_START = attrgetter("start")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


class Span(Struct, frozen=True):
    """The lines from `start` up to, but not including, `end`; both count from 0."""

    start: int
    end: int


class Heading(Span, frozen=True):
    """A heading outside lists and quotes; `level` from 1 to 6."""

    level: int
    text: str


class Fence(Span, frozen=True):
    """Fenced code; `marks` are the characters that open it. `nested` in a list or quote, `quoted` in a quote."""

    info: str
    text: str
    marks: str
    closed: bool
    nested: bool
    quoted: bool


class Item(Span, frozen=True):
    """One item of a list at the left margin; `number` as written, None for a bullet."""

    number: int | None


class _Placed(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


P = TypeVar("P", bound=_Placed)


class Document:
    """The lines of a document and what Markdown finds in them. `numbers` are the lines' source numbers, from 1."""

    def __init__(self, lines: list[str], numbers: list[int]) -> None:
        self.lines = lines
        self.numbers = numbers
        self.headings: list[Heading] = []
        self.fences: list[Fence] = []
        self.quotes: list[Span] = []
        self.tables: list[Span] = []
        self.items: list[Item] = []
        self.hidden: set[int] = set()  # lines of HTML comments
        self.too_deep: int | None = None  # the line where the nesting was too deep: nothing after it was parsed
        self.first: Span | None = None  # the first block, if it is a paragraph or a heading
        self._find(_parser().parse("\n".join(lines)))

    def number(self, index: int) -> int:
        """The source line, from 1, of line `index`."""
        return self.numbers[min(index, len(self.numbers) - 1)] if self.numbers else 1

    def trimmed(self, start: int, end: int) -> Span:
        """The span without the blank lines at both ends."""
        while start < end and not self.lines[end - 1].strip():
            end -= 1
        while start < end and not self.lines[start].strip():
            start += 1
        return Span(start, end)

    def text(self, start: int, end: int) -> str:
        """The lines as written, without blank lines at both ends."""
        span = self.trimmed(start, end)
        return "\n".join(self.lines[span.start : span.end])

    def _find(self, tokens: list[Token]) -> None:
        quote_depth = 0
        for at, token in enumerate(tokens):
            if token.type == "fence":
                self._add_fence(token, quoted=quote_depth > 0)
            elif token.type == "heading_open" and token.level == 0:
                self._add_heading(token, tokens[at + 1].content)
            elif token.map:
                self._add_span(token, Span(*token.map))
            quote_depth += token.nesting if token.type.startswith("blockquote") else 0
        deep = (token.map[0] for token in tokens if token.level >= _DEEPEST - 1 and token.map)
        self.too_deep = next(deep, None)
        if tokens and tokens[0].type in ("paragraph_open", "heading_open"):
            self.first = Span(*(tokens[0].map or (0, 0)))

    def _add_span(self, token: Token, span: Span) -> None:
        match token.type, token.level:
            case "blockquote_open", 0:
                self.quotes.append(span)
            case "table_open", 0:
                self.tables.append(span)
            case "list_item_open", 1:
                self.items.append(Item(span.start, span.end, int(token.info) if token.info else None))
            case "comment", _:
                self.hidden.update(range(span.start, span.end))

    def _add_heading(self, token: Token, text: str) -> None:
        start, end = token.map or (0, 0)
        # Several lines above `---` are far likelier a paragraph and a rule than one long heading.
        if "\n" not in text:
            self.headings.append(Heading(start, end, int(token.tag[1:]), without_comments(text).strip()))

    def _add_fence(self, token: Token, *, quoted: bool) -> None:
        start, end = token.map or (0, 0)
        body_lines = token.content.count("\n") + (not token.content.endswith("\n") and token.content != "")
        closed = end - start - 2 == body_lines
        info, text = token.info.strip(), token.content.removesuffix("\n")
        self.fences.append(Fence(start, end, info, text, token.markup, closed, token.level > 0, quoted))


def without_comments(text: str) -> str:
    """`text` without its HTML comments."""
    return _COMMENT.sub("", text) if "<!--" in text else text


def within(spans: Sequence[P], start: int, end: int) -> Sequence[P]:
    """The part of `spans` (in order) that begins in the lines from `start` to `end`."""
    return spans[bisect_left(spans, start, key=_START) : bisect_left(spans, end, key=_START)]


@functools.cache
def _parser() -> MarkdownIt:
    from backout_tui.planfile import blocks  # imported here: markdown-it takes as long to import as all else

    return blocks.parser(_DEEPEST)
