"""A plan: the parsed form of one backout plan's text. design.md section 7, contract.md section 7."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from enum import StrEnum

from backout_tui.domain.plan.remarks import Remark, Silence
from backout_tui.domain.values import Placed

RUNNABLE = ("sh", "shell", "bash")
"""The languages of fences that run; every other fence, and one that names none, is shown (contract.md section 2)."""


class Fact(Placed, frozen=True):
    """One leading bullet `key: value` of a heading; `key` in lower case, `value` as written."""

    key: str
    value: str
    line: int = 0


class Block(Placed, frozen=True):
    """A piece of an item's body, in document order.

    `kind` is "text" (Markdown as written), "fence" (its inner text, with `info` as written after the backticks) or
    "expect" (the text after `Expect:`, as written, code span or `/regex/`).
    """

    kind: str
    text: str
    info: str = ""
    line: int = 0
    line_end: int = 0

    @property
    def language(self) -> str:
        """A fence's language in lower case; "" if it names none."""
        return _language(self.info)

    @property
    def runnable(self) -> bool:
        """Whether this is a fence that runs as a command (contract.md section 2); other fences are only shown."""
        return self.kind == "fence" and self.language in RUNNABLE

    def option(self, name: str) -> str | None:
        """The value of `name=value` in a fence's info line."""
        for word in self.info.split():
            key, equals, value = word.partition("=")
            if equals and key == name:
                return value
        return None


@functools.cache
def _language(info: str) -> str:
    first = info.split()[:1]
    return first[0].lower() if first and "=" not in first[0] else ""


class WithFacts:
    """The questions that every item with facts can answer."""

    __slots__ = ()
    facts: tuple[Fact, ...]

    def fact(self, key: str) -> str | None:
        """The value of the fact `key`, or None if the plan doesn't give it."""
        for fact in self.facts:  # each step asks a dozen times, and `next` would make a generator each time
            if fact.key == key:
                return fact.value
        return None

    def says(self, key: str) -> bool:
        """Whether a yes/no fact is set: the bare word, or any value but `no` and `false`."""
        value = self.fact(key)
        return value is not None and value.strip().lower() not in ("no", "false")


class WithBlocks:
    """The questions that every item with a body can answer."""

    __slots__ = ()
    blocks: tuple[Block, ...]

    @property
    def commands(self) -> tuple[Block, ...]:
        """The fences that run, in order."""
        return tuple([block for block in self.blocks if block.runnable])

    @property
    def expected(self) -> tuple[str, ...]:
        """What the output must contain, as written."""
        return tuple(block.text for block in self.blocks if block.kind == "expect")

    @property
    def body(self) -> str:
        """The item's prose, without its fences and expectations."""
        return "\n\n".join(block.text for block in self.blocks if block.kind == "text")


class Step(WithFacts, WithBlocks, Placed, frozen=True):
    """One action of the plan. `number` is text and unique ("4", "B2", "4.1"); `line` is 1-based."""

    number: str
    title: str
    facts: tuple[Fact, ...] = ()
    blocks: tuple[Block, ...] = ()
    children: tuple[Step, ...] = ()
    line: int = 0
    line_end: int = 0

    def with_children(self) -> Iterator[Step]:
        """This step, then all steps below it, each before its own sub-steps."""
        yield self
        for child in self.children:
            yield from child.with_children()


class Part(WithFacts, Placed, frozen=True):
    """A run of steps below `## Steps`.

    `kind` is "" (no heading of their own), "option" (one of several exclusive ways, `name` as in `A: by hand`) or
    "phase". An option may have phases of its own only as the order of its steps; `intro` is its prose.
    """

    kind: str
    name: str
    steps: tuple[Step, ...]
    facts: tuple[Fact, ...] = ()
    intro: str = ""
    line: int = 0


class CheckKind(StrEnum):
    """How a check is done."""

    MANUAL = "manual"  # by a person
    COMMAND = "command"
    HTTP = "http"
    SQL = "sql"
    PROMQL = "promql"


ASKED = frozenset({CheckKind.HTTP, CheckKind.SQL, CheckKind.PROMQL})
"""The languages of fences that ask a question and don't run a command."""


