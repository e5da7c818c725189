"""Lists in the place of headings: each item is read as one step or check."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from backout_tui.domain.plan.plan import Block, Fact
from backout_tui.planfile.document import Document, Heading, Item, Span, within, without_comments
from backout_tui.planfile.reader_remarks import Remarks
from backout_tui.planfile.reading.bodies import read_blocks
from backout_tui.planfile.reading.facts import read_facts

_MARKER = re.compile(r"^[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]{1,4}(?=\S)|[ \t]?)")
_BOX = re.compile(r"^\[[ xX~-]\][ \t]+")


class Listed(Struct, frozen=True):
    """One item of a list as a step or check: `number` as Markdown counts it, None for a bullet."""

    number: int | None
    title: str
    facts: tuple[Fact, ...]
    blocks: tuple[Block, ...]
    line: int
    line_end: int


def items_as_steps(document: Document, span: Span) -> Sequence[Item]:
    """The items that are steps in `span`: those of numbered lists, or else those of bullet lists."""
    items = within(document.items, span.start, span.end)
    return [item for item in items if item.number is not None] or items


def read_listed(document: Document, items: Sequence[Item], end: int, place: str, remarks: Remarks) -> list[Listed]:
    """The `items`, each with everything before the next; `end` is the line after the last item.

    Bullets inside an item that are facts of `place` (a step or a check) become its facts.
    """
    ends = [item.start for item in items[1:]] + [end]
    return [_read_item(document, item, until, place, remarks) for item, until in zip(items, ends, strict=True)]


def item_text(document: Document, item: Item) -> str:
    """The first paragraph of an item on one line, without its marker and box."""
    words = [_BOX.sub("", _MARKER.sub("", document.lines[item.start]))]
    for index in range(item.start + 1, item.end):
        line = document.lines[index].strip()
        if not line or _MARKER.match(line) or line.startswith(("```", "~~~", ">")):
            break
        words.append(line)
    return " ".join(words).strip()


def _read_item(document: Document, item: Item, end: int, place: str, remarks: Remarks) -> Listed:
    inner = _inner_document(document, item, end)
    title_span = inner.first or Span(0, 0)
    read = read_facts(inner, Span(title_span.end, len(inner.lines)), place, remarks)
    blocks = read_blocks(inner, read.rest)
    whole = document.trimmed(item.start, end)
    last = max(whole.start, whole.end - 1)
    first_line, last_line = document.number(whole.start), document.number(last)
    return Listed(item.number, _title(inner), tuple(read.facts), blocks, first_line, last_line)


def _title(inner: Document) -> str:
    """The first paragraph or heading of an item on one line; "" if it begins with something else."""
    if inner.first is None:
        return ""
    if inner.headings and inner.headings[0].start == inner.first.start:
        return inner.headings[0].text
    words = without_comments(inner.text(inner.first.start, inner.first.end)).split()
    return _BOX.sub("", " ".join(words))


def _inner_document(document: Document, item: Item, end: int) -> Document:
    """The text inside an item, and below it at the left margin, as a document of its own."""
    marker = _MARKER.match(document.lines[item.start])
    width = marker.end() if marker else 0
    lines = [document.lines[item.start][width:]]
    lines += [_dedented(line, width) for line in document.lines[item.start + 1 : item.end]]
    lines += document.lines[item.end : end]
    numbers = document.numbers[item.start : end]
    inner = Document(lines, numbers)
    later = [heading for heading in inner.headings if heading.start >= (inner.first or Span(0, 0)).end]
    for heading in later:
        _make_text(lines, heading)
    return Document(lines, numbers) if later else inner


def _dedented(line: str, width: int) -> str:
    lead = line[: len(line) - len(line.lstrip(" \t"))]
    if "\t" in lead[:width]:
        lead = lead.expandtabs(4)
    return lead[min(width, len(lead)) :] + line.lstrip(" \t")


def _make_text(lines: list[str], heading: Heading) -> None:
    """Rewrites a heading inside an item so that it stays inside when the item itself becomes a heading."""
    at = heading.start if lines[heading.start].lstrip().startswith("#") else heading.end - 1
    lines[at] = f"\\{lines[at].lstrip()}"
