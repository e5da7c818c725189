"""Template text that nobody has filled in yet, by line."""

from __future__ import annotations

from collections.abc import Iterator

from backout_tui.domain.plan.placeholders import placeholders, placeholders_in_prose
from backout_tui.domain.plan.plan import Plan, Step
from backout_tui.planfile.document import Document
from backout_tui.planfile.reader_remarks import Remarks


def note_gaps(document: Document, plan: Plan, remarks: Remarks) -> None:
    """Notes every placeholder of the document; one in a command of `plan` keeps that command from running."""
    commands = set(_command_lines(plan))
    at = 0
    for fence in document.fences:
        _note_prose(document, at, fence.start, remarks)
        at = max(at, fence.end)
        line = document.number(fence.start)
        if line not in commands:
            _note_prose(document, fence.start + 1, fence.end, remarks)
            continue
        for gap in placeholders(fence.text):
            message = f"{gap.text} is still to be filled in: the command is refused until it is"
            remarks.add("placeholder-in-command", line + gap.line, message, gap.text)
    _note_prose(document, at, len(document.lines), remarks)


def _note_prose(document: Document, start: int, end: int, remarks: Remarks) -> None:
    lines = ("" if at in document.hidden else document.lines[at] for at in range(start, end))
    for gap in placeholders_in_prose("\n".join(lines)):
        message = f"{gap.text} is still to be filled in"
        remarks.add("placeholder", document.number(start + gap.line - 1), message, gap.text)


def _command_lines(plan: Plan) -> Iterator[int]:
    for step in plan.top_steps():
        yield from _step_lines(step)
    for check in plan.checks:
        yield from (block.line for block in check.commands)


def _step_lines(step: Step) -> Iterator[int]:
    yield from (block.line for block in step.commands)
    for child in step.children:
        yield from _step_lines(child)
