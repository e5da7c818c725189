"""The items of a plan, each identified by its kind and title, whatever its number.

What people and rehearsals say about an item (confirmed, rehearsed, timed) holds as long as its content is the same.
design.md section 6.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence

from backout_tui.domain.backout.flatten import steps_of
from backout_tui.domain.backout.items import StepState
from backout_tui.domain.plan.plan import Block, Check, Contact, Fact, Message, Part, Plan, Section, Step, Variable
from backout_tui.domain.values import Placed, replace

KINDS = ("step", "command", "variable", "check", "contact", "message", "criterion")
"""The kinds of items that people confirm one by one when a plan is reused."""
WHEN, SUCCESS = "When to back out", "When the release is a success"

_VERSION = re.compile(r"\bv?\d+(?:\.\d+)+(?:[-+][\w.]+)?\b")
_SILENCE = re.compile(r"<!--\s*silence\b.*?-->", re.DOTALL)


class PlanItem(Placed, frozen=True):
    """One item. `label` is how people name it (`step 2`), `key` identifies it; `lines` are its whole content.

    `line` is its line in the document, from 1; 0 if not known. For a command, `line_end` is its last line, and `inside`
    the label of its step.
    """

    kind: str
    label: str
    title: str
    lines: tuple[str, ...]
    key: str
    line: int = 0
    line_end: int = 0
    inside: str = ""

    @property
    def place(self) -> str:
        """The label under which the check reports findings about it: a command uses that of its step."""
        return self.inside or self.label

    @property
    def hash(self) -> str:
        """A digest of its content: 16 hex digits that change if the item does."""
        return _digest((self.kind, *self.lines))


@functools.lru_cache(maxsize=4096)
def _digest(said: tuple[str, ...]) -> str:
    return hashlib.sha256("\n".join(said).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def items_of(plan: Plan) -> tuple[PlanItem, ...]:
    """The items that people confirm one by one, in the order of the document."""
    return tuple(
        _keyed([*_criteria(plan), *_variables(plan), *_steps(plan), *_checks(plan), *_messages(plan), *_contacts(plan)])
    )


def everything_of(plan: Plan) -> tuple[PlanItem, ...]:
    """The same items, and those that nobody confirms one by one: facts, components, other text."""
    facts = [PlanItem("fact", fact.key, fact.key, (fact.value,), "", fact.line) for fact in plan.facts]
    components = [
        PlanItem("component", f"component {one.component}", one.component, (one.version, one.returns_to), "", one.line)
        for one in plan.components
    ]
    return (*_keyed(facts), *_keyed(components), *items_of(plan), *_keyed([*_parts(plan), *_sections(plan)]))


def concerned(items: Iterable[PlanItem], place: str, line: int) -> PlanItem | None:
    """The item that a finding is about: the command at `place` that contains the line, else the item itself."""
    there = [item for item in items if item.place == place]
    commands = (item for item in there if item.inside and item.line <= line <= item.line_end)
    return next(commands, None) or next((item for item in there if not item.inside), None)


def named(items: Iterable[PlanItem], name: str) -> tuple[PlanItem, ...]:
    """The items that a person means by `step 2`, or `step Freeze deployments`, in upper or lower case."""
    wanted = " ".join(name.split()).casefold()
    found = [item for item in items if item.label.casefold() == wanted]
    return tuple(found or (item for item in items if f"{item.kind} {item.title}".casefold() == wanted))


def plain_title(title: str) -> str:
    """A title for comparing across releases: lower case, no versions, single spaces."""
    return " ".join(_VERSION.sub("#", title).casefold().split())


def _keyed(items: Sequence[PlanItem]) -> Iterator[PlanItem]:
    """The items with their keys; items with the same key are numbered from the second on."""
    seen: dict[str, int] = {}
    for item in items:
        key = f"{item.kind}:{plain_title(item.title)}"
        seen[key] = seen.get(key, 0) + 1
        key = f"{key} ({seen[key]})" if seen[key] > 1 else key
        yield replace(item, key=key)


def _said(text: str) -> Iterator[str]:
    """The lines of a text that are not blank, without comments that silence a rule."""
    for line in _SILENCE.sub("", text).split("\n"):
        if line.strip():
            yield line.rstrip()


def _facts(facts: Sequence[Fact]) -> Iterator[str]:
    return (f"{fact.key}: {fact.value}" if fact.value else fact.key for fact in facts)


def _parts(plan: Plan) -> Iterator[PlanItem]:
    for part in plan.parts:
        if part.kind:
            said = (*_facts(part.facts), *_said(part.intro))
            yield PlanItem(part.kind, f"{part.kind} {part.name}", part.name, said, "", part.line)


def _sections(plan: Plan) -> Iterator[PlanItem]:
    for title, words in (("the introduction", plan.intro), ("the words before the steps", plan.steps_intro)):
        if words:
            yield PlanItem("text", title, title, tuple(_said(words)), "")
    for one in (plan.before, plan.risks, plan.contingency, plan.after, plan.rehearsals, *plan.others):
        if one is not None:
            yield PlanItem("section", f"section {one.title}", one.title, tuple(_said(one.body)), "", one.line)


def _criteria(plan: Plan) -> Iterator[PlanItem]:
    number = 0
    for about, section in ((WHEN, plan.when), (SUCCESS, plan.success)):
        for said in _criteria_in(section):
            number += 1
            line = section.line if section is not None else 0
            yield PlanItem("criterion", f"criterion {number}", said, (f"{about}: {said}",), "", line)


def _criteria_in(section: Section | None) -> Iterator[str]:
    """A section's bullets, or its prose if it has none."""
    if section is None:
        return
    yield from section.items or filter(None, [" ".join(_said(section.body))])


