"""A plan in words for `backout-tui plan show`: what the program understood, and what it did not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from backout_tui.domain.plan.plan import Part, Plan, Step
from backout_tui.domain.plan.readiness import Question
from backout_tui.domain.text import clean, clean_line


def lines(plan: Plan, asked: Iterable[Question]) -> Iterator[str]:
    """Return the plan, line by line; `asked` are the nine questions."""
    yield clean_line(plan.title) or "(no title)"
    for fact in plan.facts:
        yield f"  {fact.key:<14} {clean_line(fact.value)}"
    yield ""
    for part in plan.parts:
        yield from _part(part)
    yield from _checks_and_messages(plan)
    yield "The nine questions"
    for question in asked:
        yield f"  {'✔' if question.answered else '○'} {question.id} {question.text}"
    if plan.remarks:
        yield "\nNot understood, or kept and not yet acted on"
        for remark in plan.remarks:
            yield f"  line {remark.line}: {clean_line(remark.message)}"


def _part(part: Part) -> Iterator[str]:
    heading = {"option": "Option ", "phase": "Phase: "}.get(part.kind)
    yield f"{heading}{clean_line(part.name)}" if heading else "Steps"
    for step in part.steps:
        yield from _step(step, "  ")
    yield ""


def _step(step: Step, indent: str) -> Iterator[str]:
    facts = ", ".join(clean_line(f"{fact.key}: {fact.value}" if fact.value else fact.key) for fact in step.facts)
    yield f"{indent}{step.number:<4} {clean_line(step.title)}{f'  ({facts})' if facts else ''}"
    for block in step.commands:
        yield from (f"{indent}       $ {line}" for line in clean(block.text).splitlines())
    for expected in step.expected:
        yield f"{indent}       expects {clean_line(expected)}"
    for child in step.children:
        yield from _step(child, indent + "  ")


def _checks_and_messages(plan: Plan) -> Iterator[str]:
    if plan.checks:
        yield "Verification"
        for check in plan.checks:
            optional = "" if check.required else ", optional"
            yield f"  {check.letter:<4} {clean_line(check.title)}  ({check.kind}{optional})"
        yield ""
    if plan.messages:
        yield "Communication"
        for message in plan.messages:
            yield f"  {clean_line(message.title)} → {clean_line(', '.join(message.to))} by {clean_line(message.by)}"
        yield ""
    if plan.contacts:
        yield "Contacts"
        for contact in plan.contacts:
            yield f"  {clean_line(', '.join(filter(None, (contact.name, contact.role))))}"
        yield ""
