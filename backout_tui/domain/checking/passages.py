"""A plan's text in passages: what each says, its kind, where it stands, and which item it belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from backout_tui.domain.plan.criteria import command_said
from backout_tui.domain.plan.plan import Block, Fact, Plan, Section, Step
from backout_tui.domain.values import replace

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_FAR = 500  # lines
_BULLET = re.compile(r"^ {0,3}(?:[-*+]|\d{1,9}[.)])[ \t]+\S")


class Passage(Struct, frozen=True):
    """A piece of a plan's text.

    `kind` is title, fact, prose, command (a fence that runs), query (http, sql, promql), shown (any other fence),
    expect, message, variable, contact or rehearsal. `key` is a fact's or a variable's name. `line` is that of the first
    line, from 1; `numbers` are those of all lines, if known. HTML comments are blanked.
    """

    kind: str
    text: str
    line: int
    item: str = ""
    key: str = ""
    numbers: tuple[int, ...] = ()

    @property
    def line_end(self) -> int:
        """The last line."""
        return self.line + self.text.count("\n")

    def lines(self) -> Iterator[tuple[int, str]]:
        """Each line with its number; the number is 0 if it is unknown."""
        for at, line in enumerate(self.text.split("\n")):
            yield (self.numbers[at] if self.numbers else self.line + at if self.line else 0), line

    def placed(self, document: Sequence[str]) -> Passage:
        """The passage with its lines' numbers in `document`: some may have moved because text was taken out."""
        if self.numbers:
            return self
        at, numbers = self.line - 1, []
        for line in self.text.split("\n"):
            at = _place_of(line.strip(), at, document)
            numbers.append(at + 1)
            at += 1
        return replace(self, numbers=tuple(numbers))


def passages(plan: Plan) -> Iterator[Passage]:
    """Every passage of `plan`, by subject."""
    yield Passage("title", plan.title, plan.line)
    yield from _facts(plan.facts, "")
    yield from _prose(plan.intro, max([plan.line, *(fact.line for fact in plan.facts)]) + 2, "")
    yield from criteria(plan)
    for section in (plan.before, plan.risks, plan.contingency, plan.after, *plan.others):
        yield from _section(section, "prose")
    yield from _section(plan.rehearsals, "rehearsal")
    for variable in plan.variables:
        yield Passage("variable", variable.value, variable.line, f"variable {variable.name}", variable.name)
    yield from _steps(plan)
    yield from _checks_and_messages(plan)
    for contact in plan.contacts:
        words, at = f"{contact.name} {contact.role}", contact.line
        yield Passage(
            "contact", words, at, f"contact {contact.name}", numbers=(at,) if at and "\n" not in words else ()
        )


def scripts(plan: Plan) -> Iterator[Passage]:
    """The commands of `plan`, each as it runs, with probes and rehearsal commands; `key` is the language."""
    for step in plan.every_step():
        yield from (_fence(block, f"step {step.number}") for block in step.commands)
        for key in ("probe", "rehearse") if step.facts else ():
            yield from _said_command(step, key)
    for check in plan.checks:
        yield from (_fence(block, f"check {check.letter}") for block in check.commands)


def _said_command(step: Step, key: str) -> Iterator[Passage]:
    """The command in the fact `key`; `rehearse: run` means the step's own."""
    fact = next((one for one in step.facts if one.key == key), None)
    said = command_said(fact.value) if fact is not None else None
    if fact is not None and said and said.casefold() != "run":
        yield Passage("command", said, fact.line, f"step {step.number}", "sh")


def criteria(plan: Plan) -> Iterator[Passage]:
    """The text of `When to back out` and `When the release is a success`: `criterion N` is the Nth bullet of both."""
    number = 0
    for section in (plan.when, plan.success):
        for passage in _by_bullet(section):
            number += bool(passage.item)
            yield Passage("prose", passage.text, passage.line, f"criterion {number}" if passage.item else "")


def _by_bullet(section: Section | None) -> Iterator[Passage]:
    """A section's body, split at its bullets; passages that begin with a bullet have an item."""
    if section is None:
        return
    kept: list[str] = []
    at = first = section.body_line or section.line + 1
    for line in [*_without_comments(section.body).split("\n"), None]:
        if kept and (line is None or _BULLET.match(line)):
            yield Passage("prose", "\n".join(kept), first, "bullet" if _BULLET.match(kept[0]) else "")
            kept, first = [], at
        if line is not None:
            kept.append(line)
        at += 1


def _steps(plan: Plan) -> Iterator[Passage]:
    yield from _prose(plan.steps_intro, 0, "")
    for part in plan.parts:
        yield Passage("title", part.name, part.line)
        yield from _facts(part.facts, "")
        yield from _prose(part.intro, part.line + 1 if part.line else 0, "")
    for step in plan.every_step():
        item = f"step {step.number}"
        yield Passage("title", step.title, step.line, item)
        yield from _facts(step.facts, item)
        yield from _blocks(step.blocks, item)


def _checks_and_messages(plan: Plan) -> Iterator[Passage]:
    for check in plan.checks:
        item = f"check {check.letter}"
        yield Passage("title", check.title, check.line, item)
        yield from _facts(check.facts, item)
        yield from _blocks(check.blocks, item)
    for message in plan.messages:
        item = f"message {message.title}"
        yield Passage("title", message.title, message.line, item)
        yield from _facts(message.facts, item)
        yield Passage("message", message.text, message.text_line or message.line, item)
        yield from _prose(message.notes, message.line, item)


def _facts(facts: Iterable[Fact], item: str) -> Iterator[Passage]:
    yield from (Passage("fact", fact.value, fact.line, item, fact.key) for fact in facts)


def _blocks(blocks: Iterable[Block], item: str) -> Iterator[Passage]:
    for block in blocks:
        if block.kind == "fence":
            yield _fence(block, item)
        elif block.kind == "expect":
            yield Passage("expect", block.text, block.line, item)
        else:
            yield from _prose(block.text, block.line, item)


def _fence(block: Block, item: str) -> Passage:
    query = block.language in ("http", "sql", "promql")
    kind = "command" if block.runnable else "query" if query else "shown"
    return Passage(kind, block.text, block.line + 1 if block.line else 0, item, block.language)


def _section(section: Section | None, kind: str) -> Iterator[Passage]:
    if section is not None:
        yield Passage(kind, _without_comments(section.body), section.body_line or section.line + 1)


def _prose(text: str, line: int, item: str) -> Iterator[Passage]:
    if text:
        yield Passage("prose", _without_comments(text), line, item)


def _place_of(line: str, expected: int, document: Sequence[str]) -> int:
    """The index of `line` in `document`: as expected, else the next one below, else the first one above.

    If a place is expected, the search goes only `_FAR` lines from it: a plan may have very many lines that are nowhere.
    """
    if not line or (0 <= expected < len(document) and line in document[expected]):
        return expected
    start = max(0, expected)
    far = _FAR if expected >= 0 else len(document)
    below = (at for at in range(start, min(start + far, len(document))) if line in document[at])
    above = (at for at in range(max(0, start - far), min(start, len(document))) if line in document[at])
    return next(below, next(above, expected))


def _without_comments(text: str) -> str:
    """`text` with its comments blanked, so that every line keeps its number."""
    return _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), text) if "<!--" in text else text
