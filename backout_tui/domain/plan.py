"""A plan: the parsed form of one backout plan's text. design.md section 7, contract.md section 7."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from backout_tui.domain.remarks import Remark, Silence

RUNNABLE = ("", "sh", "bash")


@dataclass(frozen=True, slots=True)
class Fact:
    """One leading bullet `key: value` of a heading; `key` in lower case, `value` as written."""

    key: str
    value: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of an item's body, in document order.

    `kind` is "text" (Markdown as written), "fence" (its inner text, with `info` as written after the backticks) or
    "expect" (what stands after `Expect:`, as written, code span or `/regex/`).
    """

    kind: str
    text: str
    info: str = ""
    line: int = field(default=0, compare=False)
    line_end: int = field(default=0, compare=False)

    @property
    def language(self) -> str:
        """A fence's language in lower case; "" when it is unnamed."""
        first = self.info.split()[:1]
        return first[0].lower() if first and "=" not in first[0] else ""

    @property
    def runnable(self) -> bool:
        """Whether this is a fence that runs as a command (contract.md section 2); others are shown only."""
        return self.kind == "fence" and self.language in RUNNABLE

    def option(self, name: str) -> str | None:
        """The value of `name=value` in a fence's info line."""
        for word in self.info.split():
            key, equals, value = word.partition("=")
            if equals and key == name:
                return value
        return None


class WithFacts:
    """What every item with facts can answer."""

    __slots__ = ()
    facts: tuple[Fact, ...]

    def fact(self, key: str) -> str | None:
        """The value of the fact `key`, or None when the plan does not say it."""
        return next((fact.value for fact in self.facts if fact.key == key), None)

    def says(self, key: str) -> bool:
        """Whether a yes/no fact stands: the bare word, or any value but `no` and `false`."""
        value = self.fact(key)
        return value is not None and value.strip().lower() not in ("no", "false")


class WithBlocks:
    """What every item with a body can answer."""

    __slots__ = ()
    blocks: tuple[Block, ...]

    @property
    def commands(self) -> tuple[Block, ...]:
        """The fences that run, in order."""
        return tuple(block for block in self.blocks if block.runnable)

    @property
    def expected(self) -> tuple[str, ...]:
        """What the output has to hold, as written."""
        return tuple(block.text for block in self.blocks if block.kind == "expect")

    @property
    def body(self) -> str:
        """The item's prose, without its fences and expectations."""
        return "\n\n".join(block.text for block in self.blocks if block.kind == "text")


@dataclass(frozen=True, slots=True)
class Step(WithFacts, WithBlocks):
    """One action of the plan. `number` is text, given once ("4", "B2", "4.1"); `line` is 1-based."""

    number: str
    title: str
    facts: tuple[Fact, ...] = ()
    blocks: tuple[Block, ...] = ()
    children: tuple[Step, ...] = ()
    line: int = field(default=0, compare=False)
    line_end: int = field(default=0, compare=False)

    def with_children(self) -> Iterator[Step]:
        """This step, then its sub-steps, theirs included."""
        yield self
        for child in self.children:
            yield from child.with_children()


@dataclass(frozen=True, slots=True)
class Part(WithFacts):
    """A run of steps below `## Steps`.

    `kind` is "" (no heading of their own), "option" (an exclusive way, `name` as in `A: by hand`) or "phase".
    An option may hold phases of its own only as the steps' order; `intro` is its prose.
    """

    kind: str
    name: str
    steps: tuple[Step, ...]
    facts: tuple[Fact, ...] = ()
    intro: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Check(WithFacts, WithBlocks):
    """One verification. `letter` is A, B, ... Z, AA; the reader gives the next free one where the plan has none."""

    letter: str
    title: str
    facts: tuple[Fact, ...] = ()
    blocks: tuple[Block, ...] = ()
    line: int = field(default=0, compare=False)
    line_end: int = field(default=0, compare=False)

    @property
    def kind(self) -> str:
        """One of command, http, sql, promql, or manual when no fence says otherwise."""
        for block in self.blocks:
            if block.kind == "fence" and block.language in ("http", "sql", "promql"):
                return block.language
            if block.runnable:
                return "command"
        return "manual"

    @property
    def required(self) -> bool:
        """Whether the verdict *backed-out* needs it: every check does that does not say `optional`."""
        return not self.says("optional")


@dataclass(frozen=True, slots=True)
class Message(WithFacts):
    """A text for contacts. `text` is the block quote without its markers; a first `Subject:` line is the subject.

    `text_line` is the line where the text begins.
    """

    title: str
    facts: tuple[Fact, ...] = ()
    text: str = ""
    notes: str = ""
    line: int = field(default=0, compare=False)
    line_end: int = field(default=0, compare=False)
    text_line: int = field(default=0, compare=False)

    @property
    def to(self) -> tuple[str, ...]:
        """The contacts and groups it goes to, as the plan names them."""
        return split_names(self.fact("to") or "")

    @property
    def by(self) -> str:
        """The channel: email unless the plan says another."""
        return (self.fact("by") or "email").strip().lower()


@dataclass(frozen=True, slots=True)
class Contact:
    """A person or group who is told or called. `quiet` is `22:00-07:00` in `zone` (an IANA name)."""

    name: str
    role: str = ""
    groups: tuple[str, ...] = ()
    zone: str = ""
    quiet: str = ""
    reach: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)

    def address(self, channel: str) -> str | None:
        """The address of the first `channel:address` in reach, or None."""
        for entry in self.reach:
            kind, colon, address = entry.partition(":")
            if colon and kind.strip().lower() == channel and address.strip():
                return address.strip()
        return None


@dataclass(frozen=True, slots=True)
class Variable:
    """A value for the commands. `flag` is "", "secret", "asked at start", "asked when needed" or "captured by N"."""

    name: str
    value: str = ""
    flag: str = ""
    line: int = field(default=0, compare=False)

    @property
    def secret(self) -> bool:
        """Whether its value is never written anywhere."""
        return self.flag == "secret"

    @property
    def asked_at_start(self) -> bool:
        """Whether a person is asked for its value when a backout is started."""
        return self.flag == "asked at start"


@dataclass(frozen=True, slots=True)
class Component:
    """A part of the release with versions of its own."""

    component: str
    version: str = ""
    returns_to: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Section:
    """A section of prose and bullets. `title` as written; `body` is its Markdown; `items` its top-level bullets.

    `line` is its heading's, `body_line` the one where the body begins.
    """

    title: str
    body: str = ""
    items: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)
    body_line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Plan(WithFacts):
    """One backout plan as parsed. Section fields are None when the document does not have the section.

    `line` is the title's.
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
    remarks: tuple[Remark, ...] = field(default=(), compare=False)
    silences: tuple[Silence, ...] = field(default=(), compare=False)
    line: int = field(default=0, compare=False)

    def top_steps(self) -> Iterator[Step]:
        """Every top-level step, in document order, whatever its part."""
        for part in self.parts:
            yield from part.steps

    def every_step(self) -> Iterator[Step]:
        """Every step, each before its sub-steps."""
        for step in self.top_steps():
            yield from step.with_children()

    @property
    def release(self) -> tuple[str, str]:
        """The release's name and version, from `release: NAME VERSION`; either may be ""."""
        words = (self.fact("release") or "").split()
        return (" ".join(words[:-1]), words[-1]) if len(words) > 1 else (words[0] if words else "", "")


def split_names(text: str) -> tuple[str, ...]:
    """Names separated by commas, as in `to: stakeholders, release manager`."""
    return tuple(name.strip() for name in text.split(",") if name.strip())
