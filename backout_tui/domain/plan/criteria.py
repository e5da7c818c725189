"""What is meant as a criterion of a command, and whether it can be read. contract.md section 2.

An `Expect:`, an `until` or a time limit that cannot be read is never ignored: whatever is clearly meant as one is found
here, in any form, with what is wrong and what would be right. Gates, checks and the reader all ask here.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

from msgspec import Struct

from backout_tui.domain.plan.expectations import code_span, read_line, why_line_unread, why_unread
from backout_tui.domain.plan.plan import Block, Check, CheckKind, Step, WithBlocks, WithFacts
from backout_tui.domain.spans import seconds
from backout_tui.domain.values import replace


class Part(StrEnum):
    """The part of the plan that a criterion belongs to, which decides how to fix it."""

    EXPECT = "expect"  # what the output must contain: a new expectation replaces it
    FENCE = "fence"  # the line that opens the command's fence: a new command replaces it
    PLAN = "plan"  # anything else: only a change of the plan fixes it


class Unread(Struct, frozen=True):
    """A criterion that cannot be read: its `line` in the plan (0 for none), and `why`, with what would be right."""

    part: str
    line: int
    why: str

    def __str__(self) -> str:
        """`line 41: this expectation ...`."""
        return f"line {self.line}: {self.why}" if self.line else self.why


UNREAD = "unread"
"""The kind of the blocks with which `judged` marks a body; no plan's text has one."""
_COMMENT = re.compile(r"^[ ]{0,3}<!--.*?-->", re.DOTALL | re.MULTILINE)
_HOLDS = ("xpect", "unt", "capture", "each")
"""A text without any of these has no criterion, and most text has none."""
_KEYS = {"u": "until", "c": "capture", "f": "for each"}
_OPERATORS = re.compile(r"\s*\S.*\s(<|<=|>|>=|=|!=|~)\s+(?=\S)")
_ASKED = re.compile(r"^[ \t]*expect\s*:(.*)$", re.IGNORECASE)
_UNIT = re.compile(r"\d*(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?)$", re.IGNORECASE)


# ── a step's body ─────────────────────────────────────────────────────────────────────────────────────────────────


def judged(step: Step) -> Step:
    """The step with a block of kind `unread` for each criterion in its body that cannot be read.

    Each stands where its expectation would: after the command that it follows. The text stays as it is.
    """
    blocks = tuple(_marked(step.blocks))
    if not step.commands and step.children:
        blocks = (*blocks, *_of_no_command(step))
    if len(step.commands) > 1:
        blocks = (*_above_them_all(blocks), *blocks)
    return replace(step, blocks=blocks) if blocks != step.blocks else step


def unread_in(item: WithBlocks) -> tuple[Unread, ...]:
    """What `judged` found in the body of an item."""
    return tuple(Unread(one.info, one.line, one.text) for one in item.blocks if one.kind == UNREAD)


def judged_check(check: Check) -> tuple[Unread, ...]:
    """The criteria of a check that cannot be read."""
    marked = tuple(_marked(check.blocks))
    found = [Unread(one.info, one.line, one.text) for one in marked if one.kind == UNREAD]
    for block in check.blocks:
        if block.kind == "fence" and block.language in _ASKS:
            found += _of_answer(block)
            if check.kind is CheckKind.COMMAND:
                why = f"its `{block.language}` fence is not run yet, and its command alone does not prove the check"
                found.append(Unread(Part.PLAN, block.line, f"{why}: give it a check of its own"))
    return tuple(found)


_ASKS = ("http", "sql", "promql")


def _marked(blocks: Sequence[Block]) -> Iterator[Block]:
    for block in blocks:
        if block.kind == "text":
            yield from (_mark(one) for one in _of_text(block))
        elif block.kind == "expect" and (why := why_unread(block.text)):
            yield _mark(Unread(Part.EXPECT, block.line, why))
        yield block
        if block.runnable:
            yield from (_mark(one) for one in _of_command(block))


def _mark(one: Unread) -> Block:
    return Block(UNREAD, one.why, one.part, one.line, one.line)


def _of_command(fence: Block) -> Iterator[Unread]:
    """Its bad time limit, and expectations that it swallowed, in a comment or a fence that was closed too late."""
    if why := why_no_limit(fence.info):
        yield Unread(Part.FENCE, fence.line, why)
    if "xpect" not in fence.text.lower():
        return
    for at, line in enumerate(fence.text.split("\n"), start=1):
        comment = line.strip().lstrip("#") if line.strip().startswith("#") else ""
        if line.lower().startswith("expect:") or read_line(comment) is not None:
            why = "this expectation stands inside the command, and is not looked for: close the fence above it"
            yield Unread(Part.FENCE, fence.line + at if fence.line else 0, why)


