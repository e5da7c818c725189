"""The differences between two plans, in words and as JSON data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from backout_tui.domain.plan.differences import Difference, changed_lines
from backout_tui.domain.text import clean_line

MARKS = {"added": "+", "changed": "~", "removed": "-"}


def lines(found: Sequence[Difference]) -> Iterator[str]:
    """Return one line for each item that differs, and below it what it says now and said before."""
    for one in found:
        yield clean_line(f"{MARKS[one.kind]} {one.kind:<8} {heading(one)}")
        yield from (clean_line(f"    {line}") for line in said(one))
    yield counts(found)


def heading(one: Difference) -> str:
    """`step 2: Roll the deployment back`, with the old title if it changed."""
    label, title = one.item.label, one.item.title
    if one.item.kind == "criterion" or label.casefold().endswith(title.casefold()):
        return label
    return f"{label}: {title}"


def said(one: Difference) -> Sequence[str]:
    """What the item says, line by line: `+ ` now, `- ` before, two spaces for both."""
    before = one.before.lines if one.before is not None else ()
    return changed_lines(before, one.after.lines if one.after is not None else ())


def counts(found: Sequence[Difference]) -> str:
    """`2 added, 3 changed, 1 removed`."""
    numbers = {kind: sum(one.kind == kind for one in found) for kind in MARKS}
    return ", ".join(f"{number} {kind}" for kind, number in numbers.items()) if found else "nothing differs"


def diff_json(found: Sequence[Difference]) -> dict[str, Any]:
    """Return what `plan diff --json` prints."""
    return {
        kind: [
            {
                "item": one.item.label,
                "kind": one.item.kind,
                "title": one.item.title,
                "line": one.item.line,
                "before": list(one.before.lines) if one.before is not None else None,
                "after": list(one.after.lines) if one.after is not None else None,
            }
            for one in found
            if one.kind == kind
        ]
        for kind in MARKS
    }