def _variables(plan: Plan) -> Iterator[PlanItem]:
    for one in plan.variables:
        yield PlanItem("variable", f"variable {one.name}", one.name, (_variable_words(one),), "", one.line)


def _variable_words(one: Variable) -> str:
    return " ".join(filter(None, (one.value, f"({one.flag})" if one.flag else ""))) or "no value"


def _steps(plan: Plan) -> Iterator[PlanItem]:
    fenced = _fence_steps(plan)
    for part in plan.parts:
        for step in part.steps:
            yield from _step(step, part, fenced)


def _step(step: Step, part: Part, fenced: dict[str, list[StepState]]) -> Iterator[PlanItem]:
    place = (f"{part.kind}: {part.name}",) if part.kind else ()
    prose = [line for block in step.blocks for line in _prose(block, commands=bool(step.commands))]
    said = (step.title, *place, *_facts(step.facts), *prose)
    yield PlanItem("step", f"step {step.number}", step.title, said, "", step.line)
    for place_in_step, command in enumerate(_commands(step, fenced), start=1):
        number, line, line_end, lines = command
        title = f"{step.title} / {place_in_step}" if number != step.number else step.title
        yield PlanItem("command", f"command {number}", title, lines, "", line, line_end, f"step {step.number}")
    for child in step.children:
        yield from _step(child, part, fenced)


def _prose(block: Block, *, commands: bool) -> Iterator[str]:
    """The text of a step without its commands and their expectations."""
    if block.runnable or (block.kind == "expect" and commands):
        return
    yield from (f"Expect: {block.text}",) if block.kind == "expect" else _said(block.text)


def _commands(step: Step, fenced: dict[str, list[StepState]]) -> Iterator[tuple[str, int, int, tuple[str, ...]]]:
    """Each command of the step: its number, its first and last line, and its text with its expectations."""
    fences = step.commands
    several = bool(step.children) or len(fences) > 1
    states = fenced.get(step.number, []) if several else []
    for at, fence in enumerate(fences):
        number = states[at].number if at < len(states) else step.number
        expected = states[at].expects if at < len(states) else step.expected
        lines = (f"```{fence.info}", *fence.text.split("\n"), *(f"Expect: {one}" for one in expected))
        yield number, fence.line, _last_line(step.blocks, fence), lines


def _last_line(blocks: Sequence[Block], fence: Block) -> int:
    """The last line of a fence and its expectations."""
    behind = itertools.takewhile(lambda block: not block.runnable, blocks[blocks.index(fence) + 1 :])
    return max((block.line_end for block in behind if block.kind == "expect"), default=fence.line_end)


def _fence_steps(plan: Plan) -> dict[str, list[StepState]]:
    """The sub-steps made from the several commands of a step, by the step's number."""
    written = {child.number for step in plan.top_steps() for child in _below(step)}
    found: dict[str, list[StepState]] = {}
    for state in steps_of(plan).values():
        if state.parent and state.number not in written:
            found.setdefault(state.parent, []).append(state)
    return found


def _below(step: Step) -> Iterator[Step]:
    for child in step.children:
        yield child
        yield from _below(child)


def _checks(plan: Plan) -> Iterator[PlanItem]:
    for check in plan.checks:
        yield PlanItem("check", f"check {check.letter}", check.title, _check_lines(check), "", check.line)


def _check_lines(check: Check) -> tuple[str, ...]:
    lines = [check.title, *_facts(check.facts)]
    for block in check.blocks:
        if block.kind == "fence":
            lines += [f"```{block.info}", *block.text.split("\n")]
        else:
            lines += _prose(block, commands=False)
    return tuple(lines)


def _messages(plan: Plan) -> Iterator[PlanItem]:
    for one in plan.messages:
        yield PlanItem("message", f"message {one.title}", one.title, _message_lines(one), "", one.line)


def _message_lines(one: Message) -> tuple[str, ...]:
    return (*_facts(one.facts), *(f"> {line}".rstrip() for line in one.text.split("\n")), *_said(one.notes))


def _contacts(plan: Plan) -> Iterator[PlanItem]:
    for one in plan.contacts:
        yield PlanItem("contact", f"contact {one.name}", one.name, tuple(_contact_lines(one)), "", one.line)


def _contact_lines(one: Contact) -> Iterator[str]:
    said = {
        "role": one.role,
        "groups": ", ".join(one.groups),
        "zone": one.zone,
        "quiet": one.quiet,
        "reach": ", ".join(one.reach),
    }
    return (f"{name}: {value}" for name, value in said.items() if value)
