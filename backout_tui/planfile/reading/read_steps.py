"""One step, from a heading and the text below it, or from the item of a list."""

from __future__ import annotations

import re

from backout_tui.domain.plan.plan import Fact, Step
from backout_tui.domain.spans import estimate
from backout_tui.planfile.document import Span
from backout_tui.planfile.reading.bodies import read_blocks
from backout_tui.planfile.reading.book import Book
from backout_tui.planfile.reading.facts import read_facts
from backout_tui.planfile.reading.lists import items_as_steps, read_listed
from backout_tui.planfile.reading.numbering import Named, numbered
from backout_tui.planfile.reading.outline import Node

_IN_TITLE = re.compile(r"\(([^()]{1,40})\)$")


def numbers_in(node: Node) -> set[str]:
    """The numbers in the headings below `node`, at any depth."""
    names = (numbered(below.title, below.title.partition(".")[0]).name for below in node.below())
    return {name for name in names if name}


def read_step(book: Book, node: Node, letter: str = "", parent: str = "") -> Step:
    """The step of the heading `node`, with its sub-steps; in an option its number begins with the option's `letter`."""
    named = numbered(node.title, parent)
    number = _number(book, node, named, letter, parent)
    read = read_facts(book.document, node.body, "step", book.remarks)
    inner: list[Node] = []
    texts: list[Span] = []
    for child in node.children:
        if numbered(child.title, number).name:
            inner.append(child)
        else:
            texts.append(Span(child.start, child.end))
    blocks = read_blocks(book.document, _joined([*read.rest, *texts]))
    children = tuple(read_step(book, child, letter, number) for child in inner)
    line = book.line(node)
    if not named.title:
        book.remarks.add("no-step-title", line, f"step {number} has no title: write `{number}. What is done`", number)
    facts = _with_estimate(tuple(read.facts), named.title, line)
    return Step(number, named.title, facts, blocks, children, line, book.last_line(node))


def read_listed_steps(book: Book, span: Span, letter: str) -> tuple[str, list[Step]]:
    """The prose before a list in `span`, and the list's items as steps (none if there is no list)."""
    items = items_as_steps(book.document, span)
    if not items:
        return book.document.text(span.start, span.end), []
    message = "the items of this list are read as steps; a step of a plan is a heading, `### 1. What is done`"
    book.remarks.add("list-steps", book.document.number(items[0].start), message)
    steps = []
    for one in read_listed(book.document, items, span.end, "step", book.remarks):
        wanted = f"{letter}{one.number}"
        free = one.number is not None and book.steps.is_free(wanted)
        number = book.steps.give(wanted, one.line) if free else book.steps.free(letter, one.line)
        facts = _with_estimate(one.facts, one.title, one.line)
        steps.append(Step(number, one.title, facts, one.blocks, (), one.line, one.line_end))
    return book.document.text(span.start, items[0].start), steps


def say_no_steps(book: Book, node: Node) -> None:
    """Notes that a section, an option or a phase has text, but no step was recognised in it."""
    message = "no step is recognised here: a step is a heading, `### 1. What is done`"
    book.remarks.add("no-steps", book.line(node), message, node.title)


def _number(book: Book, node: Node, named: Named, letter: str, parent: str) -> str:
    """The step's number: as written if possible, else the next free one, with a remark."""
    line = book.line(node)
    prefix = f"{parent}." if parent else letter
    if not named.name:
        number = book.steps.free(prefix, line)
        book.remarks.add("no-number", line, f"this step has no number and is read as {number}: write it", number)
        return number
    if named.name.startswith(prefix):
        return book.steps.give(named.name, line)
    wanted = prefix + named.name.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    what = f"sub-step of {parent}" if parent else f"step of option {letter}"
    message = f"a {what} is numbered {prefix}1, {prefix}2 and so on; this one is read as {wanted}"
    book.remarks.add("number-form", line, message, wanted)
    return book.steps.give(wanted, line)


def _joined(spans: list[Span]) -> list[Span]:
    """The spans, with adjacent ones joined."""
    joined: list[Span] = []
    for span in spans:
        follows = bool(joined) and joined[-1].end == span.start
        joined.append(Span(joined.pop().start, span.end) if follows else span)
    return joined


def _with_estimate(facts: tuple[Fact, ...], title: str, line: int) -> tuple[Fact, ...]:
    """The facts, plus the estimate in a title such as `Restart (2 min)` if no fact gives one."""
    match = _IN_TITLE.search(title)
    if match is None or any(fact.key == "estimate" for fact in facts) or estimate(match[1]) is None:
        return facts
    return (*facts, Fact("estimate", match[1].strip(), line))
