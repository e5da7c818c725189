"""From a plan to Markdown in our own form; reading it back gives the same plan."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from backout_tui.domain.plan.plan import (
    Block,
    Check,
    Component,
    Contact,
    Fact,
    Message,
    Part,
    Plan,
    Section,
    Step,
    Variable,
)
from backout_tui.domain.plan.planfacts import keys_of
from backout_tui.domain.values import replace
from backout_tui.planfile.reading.sections import KEPT, TITLES, opens_something

_CONTACT_COLUMNS = ("name", "role", "groups", "zone", "quiet", "reach")
_COMPONENT_COLUMNS = ("component", "version", "returns to")


def write_plan(plan: Plan, *, marked: bool = False) -> str:
    """`plan` as Markdown, with sections in our order; sections that are not ours come last.

    `marked`: those with a title like one of ours get a mark, so that the reader keeps them as they are.
    """
    return "\n\n".join(_pieces(plan, marked)) + "\n"


def _pieces(plan: Plan, marked: bool) -> Iterator[str]:
    yield _heading(1, plan.title)
    yield from _facts("plan", plan.facts)
    yield from _text(plan.intro)
    yield from _sections(plan.when, plan.success, plan.before)
    yield from _below("components", _table(_COMPONENT_COLUMNS, map(_component, plan.components)))
    yield from _below("variables", map(_variable, plan.variables))
    yield from _sections(plan.risks)
    yield from _steps(plan)
    if plan.checks:
        yield _heading(2, TITLES["verification"])
    for check in plan.checks:
        yield from _check(check)
    yield from _sections(plan.contingency, plan.after)
    if plan.messages:
        yield _heading(2, TITLES["communication"])
    for message in plan.messages:
        yield from _message(message)
    yield from _below("contacts", _table(_CONTACT_COLUMNS, map(_contact, plan.contacts)))
    yield from _sections(plan.rehearsals)
    for other in plan.others:
        ours = marked and opens_something(other.title)
        yield from _sections(replace(other, body=f"{KEPT}\n\n{other.body}".rstrip("\n")) if ours else other)


def _heading(level: int, text: str) -> str:
    text = _one_line(text)
    # A trailing `#` would be read as the end of the heading, so one more is added.
    closing = " #" if re.search(r"(?:^|\s)#+$", text) else ""
    return f"{'#' * level} {text}{closing}".rstrip(" ")


def _one_line(text: str) -> str:
    """Text for a single line: a line break would end it and begin something else."""
    return text.replace("\r", " ").replace("\n", " ")


def _text(text: str) -> Iterator[str]:
    if text:
        yield text


def _facts(place: str, facts: Sequence[Fact]) -> Iterator[str]:
    if facts:
        yield "\n".join(_fact(place, fact) for fact in facts)


def _fact(place: str, fact: Fact) -> str:
    if fact.value:
        return f"- {fact.key}: {_one_line(fact.value)}"
    entry = keys_of(place).get(fact.key)
    return f"- {fact.key}" if entry and entry.bare else f"- {fact.key}:"


def _sections(*sections: Section | None) -> Iterator[str]:
    for section in sections:
        if section is not None:
            yield _heading(2, section.title)
            yield from _text(section.body)


def _below(section: str, lines: Iterable[str]) -> Iterator[str]:
    if text := "\n".join(lines):
        yield _heading(2, TITLES[section])
        yield text


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for at, row in enumerate(rows):
        if at == 0:
            yield _row(columns)
            yield f"|{'---|' * len(columns)}"
        yield _row(row)


def _row(cells: Sequence[str]) -> str:
    escaped = (_one_line(cell).replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(escaped)} |"


def _component(one: Component) -> Sequence[str]:
    return one.component, one.version, one.returns_to


def _contact(one: Contact) -> Sequence[str]:
    return one.name, one.role, ", ".join(one.groups), one.zone, one.quiet, ", ".join(one.reach)


def _variable(one: Variable) -> str:
    flag = f" ({one.flag})" if one.flag else ""
    return f"- {one.name}: {_one_line(one.value)}{flag}" if one.value else f"- {one.name}{flag or ':'}"


def _steps(plan: Plan) -> Iterator[str]:
    if plan.steps_intro or plan.parts:
        yield _heading(2, TITLES["steps"])
    yield from _text(plan.steps_intro)
    for part in plan.parts:
        yield from _part(part)


def _part(part: Part) -> Iterator[str]:
    if part.kind:
        separator = " " if part.kind == "option" else ": "
        yield _heading(3, f"{part.kind.capitalize()}{separator}{part.name}")
        yield from _facts("part", part.facts)
        yield from _text(part.intro)
    for step in part.steps:
        yield from _step(step, 4 if part.kind else 3, f"{step.number}. {step.title}")


def _step(step: Step, level: int, heading: str) -> Iterator[str]:
    yield _heading(min(level, 6), heading)
    yield from _facts("step", step.facts)
    yield from map(_block, step.blocks)
    for child in step.children:
        yield from _step(child, level + 1, f"{child.number} {child.title}")


def _block(block: Block) -> str:
    if block.kind == "expect":
        return f"Expect: {block.text}"
    return _fence(block) if block.kind == "fence" else block.text


def _fence(block: Block) -> str:
    char = "~" if "`" in block.info else "`"
    longest = max((len(run) for run in re.findall(f"{char}+", block.text)), default=0)
    marks = char * max(3, longest + 1)
    gap = " " if block.info.startswith(char) else ""
    return "\n".join([f"{marks}{gap}{block.info}", *([block.text] if block.text else []), marks])


def _check(check: Check) -> Iterator[str]:
    yield _heading(3, f"{check.letter}. {check.title}")
    yield from _facts("check", check.facts)
    yield from map(_block, check.blocks)


def _message(message: Message) -> Iterator[str]:
    yield _heading(3, message.title)
    yield from _facts("message", message.facts)
    if message.text:
        yield "\n".join(f"> {line}" if line else ">" for line in message.text.split("\n"))
    yield from _text(message.notes)
