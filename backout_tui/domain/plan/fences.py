"""How fences were read before `shell` ran and fences without a language did not: for records and approvals of then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from msgspec import Struct

from backout_tui.domain.plan.plan import Block, Check, Plan, Step
from backout_tui.domain.values import replace

READING = 2
"""The present reading: `sh`, `shell` and `bash` run, every other fence is shown (contract.md section 2)."""
FORMER = 1
"""The reading of records and approvals that name none: a fence without a language ran, `shell` was shown."""
_THEN: Mapping[str, str] = MappingProxyType({"": "sh", "shell": "text"})
"""The language that means now what this one meant then."""


def as_read_then(plan: Plan) -> Plan:
    """`plan` with its fences named so that they run and are shown now as they were in the former reading."""
    parts = tuple([replace(one, steps=tuple([_step_then(step) for step in one.steps])) for one in plan.parts])
    checks = tuple([replace(one, blocks=_blocks_then(one.blocks)) for one in plan.checks])
    return replace(plan, parts=parts, checks=checks)


def _step_then(step: Step) -> Step:
    children = tuple([_step_then(child) for child in step.children])
    return replace(step, blocks=_blocks_then(step.blocks), children=children)


def _blocks_then(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    return tuple([_block_then(block) for block in blocks])


def _block_then(block: Block) -> Block:
    then = _THEN.get(block.language) if block.kind == "fence" else None
    return block if then is None else replace(block, info=f"{then} {block.info}".rstrip())


class Otherwise(Struct, frozen=True):
    """A fence that is read otherwise than in the former reading: its item, its line, and whether it runs now."""

    item: str
    line: int
    runs: bool

    def __str__(self) -> str:
        """`step 1 (line 18): its fence names no language: it ran, and is only shown now`."""
        ran = "its `shell` fence was only shown, and runs now"
        shown = "its fence names no language: it ran, and is only shown now"
        return f"{self.item}{f' (line {self.line})' if self.line else ''}: {ran if self.runs else shown}"


def read_otherwise(plan: Plan) -> tuple[Otherwise, ...]:
    """The fences of steps and checks that are read otherwise now than in the former reading."""
    return tuple(_otherwise(plan))


def _otherwise(plan: Plan) -> Iterator[Otherwise]:
    items: list[tuple[str, Step | Check]] = [(f"step {step.number}", step) for step in plan.every_step()]
    items += [(f"check {check.letter}", check) for check in plan.checks]
    for item, one in items:
        for block in one.blocks:
            if block.kind == "fence" and block.language in _THEN:
                yield Otherwise(item, block.line, runs=block.runnable)
