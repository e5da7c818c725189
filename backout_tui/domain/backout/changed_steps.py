"""How a step differs from its plan, part by part, as lines that are gone or new.

Each line of a difference begins with `- ` (gone), `+ ` (new) or two spaces (the same).
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from backout_tui.domain.backout.flatten import steps_of
from backout_tui.domain.backout.items import StepState
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.plan.criteria import Part
from backout_tui.domain.plan.differences import changed_lines

PARTS = ("title", "instruction", "command", "expected")
"""The parts of a step that can be changed in a backout."""
_AROUND = 2
"""Unchanged lines kept on either side of a change."""


class Change(Struct, frozen=True):
    """One changed part of a step, one of PARTS."""

    part: str
    before: str
    after: str

    @property
    def lines(self) -> tuple[str, ...]:
        """The difference, line by line."""
        return difference(self.before, self.after)


def difference(before: str, after: str) -> tuple[str, ...]:
    """The lines of a text that are gone, new or the same; long unchanged runs keep only the lines next to a change."""
    lines = changed_lines(_lines(before), _lines(after))
    near = {at + step for at, line in enumerate(lines) if line[:1] != " " for step in range(-_AROUND, _AROUND + 1)}
    return tuple(_shortened(lines, near))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n")) if text else ()


def _shortened(lines: tuple[str, ...], near: set[int]) -> Iterator[str]:
    left_out = 0
    for at, line in enumerate((*lines, "")):
        if at < len(lines) and at not in near:
            left_out += 1
            continue
        if left_out:
            yield f"  … {left_out} line{'s' if left_out != 1 else ''} as before"
            left_out = 0
        if at < len(lines):
            yield line


def changes(before: StepState, after: StepState) -> tuple[Change, ...]:
    """The parts that differ, in the order in which a step is read."""
    pairs = ((part, getattr(before, part).rstrip(), getattr(after, part).rstrip()) for part in PARTS)
    return tuple(Change(part, was, now) for part, was, now in pairs if was != now)


def changes_to_plan(backout: Backout, number: str) -> tuple[Change, ...]:
    """The parts of a step that differ from its plan; none for a step that the plan doesn't have."""
    step = backout.steps[number]
    planned = steps_of(backout.plan).get(number) if step.origin == "changed" else None
    return changes(planned, step) if planned is not None else ()


def command_to_plan(backout: Backout, number: str) -> tuple[str, ...]:
    """The difference between the plan's command for a step and this backout's; empty if there is none to show."""
    return next((one.lines for one in changes_to_plan(backout, number) if one.part == "command" and one.before), ())


def judged_by(before: StepState, after: StepState) -> str:
    """A sentence that says when a changed step counts as done; "" if it has no command."""
    if not after.command:
        return ""
    if after.unread:
        return f"Step {after.number} cannot run until this is fixed: {after.unread[0]}."
    words = f"must print {' and '.join(after.expects)}" if after.expects else "must print nothing in particular"
    still = "still " if before.expects == after.expects and before.expects else ""
    limit = any(one.part == Part.FENCE for one in before.unread)
    no_limit = " It has no time limit: the plan's could not be read." if limit else ""
    return f"Step {after.number} {still}{words}.{no_limit}"
