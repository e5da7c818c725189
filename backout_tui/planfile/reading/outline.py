"""The headings of a document as a tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from backout_tui.planfile.document import Document, Span


@dataclass(slots=True)
class Node:
    """A heading, its own lines before the next heading (`body`), and the headings below it.

    `start` is the heading's first line, `end` the line after all that belongs to it; both count from 0.
    """

    level: int
    title: str
    start: int
    body: Span
    end: int
    children: list[Node] = field(default_factory=list)

    def spans_without(self, removed: list[Node]) -> list[Span]:
        """The lines below this heading, without those of the nodes `removed`, which are in order."""
        spans, at = [], self.body.start
        for node in removed:
            spans.append(Span(at, node.start))
            at = node.end
        return [*spans, Span(at, self.end)]

    def below(self) -> Iterator[Node]:
        """Every heading below this one, in order."""
        for child in self.children:
            yield child
            yield from child.below()


def outline(document: Document) -> Node:
    """The tree of the document's headings; its root (level 0) has the lines before the first heading."""
    total = len(document.lines)
    headings = document.headings
    starts = [heading.start for heading in headings] + [total]
    root = Node(0, "", 0, Span(0, starts[0]), total)
    path = [root]
    for at, heading in enumerate(headings):
        node = Node(heading.level, heading.text, heading.start, Span(heading.end, starts[at + 1]), total)
        while path[-1].level >= node.level:
            path.pop().end = heading.start
        path[-1].children.append(node)
        path.append(node)
    return root
