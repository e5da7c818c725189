"""The body of a step or a check: prose, fences and expectations, in document order."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable

from backout_tui.domain.plan import Block
from backout_tui.planfile.document import Document, Span, within
from backout_tui.planfile.remarks import Remarks

_EXPECT = re.compile(r"^[ \t]*([-*+][ \t]+|\d+[.)][ \t]+)?(?:\*\*|__)?expect(?:\*\*|__)?\s*:(.*)$", re.IGNORECASE)
_CODE_SPAN = re.compile(r"^(`+)(?!`)(?:.*[^`])\1$")
_PATTERN = re.compile(r"^/.+/$")
_RIGHT_FORM = "write a line `Expect:` with the literal in backticks, or with a pattern between slashes"


def read_blocks(document: Document, spans: Iterable[Span], remarks: Remarks) -> tuple[Block, ...]:
    """The blocks of the lines of `spans`, in order; neighbouring prose is one block."""
    blocks: list[Block] = []
    for span in spans:
        at = span.start
        for fence in within(document.fences, span.start, span.end):
            if fence.quoted or fence.start < at:
                continue
            _add_prose(document, at, fence.start, blocks, remarks)
            first, last = document.number(fence.start), document.number(fence.end - 1)
            blocks.append(Block("fence", fence.text, fence.info, first, last))
            at = fence.end
        _add_prose(document, at, span.end, blocks, remarks)
    return tuple(blocks)


def _add_prose(document: Document, start: int, end: int, blocks: list[Block], remarks: Remarks) -> None:
    """The lines of prose, with the expectations among them as blocks of their own."""
    at = start
    for index in range(start, end):
        line = document.lines[index]
        if "xpect" not in line.lower() or index in document.hidden or not (match := _EXPECT.match(line)):
            continue
        number, written = document.number(index), match[2].strip()
        if trouble := _trouble(written, bulleted=bool(match[1])):
            remarks.add("expect-form", number, trouble, written)
            continue
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


def _trouble(written: str, *, bulleted: bool) -> str:
    """What is wrong with an expectation, and what would be right; "" when it is as it should be."""
    if bulleted:
        return "an expectation in a list is not looked for; write it at the left margin, on a line of its own"
    if _CODE_SPAN.match(written):
        return ""
    if not _PATTERN.match(written):
        return f"this expectation is not understood, and not looked for; {_RIGHT_FORM}"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what a later Python will read differently is still a pattern today
            re.compile(written[1:-1], re.MULTILINE)
    except (re.error, OverflowError, RecursionError) as error:
        return f"this is no pattern that can be searched: {error}; {_RIGHT_FORM}"
    return ""
