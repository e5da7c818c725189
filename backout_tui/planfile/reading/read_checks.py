"""The section `Verification`."""

from __future__ import annotations

from backout_tui.domain.plan.plan import Check
from backout_tui.planfile.document import Span
from backout_tui.planfile.reading.bodies import read_blocks
from backout_tui.planfile.reading.book import Book
from backout_tui.planfile.reading.facts import read_facts
from backout_tui.planfile.reading.lists import items_as_steps, read_listed
from backout_tui.planfile.reading.numbering import lettered
from backout_tui.planfile.reading.outline import Node


def letters_in(node: Node) -> set[str]:
    """The letters in the headings directly below `node`."""
    return {name for child in node.children if (name := lettered(child.title).name)}


def read_checks(book: Book, node: Node) -> None:
    """Reads the checks below `node` into `book`."""
    if node.children:
        book.verification = [_read_check(book, child) for child in node.children]
        book.keep_rest("verification", node, [node.body])
        return
    items = items_as_steps(book.document, node.body)
    if not items:
        book.keep_rest("verification", node, [node.body])
        return
    message = "the items of this list are read as checks; a check of a plan is a heading, `### A. What must be true`"
    book.remarks.add("list-checks", book.document.number(items[0].start), message)
    book.verification = [
        Check(book.checks.free("", one.line), one.title, one.facts, one.blocks, one.line, one.line_end)
        for one in read_listed(book.document, items, node.body.end, "check", book.remarks)
    ]
    book.keep_rest("verification", node, [Span(node.body.start, items[0].start)])


def _read_check(book: Book, node: Node) -> Check:
    named = lettered(node.title)
    line = book.line(node)
    letter = book.checks.give(named.name, line) if named.name else book.checks.free("", line)
    if not named.name:
        book.remarks.add("no-letter", line, f"this check has no letter and is read as {letter}: write it", letter)
    read = read_facts(book.document, node.body, "check", book.remarks)
    spans = [*read.rest[:-1], Span(read.rest[-1].start, node.end)]
    blocks = read_blocks(book.document, spans)
    return Check(letter, named.title, tuple(read.facts), blocks, line, book.last_line(node))
