"""Which item of a plan a line belongs to, and the names of the items."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from backout_tui.domain.checking.passages import criteria
from backout_tui.domain.plan.plan import Plan


def item_names(plan: Plan) -> frozenset[str]:
    """The name of every item that a finding can be about."""
    return frozenset(
        [
            *(f"step {one.number}" for one in plan.every_step()),
            *(f"check {one.letter}" for one in plan.checks),
            *(f"message {one.title}" for one in plan.messages),
            *(f"contact {one.name}" for one in plan.contacts),
            *(f"variable {one.name}" for one in plan.variables),
            *(one.item for one in criteria(plan) if one.item),
        ]
    )


class ItemsByLine:
    """Which step, check, message, contact, variable or criterion a line belongs to."""

    def __init__(self, plan: Plan) -> None:
        entries = [(one.line, one.line_end, f"step {one.number}", one.children) for one in plan.top_steps()]
        entries += [(start, end, item, ()) for start, end, item in _flat_items(plan)]
        self._entries = sorted(entries, key=lambda entry: entry[0])
        self._starts = [entry[0] for entry in self._entries]

    def at(self, line: int) -> str:
        """The innermost item that contains `line`, or ""."""
        place = bisect_right(self._starts, line) - 1
        if place < 0 or line > self._entries[place][1]:
            return ""
        _, _, item, children = self._entries[place]
        while children:
            inner = children[max(0, bisect_right(children, line, key=lambda child: child.line) - 1)]
            if not inner.line <= line <= inner.line_end:
                break
            item, children = f"step {inner.number}", inner.children
        return item


def _flat_items(plan: Plan) -> Iterator[tuple[int, int, str]]:
    yield from ((one.line, one.line_end, f"check {one.letter}") for one in plan.checks)
    yield from ((one.line, one.line_end, f"message {one.title}") for one in plan.messages)
    yield from ((one.line, one.line, f"contact {one.name}") for one in plan.contacts)
    yield from ((one.line, one.line, f"variable {one.name}") for one in plan.variables)
    yield from ((one.line, one.line_end, one.item) for one in criteria(plan) if one.item)
