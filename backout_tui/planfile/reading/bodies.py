"""The body of a step or a check: prose, fences and expectations, in document order."""

from __future__ import annotations

from collections.abc import Iterable

from backout_tui.domain.plan.expectations import begins_expectation, read_line
from backout_tui.domain.plan.plan import Block, Plan
from backout_tui.planfile.document import Document, Span, within
from backout_tui.planfile.reader_remarks import Remarks


def read_blocks(document: Document, spans: Iterable[Span]) -> tuple[Block, ...]:
    """The blocks in the lines of `spans`, in order; neighbouring prose is one block."""
    blocks: list[Block] = []
    for span in spans:
        at = span.start
        for fence in within(document.fences, span.start, span.end):
            if fence.quoted or fence.start < at:
                continue
            _add_prose(document, at, fence.start, blocks)
            first, last = document.number(fence.start), document.number(fence.end - 1)
            blocks.append(Block("fence", fence.text, fence.info, first, last))
            at = fence.end
        _add_prose(document, at, span.end, blocks)
    return tuple(blocks)


def note_strays(document: Document, plan: Plan, remarks: Remarks) -> None:
    """Notes every `Expect:` outside steps and checks: it belongs to no command, and nothing looks for it."""
    homes = {at for step in plan.top_steps() for at in range(step.line, step.line_end + 1)}
    homes |= {at for check in plan.checks for at in range(check.line, check.line_end + 1)}
    inert = document.hidden.union(*(range(one.start, one.end) for one in document.fences))
    for at, line in enumerate(document.lines):
        if at in inert or not begins_expectation(line):
            continue
        if (number := document.number(at)) not in homes:
            message = "this expectation stands at no step and no check: put it below the command it is about"
            remarks.add("expect-form", number, message)


def _add_prose(document: Document, start: int, end: int, blocks: list[Block]) -> None:
    """Adds the lines of prose, with the expectations among them as blocks of their own."""
    at = start
    for index in range(start, end):
        if index in document.hidden or (written := read_line(document.lines[index])) is None:
            continue
        number = document.number(index)
        _add_text(document, at, index, blocks)
        blocks.append(Block("expect", written, "", number, number))
        at = index + 1
    _add_text(document, at, end, blocks)


def _add_text(document: Document, start: int, end: int, blocks: list[Block]) -> None:
    span = document.trimmed(start, end)
    if span.start == span.end:
        return
    text = "\n".join(document.lines[span.start : span.end])
    first, last = document.number(span.start), document.number(span.end - 1)
    if blocks and blocks[-1].kind == "text":
        before = blocks.pop()
        text, first = f"{before.text}\n\n{text}", before.line
    blocks.append(Block("text", text, "", first, last))