class Check(WithFacts, WithBlocks, Placed, frozen=True):
    """One verification. `letter` is A, B, ... Z, AA; the reader gives the next free one if the plan has none."""

    letter: str
    title: str
    facts: tuple[Fact, ...] = ()
    blocks: tuple[Block, ...] = ()
    line: int = 0
    line_end: int = 0

    @property
    def kind(self) -> CheckKind:
        """How it is done: by hand, unless a fence says otherwise."""
        for block in self.blocks:
            if block.kind == "fence" and block.language in ASKED:
                return CheckKind(block.language)
            if block.runnable:
                return CheckKind.COMMAND
        return CheckKind.MANUAL

    @property
    def required(self) -> bool:
        """Whether the verdict *backed-out* needs it: yes, unless it is `optional`, or `required: no`."""
        return not self.says("optional") and (self.fact("required") is None or self.says("required"))


class Message(WithFacts, Placed, frozen=True):
    """A text for contacts. `text` is the block quote without its markers; a first `Subject:` line is the subject.

    `text_line` is the line where the text begins.
    """

    title: str
    facts: tuple[Fact, ...] = ()
    text: str = ""
    notes: str = ""
    line: int = 0
    line_end: int = 0
    text_line: int = 0

    @property
    def to(self) -> tuple[str, ...]:
        """The contacts and groups it goes to, as the plan names them."""
        return split_names(self.fact("to") or "")

    @property
    def by(self) -> str:
        """The channel: email, unless the plan names another."""
        return (self.fact("by") or "email").strip().lower()


class Contact(Placed, frozen=True):
    """A person or group who is told or called. `quiet` is `22:00-07:00` in `zone` (an IANA name)."""

    name: str
    role: str = ""
    groups: tuple[str, ...] = ()
    zone: str = ""
    quiet: str = ""
    reach: tuple[str, ...] = ()
    line: int = 0

    def address(self, channel: str) -> str | None:
        """The address of the first `channel:address` in reach, or None."""
        for entry in self.reach:
            kind, colon, address = entry.partition(":")
            if colon and kind.strip().lower() == channel and address.strip():
                return address.strip()
        return None


class Variable(Placed, frozen=True):
    """A value for the commands. `flag` is "", "secret", "asked at start", "asked when needed" or "captured by N"."""

    name: str
    value: str = ""
    flag: str = ""
    line: int = 0

    @property
    def secret(self) -> bool:
        """Whether its value must never be written anywhere."""
        return self.flag == "secret"

    @property
    def asked_at_start(self) -> bool:
        """Whether a person is asked for its value when a backout starts."""
        return self.flag == "asked at start"


class Component(Placed, frozen=True):
    """A part of the release with versions of its own."""

    component: str
    version: str = ""
    returns_to: str = ""
    line: int = 0


class Section(Placed, frozen=True):
    """A section of prose and bullets: `title` as written, `body` as Markdown, `items` its top-level bullets.

    `line` is that of the heading, `body_line` the first line of the body.
    """

    title: str
    body: str = ""
    items: tuple[str, ...] = ()
    line: int = 0
    body_line: int = 0


class Plan(WithFacts, Placed, frozen=True):
    """One backout plan as parsed. Section fields are None if the document doesn't have the section.

    `line` is that of the title.
    """

    title: str = ""
    facts: tuple[Fact, ...] = ()
    intro: str = ""
    when: Section | None = None
    success: Section | None = None
    before: Section | None = None
    components: tuple[Component, ...] = ()
    variables: tuple[Variable, ...] = ()
    risks: Section | None = None
    steps_intro: str = ""
    parts: tuple[Part, ...] = ()
    checks: tuple[Check, ...] = ()
    contingency: Section | None = None
    after: Section | None = None
    messages: tuple[Message, ...] = ()
    contacts: tuple[Contact, ...] = ()
    rehearsals: Section | None = None
    others: tuple[Section, ...] = ()
    remarks: tuple[Remark, ...] = ()
    silences: tuple[Silence, ...] = ()
    line: int = 0

    def top_steps(self) -> Iterator[Step]:
        """Every top-level step of all parts, in document order."""
        for part in self.parts:
            yield from part.steps

    def every_step(self) -> Iterator[Step]:
        """Every step, each before its sub-steps."""
        for step in self.top_steps():
            if step.children:
                yield from step.with_children()
            else:
                yield step

    @property
    def release(self) -> tuple[str, str]:
        """The release's name and version, from `release: NAME VERSION`; either may be ""."""
        words = (self.fact("release") or "").split()
        return (" ".join(words[:-1]), words[-1]) if len(words) > 1 else (words[0] if words else "", "")


def split_names(text: str) -> tuple[str, ...]:
    """Names separated by commas, as in `to: stakeholders, release manager`."""
    return tuple(name.strip() for name in text.split(",") if name.strip())
