"""The section `Steps`: exclusive options, phases, and steps that belong to neither."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from backout_tui.domain.plan.plan import Fact, Part, Step
from backout_tui.planfile.reading.book import Book
from backout_tui.planfile.reading.facts import read_facts
from backout_tui.planfile.reading.numbering import numbered
from backout_tui.planfile.reading.outline import Node
from backout_tui.planfile.reading.read_steps import read_listed_steps, read_step, say_no_steps
from backout_tui.planfile.reading.sections import is_no_step, section_of

_OPTION = re.compile(
    r"^(?:option|alternative|method|approach|variant|way)\s+([A-Za-z]|\d{1,2})(?![\w'])\s*[:.)–—-]?\s*(.*)$",
    re.IGNORECASE,
)
_PHASE = re.compile(r"^phase(?:\s*:\s*|\s+(?=\S))(.*)$", re.IGNORECASE)


@dataclass(slots=True)
class _OpenPart:
    """A part whose steps are still being read; the numbers of an option's steps begin with `letter`."""

    kind: str = ""
    name: str = ""
    letter: str = ""
    line: int = 0
    facts: tuple[Fact, ...] = ()
    intro: str = ""
    steps: list[Step] = field(default_factory=list)

    def closed(self) -> Part:
        line = self.line or self.steps[0].line
        return Part(self.kind, self.name, tuple(self.steps), self.facts, self.intro, line)

    def takes(self, node: Node) -> bool:
        """Whether a step beside this part's heading belongs to it: by its letter, or because there is no heading."""
        return not self.kind or (bool(self.letter) and numbered(node.title).name.startswith(self.letter))


def read_parts(book: Book, node: Node) -> list[Node]:
    """Reads the steps below `node` into `book`; returns the headings among them that are not steps."""
    strays = [child for child in node.children if _is_stray(child)]
    children = [child for child in node.children if not _is_stray(child)]
    if not children:
        _read_plain_list(book, node)
        return strays
    book.add_steps_intro(book.prose_of([node.body]))
    parts = [_OpenPart()]
    for child in children:
        if part := _opened_part(book, child):
            parts.append(part)
            continue
        if not parts[-1].takes(child):
            parts.append(_OpenPart())
        parts[-1].steps.append(read_step(book, child, parts[-1].letter))
    book.parts = [part.closed() for part in parts if part.kind or part.steps]
    return strays


def read_loose_step(book: Book, node: Node) -> None:
    """Reads a step outside `Steps` into `book`, after the steps that it already has."""
    message = "this step stands outside of `## Steps`; it is read as one of them: move it there"
    book.remarks.add("loose-step", book.line(node), message, node.title)
    for below in node.below():
        # The step moves one level down, so headings in its text move too; otherwise they would become steps beside it.
        book.document.lines[below.start] = f"#{book.document.lines[below.start].lstrip()}"
    step = read_step(book, node)
    before = book.parts.pop().steps if book.parts and not book.parts[-1].kind else ()
    book.parts.append(Part("", "", (*before, step), line=before[0].line if before else step.line))


def _read_plain_list(book: Book, node: Node) -> None:
    """Reads the steps of a section without headings: the items of its lists."""
    intro, steps = read_listed_steps(book, node.body, "")
    book.add_steps_intro(intro)
    if steps:
        book.parts = [Part("", "", tuple(steps), line=steps[0].line)]
    elif intro:
        say_no_steps(book, node)


def _is_stray(node: Node) -> bool:
    """Whether a heading among the steps opens something else: one of our sections, or a runbook's notes."""
    if numbered(node.title).name or _OPTION.match(node.title) or _PHASE.match(node.title):
        return False
    return section_of(node.title) is not None or is_no_step(node.title)


def _opened_part(book: Book, node: Node) -> _OpenPart | None:
    """The option or phase that `node` opens, with its steps; None if it opens neither."""
    if numbered(node.title).name:
        return None
    if phase := _PHASE.match(node.title):
        part = _OpenPart("phase", phase[1])
    elif option := _OPTION.match(node.title):
        part = _option(option[1], option[2])
    else:
        return None
    part.line = book.line(node)
    _fill(book, part, node)
    return part


def _option(label: str, rest: str) -> _OpenPart:
    name = label.upper() if label.isalpha() else str(int(label))
    letter = name if name.isalpha() else chr(64 + int(name)) if 1 <= int(name) <= 26 else ""
    return _OpenPart("option", f"{name}: {rest}" if rest else name, letter)


def _fill(book: Book, part: _OpenPart, node: Node) -> None:
    """Reads the steps below an option or phase: from headings, also inside its own phases, or from a list."""
    read = read_facts(book.document, node.body, "part", book.remarks)
    part.facts = tuple(read.facts)
    children = []
    for child in node.children:
        inner = _PHASE.match(child.title) is not None and not numbered(child.title).name
        if inner:
            message = "a phase inside an option or a phase only orders its steps; its heading is not kept"
            book.remarks.add("nested-phase", book.line(child), message, child.title)
            read.rest.append(child.body)
        children += child.children if inner else [child]
    if children:
        part.intro = book.prose_of(read.rest)
        part.steps += [read_step(book, child, part.letter) for child in children]
        return
    before = book.prose_of(read.rest[:-1])
    text, part.steps = read_listed_steps(book, read.rest[-1], part.letter)
    part.intro = "\n\n".join(one for one in (before, text) if one)
    if not part.steps:
        say_no_steps(book, node)
