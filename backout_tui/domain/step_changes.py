"""What of a step is other than its plan has it: title, instruction, command, as lines that are gone or new.

A difference is lines that begin with `- ` (gone), `+ ` (new) or two blanks (the same).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from backout_tui.domain.backout import Backout
from backout_tui.domain.flatten import steps_of
from backout_tui.domain.items import StepState
from backout_tui.domain.plan_diff import changed_lines

PARTS = ("title", "instruction", "command")
"""What of a step can be changed in a backout."""
_AROUND = 2
"""Lines kept on either side of what differs."""


@dataclass(frozen=True, slots=True)
class Change:
    """One part of a step that was changed: title, instruction or command."""

    part: str
    before: str
    after: str

    @property
    def lines(self) -> tuple[str, ...]:
        """The difference, line by line."""
        return difference(self.before, self.after)


def difference(before: str, after: str) -> tuple[str, ...]:
    """What became of the lines of a text; of long runs that are the same only what stands next to a change."""
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
    """The parts of a step that differ from its plan; none for a step that the plan does not have."""
    step = backout.steps[number]
    planned = steps_of(backout.plan).get(number) if step.origin == "changed" else None
    return changes(planned, step) if planned is not None else ()


def command_to_plan(backout: Backout, number: str) -> tuple[str, ...]:
    """The difference between the plan's command of a step and this backout's; none where there is none to show."""
    return next((one.lines for one in changes_to_plan(backout, number) if one.part == "command" and one.before), ())
