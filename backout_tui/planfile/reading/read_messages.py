"""The section `Communication`: each message is a heading, its facts, and a block quote."""

from __future__ import annotations

import re

from backout_tui.domain.plan.plan import Message
from backout_tui.planfile.document import Span, within
from backout_tui.planfile.reading.book import Book
from backout_tui.planfile.reading.facts import read_facts
from backout_tui.planfile.reading.outline import Node

_QUOTE_MARK = re.compile(r"^ {0,3}> ?")


def read_messages(book: Book, node: Node) -> None:
    """Reads the messages below `node` into `book`."""
    taken: dict[str, int] = {}
    for child in node.children:
        book.messages.append(_read_message(book, child, taken))
    book.keep_rest("communication", node, [node.body])


def _read_message(book: Book, node: Node, taken: dict[str, int]) -> Message:
    line = book.line(node)
    title = _own_title(book, node.title, line, taken)
    read = read_facts(book.document, node.body, "message", book.remarks)
    spans = [*read.rest[:-1], Span(read.rest[-1].start, node.end)]
    quoted: list[str] = []
    notes: list[Span] = []
    text_line = 0
    for span in spans:
        at = span.start
        for quote in within(book.document.quotes, span.start, span.end):
            quoted.append(_unquoted(book, quote))
            text_line = text_line or _first_said(book, quote)
            notes.append(Span(at, quote.start))
            at = quote.end
        notes.append(Span(at, span.end))
    text = "\n\n".join(one for one in quoted if one)
    if not text:
        message = "this message has no text: write it below as a block quote, each line after `> `"
        book.remarks.add("no-message-text", line, message, title)
    return Message(title, tuple(read.facts), text, book.prose_of(notes), line, book.last_line(node), text_line)


def _own_title(book: Book, title: str, line: int, taken: dict[str, int]) -> str:
    """The title, with its line appended if an earlier message has it: the title identifies a message."""
    own = title
    while own in taken:
        own = f"{own} (line {line})"
    if own != title:
        where = book.remarks.place(taken[title])
        message = f"the message `{title}` is already in {where}; this one is read as `{own}`: give it its own title"
        book.remarks.add("duplicate-message", line, message, own)
    taken[own] = line
    return own


def _first_said(book: Book, quote: Span) -> int:
    """The line, from 1, of the first text in a quote; 0 if it has none."""
    said = (at for at in range(quote.start, quote.end) if _QUOTE_MARK.sub("", book.document.lines[at]).strip())
    return next(map(book.document.number, said), 0)


def _unquoted(book: Book, quote: Span) -> str:
    lines = [_QUOTE_MARK.sub("", line) for line in book.document.lines[quote.start : quote.end]]
    while lines and not lines[-1].strip():
        lines.pop()
    while lines and not lines[0].strip():
        lines.pop(0)
    return "\n".join(lines)
