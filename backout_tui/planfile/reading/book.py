"""What the reader has found so far: the plan in progress."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from backout_tui.domain.plan.plan import Check, Component, Contact, Message, Part, Section, Variable
from backout_tui.planfile.document import Document, Span, within
from backout_tui.planfile.reader_remarks import Remarks
from backout_tui.planfile.reading.lists import item_text
from backout_tui.planfile.reading.numbering import Names
from backout_tui.planfile.reading.outline import Node
from backout_tui.planfile.reading.sections import TITLES


@dataclass(slots=True)
class Book:
    """A document, what has been read from it, and the names of its steps and checks."""

    document: Document
    remarks: Remarks
    steps: Names
    checks: Names
    prose: dict[str, Section] = field(default_factory=dict)
    steps_intro: str = ""
    parts: list[Part] = field(default_factory=list)
    verification: list[Check] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    variables: list[Variable] = field(default_factory=list)
    components: list[Component] = field(default_factory=list)
    others: list[Section] = field(default_factory=list)

    def line(self, node: Node) -> int:
        """The line of a heading, from 1."""
        return self.document.number(node.start)

    def last_line(self, node: Node) -> int:
        """The last line, from 1, of everything that belongs to a heading."""
        span = self.document.trimmed(node.start, node.end)
        return self.document.number(max(span.start, span.end - 1))

    def add_steps_intro(self, text: str) -> None:
        """Adds to the text before the steps."""
        self.steps_intro = "\n\n".join(one for one in (self.steps_intro, text) if one)

    def prose_of(self, spans: Sequence[Span]) -> str:
        """The lines of `spans` as written, with a blank line between two spans."""
        texts = (self.document.text(span.start, span.end) for span in spans)
        return "\n\n".join(text for text in texts if text)

    def section(self, node: Node, spans: Sequence[Span], title: str | None = None) -> Section:
        """The lines of `spans`, as the section that `node` opens."""
        body = self.prose_of(spans)
        document, items = self.document, within(self.document.items, node.body.start, node.end)
        if list(spans) != [Span(node.body.start, node.end)]:  # text that was taken out may have held a list together
            lines = body.split("\n")
            document = Document(lines, list(range(1, len(lines) + 1)))
            items = document.items
        texts = (item_text(document, item) for item in items)
        own_title = node.title if title is None else title
        return Section(own_title, body, tuple(text for text in texts if text), self.line(node), self._first(spans))

    def _first(self, spans: Sequence[Span]) -> int:
        """The line, from 1, where the text of `spans` begins; 0 if there is none."""
        trimmed = (self.document.trimmed(span.start, span.end) for span in spans)
        return next((self.document.number(span.start) for span in trimmed if span.start < span.end), 0)

    def keep_rest(self, section: str, node: Node, spans: Sequence[Span]) -> None:
        """Keeps what was not understood of a section as a section of its own, and reports where it stands."""
        for span in (self.document.trimmed(one.start, one.end) for one in spans):
            if span.start < span.end and not self.document.hidden.issuperset(range(span.start, span.end)):
                message = f"this text under `{TITLES[section]}` is kept as it is, and has no effect"
                self.remarks.add("not-read", self.document.number(span.start), message)
        if self.prose_of(spans):
            self.others.append(self.section(node, spans, TITLES[section]))
