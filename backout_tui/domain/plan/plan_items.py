"""The items of a plan, each identified by its kind and title, whatever its number.

What people and rehearsals say about an item (confirmed, rehearsed, timed) holds as long as its content is the same.
design.md section 6.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from backout_tui.domain.backout.items import StepState
from backout_tui.domain.plan.plan import Block, Check, Contact, Fact, Message, Part, Plan, Section, Step, Variable
from backout_tui.domain.plan.remarks import Silence
from backout_tui.domain.shell.step_commands import commands_of, fence_steps
from backout_tui.domain.values import Placed, replace

WARNING = "warning"
"""The kind of an item that is a question of the check: a word that a copy took over from another release."""
REVIEWED_FACTS = ("window", "authoriser", "proxy", "performer", "affects")
"""The facts of a plan that people confirm one by one; the others belong to one release, or to the service."""
_OF_ITS_OWN_LIFE = frozenset({"derived from", "deployed", "deployment plan"})
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
    def is_told_by_line(self) -> bool:
        """Whether the check reports what it finds in it by line alone: it has no place for facts and sections."""
        return self.kind in ("fact", "risks", "contingency")

    @property
    def hash(self) -> str:
        """A digest of its content: 16 hex digits that change if the item does."""
        return _digest((self.kind, *self.lines))


@functools.lru_cache(maxsize=4096)
def _digest(said: tuple[str, ...]) -> str:
    return hashlib.sha256("\n".join(said).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def items_of(plan: Plan) -> tuple[PlanItem, ...]:
    """The items that people confirm one by one, in the order of the document."""
    items = [*_reviewed_facts(plan), *_criteria(plan), *_whole_section("risks", plan.risks), *_variables(plan)]
    items += [*_steps(plan), *_checks(plan), *_whole_section("contingency", plan.contingency)]
    items += [*_messages(plan), *_contacts(plan)]
    return tuple(_keyed([*items, *_silences(plan, items)]))


def everything_of(plan: Plan) -> tuple[PlanItem, ...]:
    """The same items, and those that nobody confirms one by one: other facts, components, other text."""
    facts = [_fact(fact, fact.key) for fact in plan.facts if fact.key not in REVIEWED_FACTS]
    components = [
        PlanItem("component", f"component {one.component}", one.component, (one.version, one.returns_to), "", one.line)
        for one in plan.components
    ]
    return (*_keyed(facts), *_keyed(components), *items_of(plan), *_keyed([*_parts(plan), *_sections(plan)]))


def concerned(items: Iterable[PlanItem], place: str, line: int) -> PlanItem | None:
    """The item that a finding is about: the command at `place` that contains the line, else the item itself.

    A finding without a place is about the fact, or the section, that has its line.
    """
    if not place:
        return next((item for item in items if item.is_told_by_line and item.line <= line <= item.line_end), None)
    there = [item for item in items if item.place == place]
    commands = (item for item in there if item.inside and item.line <= line <= item.line_end)
    return next(commands, None) or next((item for item in there if not item.inside), None)


def named(items: Iterable[PlanItem], name: str) -> tuple[PlanItem, ...]:
    """The items that a person means by `step 2`, `step Freeze deployments` or `risks`, in upper or lower case."""
    wanted = " ".join(name.split()).casefold()
    ways: tuple[Callable[[PlanItem], str], ...] = (
        lambda item: item.label, lambda item: f"{item.kind} {item.title}", _whole_kind
    )  # fmt: skip
    items = tuple(items)
    for says in ways:
        if wanted and (found := tuple(item for item in items if says(item).casefold() == wanted)):
            return found
    return ()


def _whole_kind(item: PlanItem) -> str:
    """`risks`, `contingency`: there is one of each."""
    return item.kind if item.is_told_by_line and item.kind != "fact" else ""


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
    for one in (plan.before, plan.after, plan.rehearsals, *plan.others):
        if one is not None:
            yield PlanItem("section", f"section {one.title}", one.title, tuple(_said(one.body)), "", one.line)


def _fact(fact: Fact, label: str) -> PlanItem:
    return PlanItem("fact", label, fact.key, (fact.value,), "", fact.line, fact.line)


def _reviewed_facts(plan: Plan) -> Iterator[PlanItem]:
    """`window`, `affects`, `affects 2`: the second one with a key is numbered."""
    seen: dict[str, int] = {}
    for fact in plan.facts:
        if fact.key in REVIEWED_FACTS:
            seen[fact.key] = seen.get(fact.key, 0) + 1
            yield _fact(fact, f"{fact.key} {seen[fact.key]}" if seen[fact.key] > 1 else fact.key)


def _whole_section(kind: str, section: Section | None) -> Iterator[PlanItem]:
    if section is not None and (said := tuple(_said(section.body))):
        last = (section.body_line or section.line) + section.body.count("\n")
        yield PlanItem(kind, f"section {section.title}", section.title, said, "", section.line, last)


def _silences(plan: Plan, items: Sequence[PlanItem]) -> Iterator[PlanItem]:
    """Each silence with a digest of the text that it is said of: with another text, it is another silence."""
    for number, one in enumerate(plan.silences, start=1):
        place = silenced_place(one, items)
        about = [item.hash for item in items if item.place == place] if place else _around(plan)
        title = f"{one.rule}{f' at {place}' if place else ''}: {one.reason}"
        yield PlanItem("silence", f"silence {number}", title, (title, f"said of the text {_digest(tuple(about))}"),
                       "", one.line)  # fmt: skip


def silenced_place(silence: Silence, items: Sequence[PlanItem]) -> str:
    """The item that a silence is about: the one that it names, else the one it is written in; "" for the plan."""
    if silence.item is not None:
        return silence.item
    above = [item for item in items if 0 < item.line <= silence.line and not item.inside]
    last = max(above, key=lambda item: item.line, default=None)
    return "" if last is None or last.is_told_by_line else last.place


def _around(plan: Plan) -> list[str]:
    """The digests of all that stands in no item: facts, sections, introductions."""
    facts = [f"{fact.key}: {fact.value}" for fact in plan.facts if fact.key not in _OF_ITS_OWN_LIFE]
    return [plan.title, *facts, *(one.hash for one in _sections(plan))]


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
    fenced = fence_steps(plan)
    for part in plan.parts:
        for step in part.steps:
            yield from _step(step, part, fenced)


def _step(step: Step, part: Part, fenced: dict[str, list[StepState]]) -> Iterator[PlanItem]:
    place = (f"{part.kind}: {part.name}",) if part.kind else ()
    prose = [line for block in step.blocks for line in _prose(block, commands=bool(step.commands))]
    said = (step.title, *place, *_facts(step.facts), *prose)
    yield PlanItem("step", f"step {step.number}", step.title, said, "", step.line)
    for place_in_step, command in enumerate(commands_of(step, fenced), start=1):
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