@functools.cache
def _fact() -> re.Pattern[str]:
    return re.compile(
        r"^[ \t>]*[-*+][ \t]+(?:\[[ xX]?\][ \t]*)?[*_`]*(unt[il]{1,3}|capture|for[ -]?each)[*_`]*[ \t]*[:：]",
        re.IGNORECASE | re.MULTILINE,
    )


def _of_text(block: Block) -> Iterator[Unread]:
    text = block.text
    lower = text.lower()
    if not any(word in lower for word in _HOLDS) or ("xpect" not in lower and not _fact().search(text)):
        return
    if "<!--" in text:
        text = _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)
    for at, line in enumerate(text.split("\n")):
        number = block.line + at if block.line else 0
        if why := why_line_unread(line):
            yield Unread(Part.EXPECT, number, why)
        elif (fact := _fact().match(line)) is not None:
            key = _KEYS[fact[1][0].lower()]
            why = f"this is meant as `{key}`, and is not read where or as it stands"
            yield Unread(Part.PLAN, number, f"{why}: write `- {key}: ...` right below the step's heading, on one line")


def _of_no_command(step: Step) -> Iterator[Block]:
    """Criteria of a command that stand at a step with parts and no command of its own."""
    for block in step.blocks:
        if block.kind == "expect":
            why = f"this expectation stands above the parts of step {step.number}: put it below the command it is about"
            yield _mark(Unread(Part.EXPECT, block.line, why))
    for fact in step.facts:
        if fact.key in ("until", "capture"):
            why = f"`{fact.key}` stands at step {step.number}, whose parts have the commands: say it of one of them"
            yield _mark(Unread(Part.PLAN, fact.line, why))


def _above_them_all(blocks: Sequence[Block]) -> Iterator[Block]:
    """Expectations above the first of several commands: each of them would be matched to the wrong command."""
    for block in blocks:
        if block.runnable:
            return
        if block.kind == "expect":
            why = "this expectation stands above the first of several commands: put each below the command it is about"
            yield _mark(Unread(Part.EXPECT, block.line, why))


PROMPT = "this line begins with a prompt, which no shell can run: take the `$ ` off"


def prompt_lines(script: str) -> Iterator[int]:
    """The lines of a command, from 1, that begin with a prompt."""
    return (at for at, line in enumerate(script.split("\n"), start=1) if line.strip().startswith("$ "))


# ── a fence's line, an answer, a command in a fact ────────────────────────────────────────────────────────────────


def why_no_limit(info: str) -> str:
    """What is wrong with the time limit in a fence's info; "" if it has none, or one that can be read."""
    words = info.split()
    for at, word in enumerate(words):
        if "timeout" not in word.lower():
            continue
        key, equals, value = word.partition("=")
        if key != "timeout" or not equals:
            return f"`{word}` is not a time limit that can be read; write the seconds, `timeout=300`"
        if limit_of(value) is None:
            return f"`timeout={value}` is not a time; write the seconds, `timeout=300`"
        if any(_UNIT.match(later) for later in words[at + 1 : at + 2]):
            return f"`timeout={value} {words[at + 1]}` is read up to the blank; write the seconds, `timeout=300`"
    return ""


def limit_of(value: str) -> int | None:
    """The seconds of a `timeout=`; None if it is not a time."""
    if value.isdecimal():
        return int(value) if len(value) < 8 and int(value) > 0 else None
    return seconds(value) or None


def _of_answer(block: Block) -> Iterator[Unread]:
    """The `expect:` lines of an http, sql or promql fence that cannot be split at their last comparison."""
    for at, line in enumerate(block.text.split("\n"), start=1):
        asked = _ASKED.match(line)
        meant = asked or why_line_unread(line)
        if meant and not (asked and _OPERATORS.match(asked[1])):
            why = f"this line cannot be split into what is looked at, a comparison and a value: `{line.strip()[:60]}`"
            yield Unread(Part.EXPECT, block.line + at, f"{why}; write it as `expect: status = 200`")


def command_said(value: str) -> str | None:
    """The command in a fact, bare or as one code span; None if it is unclear which command is meant."""
    said = value.strip()
    if not said.startswith("`"):
        return said
    inside = code_span(said)
    return inside.strip() or None if inside is not None else None


def why_no_command(item: WithFacts, key: str) -> str:
    """What is wrong with the command in the fact `key`; "" if nothing is, or there is no such fact."""
    value = item.fact(key)
    if value is None or command_said(value):
        return ""
    if not value.strip():
        return f"`{key}` names no command: write `- {key}: COMMAND`, or take the line out"
    return f"`{key}: {value}` is not one code span: write the command alone, bare or in one pair of backticks"
