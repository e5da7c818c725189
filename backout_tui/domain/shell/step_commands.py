"""The commands of a step as a reader sees them: each with its number, its lines, and what it must print."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from backout_tui.domain.backout.flatten import steps_of
from backout_tui.domain.backout.items import StepState
from backout_tui.domain.plan.plan import Block, Plan, Step


def commands_of(step: Step, fenced: dict[str, list[StepState]]) -> Iterator[tuple[str, int, int, tuple[str, ...]]]:
    """Each command of the step: its number, its first and last line, and its text with its expectations."""
    fences = step.commands
    several = bool(step.children) or len(fences) > 1
    states = fenced.get(step.number, []) if several else []
    for at, fence in enumerate(fences):
        number = states[at].number if at < len(states) else step.number
        expected = states[at].expects if at < len(states) else step.expected
        lines = (f"```{fence.info}", *fence.text.split("\n"), *(f"Expect: {one}" for one in expected))
        yield number, fence.line, _last_line(step.blocks, fence), lines


def _last_line(blocks: Sequence[Block], fence: Block) -> int:
    """The last line of a fence and its expectations."""
    behind = itertools.takewhile(lambda block: not block.runnable, blocks[blocks.index(fence) + 1 :])
    return max((block.line_end for block in behind if block.kind == "expect"), default=fence.line_end)


def fence_steps(plan: Plan) -> dict[str, list[StepState]]:
    """The sub-steps made from the several commands of a step, by the step's number."""
    written = {child.number for step in plan.top_steps() for child in _below(step)}
    found: dict[str, list[StepState]] = {}
    for state in steps_of(plan).values():
        if state.parent and state.number not in written:
            found.setdefault(state.parent, []).append(state)
    return found


def _below(step: Step) -> Iterator[Step]:
    for child in step.children:
        yield child
        yield from _below(child)
