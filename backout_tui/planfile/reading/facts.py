"""Facts: the leading bullets `key: value` under a heading."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from backout_tui.domain.plan.plan import Fact
from backout_tui.domain.plan.planfacts import PLACES, TABLE, keys_of
from backout_tui.planfile.document import Document, Span, within
from backout_tui.planfile.reader_remarks import Remarks

_BULLET = re.compile(r"^ {0,3}[-*+][ \t]+(?:\[[ xX]\][ \t]+)?(\S.*)$")
_COLON = r"(?:(?:\*\*|__)\s*:|:(?:\*\*|__)|\s*:)"  # the colon may also be after or inside bold marks
_PAIR = re.compile(rf"^(?:\*\*|__)?([A-Za-z](?:[A-Za-z ]{{0,38}}[A-Za-z])?){_COLON}(\s*)(.*)$")
_BARE = re.compile(r"^(?:\*\*|__)?([A-Za-z][A-Za-z ]{0,39}?)(?:\*\*|__)?\s*\.?$")
_CONTINUES = re.compile(r"^(?:\t| {2,})\s*(?![-*+][ \t]|\d+[.)][ \t]|```|~~~|>)\S")
_NESTED = re.compile(r"^(?:\t| {2,})\s*(?:[-*+][ \t]|\d+[.)][ \t]|```|~~~|>)")


@dataclass(slots=True)
class Read:
    """The facts that were read, and the remaining lines."""

    facts: list[Fact] = field(default_factory=list)
    rest: list[Span] = field(default_factory=list)


def read_facts(document: Document, span: Span, place: str, remarks: Remarks) -> Read:
    """The facts at the top of `span`, with keys of `place`; the first other line that is not blank ends them."""
    read = Read()
    at = span.start
    comment_start = None
    while at < span.end:
        line = document.lines[at]
        if at in document.hidden:
            comment_start = at if comment_start is None else comment_start
            at += 1
            continue
        if not line.strip():
            at += 1
            continue
        taken = _fact_at(document, at, span.end, place, remarks)
        if taken is None:
            break
        if comment_start is not None:
            read.rest.append(Span(comment_start, at))
            comment_start = None
        fact, at = taken
        _add(read.facts, fact, place, remarks)
    read.rest.append(Span(at if comment_start is None else comment_start, span.end))
    _note_late(document, Span(at, span.end), place, remarks)
    return read


def _add(facts: list[Fact], fact: Fact, place: str, remarks: Remarks) -> None:
    entry = keys_of(place)[fact.key]
    earlier = next((one for one in facts if one.key == fact.key), None)
    if earlier and not entry.many:
        message = f"`{fact.key}` is said already in {remarks.place(earlier.line)}, which counts; keep one of them"
        remarks.add("repeated-fact", fact.line, message, fact.key)
    if not fact.value and not entry.bare:
        message = f"`{fact.key}` says nothing: write `- {fact.key}: ...`, or take the line out"
        remarks.add("empty-fact", fact.line, message, fact.key)
    facts.append(fact)


def _fact_at(document: Document, at: int, end: int, place: str, remarks: Remarks) -> tuple[Fact, int] | None:
    """The fact in line `at` and the line after it; None if there is none."""
    bullet = _BULLET.match(document.lines[at])
    if bullet is None:
        return None
    key, value, spaced = _key_and_value(bullet[1], place)
    number = document.number(at)
    if key not in keys_of(place):
        if spaced:
            _note_unknown(key, number, place, remarks)
        return None
    after = at + 1
    while after < end and _CONTINUES.match(document.lines[after]):
        value = f"{value} {document.lines[after].strip()}".strip()
        after += 1
    if after < end and _NESTED.match(document.lines[after]):
        message = f"`{key}` has lines of its own below it, so it is read as text; a fact is one line, `- {key}: value`"
        remarks.add("fact-form", number, message, key)
        return None
    return Fact(key, value, number), after


def _key_and_value(text: str, place: str) -> tuple[str, str, bool]:
    """The key in lower case, the value, and whether it looks like a fact (`key: value` with its space)."""
    if pair := _PAIR.match(text):
        return " ".join(pair[1].lower().split()), pair[3].strip(), bool(pair[2]) or not pair[3]
    bare = _BARE.match(text.strip())
    key = " ".join(bare[1].lower().split()) if bare else ""
    entry = keys_of(place).get(key)
    return (key, "", False) if entry and entry.bare else ("", "", False)


def _note_unknown(key: str, number: int, place: str, remarks: Remarks) -> None:
    import difflib  # imported here: only an unknown key needs it

    close = difflib.get_close_matches(key, keys_of(place), n=1, cutoff=0.7)
    advice = f"; did you mean `{close[0]}`?" if close else _home(key)
    message = f"`{key}` is not a fact of {PLACES[place]}{advice}; it is read as text, and ends the facts"
    remarks.add("misspelt-fact" if close else "unknown-fact", number, message, key)


def _home(key: str) -> str:
    """Says where a misplaced key belongs."""
    homes = [PLACES[entry.place] for entry in TABLE if entry.key == key and " " not in entry.place]
    return f": it belongs to {homes[0]}" if homes else ""


def _note_late(document: Document, span: Span, place: str, remarks: Remarks) -> None:
    """Warns about known facts after the facts have ended: they are text, and have no effect."""
    inside = {at for fence in within(document.fences, span.start, span.end) for at in range(fence.start, fence.end)}
    for at in range(span.start, span.end):
        line = document.lines[at]
        if line[:1] not in "-*+" or at in inside or not (bullet := _BULLET.match(line)):
            continue
        pair = _PAIR.match(bullet[1])
        key = " ".join(pair[1].lower().split()) if pair else ""
        if key in keys_of(place):
            message = f"`{key}` stands after the facts have ended and is read as text; move it up to the heading"
            remarks.add("late-fact", document.number(at), message, key)
