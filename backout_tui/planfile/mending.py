"""Repairs to a document before it is read, so that each part means the same wherever it is written."""

from __future__ import annotations

import re

from backout_tui.planfile.document import Document, Fence
from backout_tui.planfile.reader_remarks import Remarks

_PASSES = 8  # with more unclosed fences in a row than this, a document is read as Markdown reads it
_HEADING = re.compile(r"^ {0,3}#{2,6}[ \t]+\S")
_INDENT = re.compile(r"^[ \t]*(?:(?:[-*+]|\d+[.)])[ \t]+)*")


def with_closed_fences(lines: list[str], remarks: Remarks) -> Document:
    """The document of `lines`, with each unclosed fence ended where it probably should end."""
    numbers = list(range(1, len(lines) + 1))
    document = Document(lines, numbers)
    closed: set[int] = set()  # fences that got a closing line: if it closed nothing, as in a list, another won't either
    for _ in range(_PASSES):
        found = [closer for fence in document.fences if not fence.quoted for closer in _closers(document, fence)]
        closers = [closer for closer in found if document.number(closer[2]) not in closed]
        if not closers:
            break
        closed.update(document.number(opened) for _, _, opened in closers)
        for at, _, opened in closers:
            _say_unclosed(document, opened, at, remarks)
        lines, numbers = _with_closers(lines, numbers, closers)
        document = Document(lines, numbers)
    return document


def _say_unclosed(document: Document, start: int, end: int, remarks: Remarks) -> None:
    line = document.lines[start]
    marks = _INDENT.sub("", line)
    marks = marks[: len(marks) - len(marks.lstrip(marks[:1]))]
    more = any(document.lines[at].strip() for at in range(end, len(document.lines)))
    read = f"as ending before {remarks.place(document.number(end))}" if more else "to the end of the document"
    message = f"this fence is never closed: write {marks} on a line of its own after its last line; it is read {read}"
    remarks.add("unclosed-fence", document.number(start), message)


def _closers(document: Document, fence: Fence) -> list[tuple[int, str, int]]:
    """Where closing lines are missing: (before which line, the closing line, the line that opened the fence).

    A fence is unclosed if a line inside it opens another fence, or if the document ends. The closing line goes before
    the first heading inside it, or else before the line that shows it.
    """
    found = []
    opened, heading = fence.start, -1
    first = document.lines[fence.start]
    indent = " " * (len(first) - len(_INDENT.sub("", first, count=1)))
    for at in range(fence.start + 1, fence.end):
        line = document.lines[at]
        if _HEADING.match(line) and heading < 0:
            heading = at
        if _opens_again(line.lstrip(), fence.marks):
            found.append((heading if heading > 0 else at, indent + fence.marks, opened))
            opened, heading = at, -1
    if not fence.closed and heading > 0:
        found.append((heading, indent + fence.marks, opened))
    elif not fence.closed:  # up to the end of the document, or of the list that contains it
        found.append((fence.end, indent + fence.marks, opened))
    return found


def _opens_again(line: str, marks: str) -> bool:
    rest = line.lstrip(marks[0])
    return line.startswith(marks) and rest[:1].isalnum() and marks[0] not in rest


def _with_closers(
    lines: list[str], numbers: list[int], closers: list[tuple[int, str, int]]
) -> tuple[list[str], list[int]]:
    new_lines: list[str] = []
    new_numbers: list[int] = []
    done = 0
    for at, closing, _ in sorted(closers):
        new_lines += [*lines[done:at], closing]
        new_numbers += [*numbers[done:at], numbers[at - 1]]
        done = at
    return new_lines + lines[done:], new_numbers + numbers[done:]


def settle(document: Document, remarks: Remarks) -> None:
    """Rewrites the lines whose meaning depends on the lines above them."""
    _unindent_fences(document)
    _disarm_underlines(document)
    _show_open_comments(document, remarks)


def _disarm_underlines(document: Document) -> None:
    """Rewrites rules right below text so that they never turn it into a heading, whatever is taken out above."""
    headings = {heading.end - 1 for heading in document.headings}
    inert = document.hidden.union(*(range(one.start, one.end) for one in (*document.fences, *document.tables)))
    for at in range(1, len(document.lines)):
        line, above = document.lines[at].strip(), document.lines[at - 1]
        if not line or line.strip(line[0]) or line[0] not in "-=" or at in inert or headings & {at, at - 1}:
            continue
        if above.strip(" \t") and not above.startswith(("  ", "\t", "- ", "* ", "+ ")):
            document.lines[at] = "***" if line.startswith("---") else "*" if line == "-" else f"\\{line}"


def _unindent_fences(document: Document) -> None:
    """Moves fences to the margin, as Markdown reads them: after a list they would become part of it."""
    for fence in document.fences:
        line = document.lines[fence.start]
        indent = len(line) - len(line.lstrip(" "))
        if indent and not fence.nested:
            for at in range(fence.start, fence.end):
                inner = document.lines[at]
                document.lines[at] = inner[min(indent, len(inner) - len(inner.lstrip(" "))) :]


def _show_open_comments(document: Document, remarks: Remarks) -> None:
    """Turns comments that never end into text: in another place they could swallow what follows."""
    fenced = {at for fence in document.fences for at in range(fence.start, fence.end)}
    for at, line in enumerate(document.lines):
        if "<!--" not in line or at in document.hidden or at in fenced:
            continue
        start = line.index("<!--")
        if "-->" not in line and not _INDENT.sub("", line[:start], count=1):
            document.lines[at] = f"{line[:start]}\\{line[start:]}"
            message = "this comment is never closed with `-->` and is read as text"
            remarks.add("unclosed-comment", document.number(at), message)
