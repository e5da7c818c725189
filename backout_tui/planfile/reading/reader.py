"""From Markdown to a plan: our own form completely, any other as far as it is recognised. contract.md section 7."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from backout_tui.domain.plan.plan import Plan
from backout_tui.domain.values import replace
from backout_tui.planfile.reader_remarks import Remarks
from backout_tui.planfile.reading.bodies import note_strays
from backout_tui.planfile.reading.book import Book
from backout_tui.planfile.reading.facts import Read, read_facts
from backout_tui.planfile.reading.gaps import note_gaps
from backout_tui.planfile.reading.judge import judge
from backout_tui.planfile.reading.numbering import Names
from backout_tui.planfile.reading.outline import Node, outline
from backout_tui.planfile.reading.parts import read_loose_step, read_parts
from backout_tui.planfile.reading.read_checks import letters_in, read_checks
from backout_tui.planfile.reading.read_messages import read_messages
from backout_tui.planfile.reading.read_silences import read_silences
from backout_tui.planfile.reading.read_steps import numbers_in
from backout_tui.planfile.reading.read_variables import read_variables
from backout_tui.planfile.reading.sections import (
    KEPT,
    TITLES,
    is_loose_step,
    meant_title,
    section_of,
    speaks_of_backout,
)
from backout_tui.planfile.reading.tables import read_components, read_contacts
from backout_tui.planfile.reading.without_effect import note_without_effect
from backout_tui.planfile.source import read_source

_LISTED: dict[str, tuple[str, Callable[[Book, Node], list[Node] | None]]] = {
    "components": ("components", read_components),
    "variables": ("variables", read_variables),
    "steps": ("parts", read_parts),
    "verification": ("verification", read_checks),
    "communication": ("messages", read_messages),
    "contacts": ("contacts", read_contacts),
}
"""Sections with items: the book's field that they fill, and their reader (which returns headings of other sections)."""


def read_plan(text: str, where: str = "") -> Plan:
    """The plan in `text`; any text is a plan, even if an empty one.

    The plan's `remarks` say, by line, what was not understood and what would be right; `where` is the file's name, for
    remarks that point at another line.
    """
    remarks = Remarks(where)
    source = read_source(text, remarks)
    root = outline(source.document)
    title_node = next((node for node in root.children if node.level == 1), None)
    steps, checks = _names(root)
    book = Book(source.document, remarks, Names("step", steps, remarks), Names("check", checks, remarks))
    top = _read_top(book, root, title_node)
    for node in _sections(root, title_node):
        _file(book, node)
    title = (title_node.title if title_node else "") or source.title
    if not title:
        message = "the plan has no title: begin it with `# Backout plan: NAME VERSION`"
        remarks.add("no-title", book.line(title_node) if title_node else 1, message)
    plan = replace(_plan(book, title, top), line=book.line(title_node) if title_node else 0)
    plan = replace(plan, silences=read_silences(book.document, plan))
    note_gaps(book.document, plan, remarks)
    note_strays(book.document, plan, remarks)
    judge(plan, remarks)
    note_without_effect(plan, remarks)
    return replace(plan, remarks=remarks.in_order())


def _names(root: Node) -> tuple[set[str], set[str]]:
    """The numbers and letters in headings anywhere: an item without one never gets any of them."""
    opened = [(section_of(node.title), node) for node in root.below()]
    numbers = (numbers_in(node) for section, node in opened if section == "steps")
    letters = (letters_in(node) for section, node in opened if section == "verification")
    return set().union(*numbers), set().union(*letters)


@dataclass(slots=True)
class _Top:
    """Everything before the first section."""

    read: Read
    intro: str


def _read_top(book: Book, root: Node, title_node: Node | None) -> _Top:
    """The plan's own facts and text: those before the title, and those below it."""
    read = Read()
    for node in [root, title_node]:
        if node is not None:
            one = read_facts(book.document, node.body, "plan", book.remarks)
            read.facts += one.facts
            read.rest += one.rest
    return _Top(read, book.prose_of(read.rest))


def _sections(root: Node, title_node: Node | None) -> Iterator[Node]:
    """The headings that may open a section: those below the title, other level 1 headings, and those below them."""
    for node in root.children:
        if node is not title_node:
            yield Node(node.level, node.title, node.start, node.body, node.body.end) if node.level == 1 else node
        if node.level == 1:
            yield from node.children


def _file(book: Book, node: Node) -> None:
    """Puts the content of a heading where it belongs in the plan; the rest goes among the other sections."""
    section = section_of(node.title) if node.level > 1 else None
    if _is_marked(book, node):
        book.others.append(book.section(node, node.spans_without([])))
    elif section is None and is_loose_step(node.title):
        read_loose_step(book, node)
    elif section is None:
        _keep_other(book, node)
    elif section in _LISTED:
        field, read = _LISTED[section]
        if getattr(book, field):
            _keep_repeated(book, node, section)
        else:
            for stray in read(book, node) or ():
                _file(book, stray)
    elif section in book.prose:
        _keep_repeated(book, node, section)
    else:
        book.prose[section] = book.section(node, node.spans_without([]))


def _is_marked(book: Book, node: Node) -> bool:
    """Whether a section is marked to be kept as it is; takes the mark out of its text."""
    first = book.document.trimmed(node.body.start, node.body.end).start
    marked = first in book.document.hidden and book.document.lines[first].strip() == KEPT
    if marked:
        book.document.lines[first] = ""
    return marked


def _keep_other(book: Book, node: Node) -> None:
    """Keeps a section that is not one of ours; takes out and reads our sections about backing out inside it."""
    inside = [below for below in node.children if section_of(below.title) and _is_about_backout(node, below)]
    book.others.append(book.section(node, node.spans_without(inside)))
    meant = meant_title(node.title)
    advice = f"; did you mean `{meant}`?" if meant else ""
    message = f"`{node.title}` is not a section of a plan{advice}; it is kept as it is, and has no effect"
    book.remarks.add("misspelt-section" if meant else "unknown-section", book.line(node), message, node.title)
    for below in inside:
        _file(book, below)


def _is_about_backout(node: Node, below: Node) -> bool:
    return speaks_of_backout(node.title) or speaks_of_backout(below.title)


def _keep_repeated(book: Book, node: Node, section: str) -> None:
    ours = node.title == TITLES[section]
    message = f"a section `{TITLES[section]}` was read already; this one is kept as it is, and has no effect"
    book.remarks.add("repeated-section" if ours else "unknown-section", book.line(node), message, node.title)
    book.others.append(book.section(node, node.spans_without([])))


def _plan(book: Book, title: str, top: _Top) -> Plan:
    prose = book.prose
    return Plan(
        title=title,
        facts=tuple(top.read.facts),
        intro=top.intro,
        when=prose.get("when"),
        success=prose.get("success"),
        before=prose.get("before"),
        components=tuple(book.components),
        variables=tuple(book.variables),
        risks=prose.get("risks"),
        steps_intro=book.steps_intro,
        parts=tuple(book.parts),
        checks=tuple(book.verification),
        contingency=prose.get("contingency"),
        after=prose.get("after"),
        messages=tuple(book.messages),
        contacts=tuple(book.contacts),
        rehearsals=prose.get("rehearsals"),
        others=tuple(book.others),
    )
