"""Silences: comments in a plan, `<!-- silence RULE at ITEM: REASON -->`, that silence a finding."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from backout_tui.domain.checking.items_by_line import item_names
from backout_tui.domain.plan.plan import Plan
from backout_tui.domain.plan.remarks import Silence
from backout_tui.planfile.document import Document

_SILENCE = re.compile(r"<!--\s*silence\b(.{0,1000}?)-->", re.IGNORECASE)
_FORM = re.compile(r"\s*([\w-]*)\s*(?:at\s+(.+))?$", re.IGNORECASE | re.DOTALL)
_LINE = re.compile(r"\r\n|\r|\n")


def read_silences(document: Document, plan: Plan) -> tuple[Silence, ...]:
    """The silences of `document`, in order; those in fences are text of the fence."""
    if not any("<!--" in line for line in document.lines):
        return ()
    names = item_names(plan)
    fenced = {at for fence in document.fences for at in range(fence.start, fence.end)}
    return tuple(
        _silence(match[1], names, document.number(at))
        for at, line in enumerate(document.lines)
        if at not in fenced
        for match in _SILENCE.finditer(line)
    )


def unsilenced_text(text: str, number: int) -> str:
    """`text` without its silence `number`, counted from 1; a line that held nothing else goes with it."""
    from backout_tui.planfile.reading.reader import read_plan

    lines = _LINE.split(text)
    wanted = read_plan(text).silences[number - 1]
    same_line = [one for one in read_plan(text).silences[: number - 1] if one.line == wanted.line]
    match = list(_SILENCE.finditer(lines[wanted.line - 1]))[len(same_line)]
    start, end = (_offset(text, wanted.line - 1) + at for at in match.span())
    if _is_silence(lines[wanted.line - 1]):
        start, end = _offset(text, wanted.line - 1), _offset(text, wanted.line) or len(text)
    return text[:start] + text[end:]


def silenced_text(text: str, rule: str, item: str, reason: str) -> str:
    """`text` with a silence added below the plan's top facts, and nothing else changed.

    `item` is "" for a finding without one. The reason becomes one line that cannot end the comment.
    """
    from backout_tui.planfile.reading.reader import read_plan

    at = f" at {item}" if item else ""
    said = " ".join(reason.split()).replace("--", "-").strip("-> ")
    comment = f"<!-- silence {rule}{at}: {said} -->"
    lines = _LINE.split(text)
    place = _below_the_facts(read_plan(text), lines)
    end = found[0] if (found := _LINE.search(text)) else "\n"
    new = ["", comment] if place and not _is_silence(lines[place - 1]) else [comment]
    if place < len(lines) and lines[place].strip() and not _is_silence(lines[place]):
        new.append("")
    head = text[: _offset(text, place)]
    if head and not head.endswith(("\r", "\n")):
        head += end
    return head + "".join(f"{line}{end}" for line in new) + text[_offset(text, place) :]


def _silence(said: str, names: Collection[str], line: int) -> Silence:
    before, reason = _halves(said, names)
    match = _FORM.match(before)
    rule, item = (match[1], match[2]) if match else (before.strip(), None)
    return Silence(rule, item.strip() if item else None, reason.strip(), line)


def _halves(said: str, names: Collection[str]) -> tuple[str, str]:
    """What is silenced, and why: split at the first colon, unless that colon is in the name of an item."""
    places = [at for at, char in enumerate(said) if char == ":"]
    for at in reversed(places):
        if said[:at].partition(" at ")[2].strip() in names:
            return said[:at], said[at + 1 :]
    before, _, reason = said.partition(":")
    return before, reason


def _below_the_facts(plan: Plan, lines: list[str]) -> int:
    """How many lines are above the new comment: the title, the facts with their extra lines, earlier silences."""
    place = max([plan.line, *(fact.line for fact in plan.facts)])
    while place < len(lines) and _goes_on(lines[place], lines[place + 1 :]):
        place += 1
    return place


def _goes_on(line: str, after: list[str]) -> bool:
    if _is_silence(line):
        return True
    if not line.strip():
        return bool(after) and _is_silence(after[0])
    return line.startswith(("  ", "\t")) or not line.strip("=- ")


def _is_silence(line: str) -> bool:
    return _SILENCE.fullmatch(line.strip()) is not None


def _offset(text: str, lines: int) -> int:
    """The offset in `text` at which line `lines`, counted from 0, begins."""
    ends: Iterator[int] = (match.end() for match in _LINE.finditer(text))
    return next((end for at, end in enumerate(ends, start=1) if at == lines), len(text)) if lines else 0
