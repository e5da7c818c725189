"""The body of a step with what a night made of it: another command, another instruction, a note, a step that is new."""

from __future__ import annotations

import re
from dataclasses import replace

from backout_tui.domain.items import StepState
from backout_tui.domain.plan import Block, Step
from backout_tui.domain.planfacts import keys_of
from backout_tui.domain.text import clean
from backout_tui.domain.typed import on_one_line
from backout_tui.planfile.dropping import joined

_OPENS = re.compile(r"^[ \t]{0,3}(?=#{1,6}(?:[ \t]|$)|`{3}|~{3}|(?:=+|-+)[ \t]*$)")
_BULLET = re.compile(r"^([ \t]*)([-*+][ \t]+(?:\[[ xX]\][ \t]+)?(?:\*\*|__)?)(.*)$")
_EXPECT = re.compile(r"^[ \t]*(?:[-*+][ \t]+|\d+[.)][ \t]+)?(?:\*\*|__)?(?=expect\b)", re.IGNORECASE)


def added_step(number: str, step: StepState) -> Step:
    """A step that was added in the night, as one of the plan's."""
    made = Step(number, on_one_line(step.title))
    if step.instruction.strip():
        made = with_instruction(made, step.instruction)
    return with_command(made, step.command) if step.command.strip() else made


def with_command(step: Step, command: str) -> Step:
    """The step with this command in place of its own; one that had none gets it behind its words."""
    text = command.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    for at, block in enumerate(step.blocks):
        if block.runnable:
            return replace(step, blocks=(*step.blocks[:at], replace(block, text=text), *step.blocks[at + 1 :]))
    return replace(step, blocks=(*step.blocks, Block("fence", text, "sh")))


def with_instruction(step: Step, instruction: str) -> Step:
    """The step with these words in place of its own; the command and what is expected of it stay."""
    kept = tuple(block for block in step.blocks if block.runnable or block.kind == "expect")
    words = prose(instruction)
    return replace(step, blocks=(Block("text", words), *kept) if words else kept)


def with_note(step: Step, note: str) -> Step:
    """The step with one more paragraph at the end of its words."""
    return replace(step, blocks=joined((*step.blocks, Block("text", note))))


def prose(typed: str) -> str:
    """What was typed as the body's words: a line that would begin a heading, a fence or a fact is kept from it."""
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
