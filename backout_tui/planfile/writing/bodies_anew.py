"""The body of a step with a backout's changes: another command, another instruction, a note, a new step."""

from __future__ import annotations

import re

from backout_tui.domain.backout.items import StepState
from backout_tui.domain.plan.expectations import why_line_unread
from backout_tui.domain.plan.plan import Block, Step
from backout_tui.domain.plan.planfacts import keys_of
from backout_tui.domain.plan.typed import on_one_line
from backout_tui.domain.text import clean
from backout_tui.domain.values import replace
from backout_tui.planfile.writing.dropping import joined

_OPENS = re.compile(r"^[ \t]{0,3}(?=#{1,6}(?:[ \t]|$)|`{3}|~{3}|(?:=+|-+)[ \t]*$)")
_BULLET = re.compile(r"^([ \t]*)([-*+][ \t]+(?:\[[ xX]\][ \t]+)?(?:\*\*|__)?)(.*)$")
_EXPECT = re.compile(r"^[ \t]*(?:[-*+][ \t]+|\d+[.)][ \t]+)?(?:\*\*|__)?(?=expect\b)", re.IGNORECASE)


def added_step(number: str, step: StepState) -> Step:
    """A step that was added in a backout, as a step of the plan."""
    made = Step(number, on_one_line(step.title))
    if step.instruction.strip():
        made = with_instruction(made, step.instruction)
    return with_command(made, step.command) if step.command.strip() else made


def with_command(step: Step, command: str) -> Step:
    """The step with this command instead of its own; a step that had none gets it after its text."""
    text = command.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    for at, block in enumerate(step.blocks):
        if block.runnable:
            return replace(step, blocks=(*step.blocks[:at], replace(block, text=text), *step.blocks[at + 1 :]))
    return replace(step, blocks=(*step.blocks, Block("fence", text, "sh")))


def with_expected(step: Step, expected: str) -> Step:
    """The step with these expectations, one a line, after its command, instead of those it had, read or not."""
    kept = [_without_meant(block) for block in step.blocks if block.kind != "expect"]
    kept = [block for block in kept if block.kind != "text" or block.text.strip()]
    at = next((at for at, block in enumerate(kept) if block.runnable), len(kept) - 1) + 1
    new = [Block("expect", line) for line in expected.split("\n") if line]
    return replace(step, blocks=joined((*kept[:at], *new, *kept[at:])))


def _without_meant(block: Block) -> Block:
    """A text without the lines that were meant as expectations and could not be read."""
    if block.kind != "text":
        return block
    lines = [line for line in block.text.split("\n") if not why_line_unread(line)]
    return replace(block, text="\n".join(lines).strip("\n"))


def with_instruction(step: Step, instruction: str) -> Step:
    """The step with this text instead of its own; its command and expectations stay."""
    kept = tuple(block for block in step.blocks if block.runnable or block.kind == "expect")
    words = prose(instruction)
    return replace(step, blocks=(Block("text", words), *kept) if words else kept)


def with_note(step: Step, note: str) -> Step:
    """The step with one more paragraph at the end of its text."""
    return replace(step, blocks=joined((*step.blocks, Block("text", note))))


def prose(typed: str) -> str:
    """Typed text for a body: a line that would begin a heading, a fence, an expectation or a fact is escaped."""
    text = clean(typed.replace("\r\n", "\n").replace("\r", "\n")).replace("<!--", "<\\!--")
    return "\n".join(map(_inert, text.split("\n"))).strip("\n").rstrip()


def _inert(line: str) -> str:
    bullet = _BULLET.match(line)
    if _OPENS.match(line) or _EXPECT.match(line) or (bullet is not None and _is_fact(bullet[3])):
        before = line[: len(line) - len(line.lstrip())]
        return f"{before}\\{line.lstrip()}"
    return line


def _is_fact(said: str) -> bool:
    key = re.split(r"[:*_]", said, maxsplit=1)[0].strip().rstrip(".").casefold()
    return key in keys_of("step")
