"""Values of a plan that are wrong."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from backout_tui.domain.moments import Unclear, written
from backout_tui.domain.plan.criteria import PROMPT, Part, Unread, judged, judged_check, prompt_lines, unread_in
from backout_tui.domain.plan.loops import numbers_of
from backout_tui.domain.plan.plan import ASKED, Block, Check, Fact, Message, Plan, Step
from backout_tui.domain.spans import estimate, seconds
from backout_tui.planfile.reader_remarks import Remarks

_WINDOW = re.compile(r"^(.+?)\s*after\s+(?:the\s+)?deploy(?:ment)?$", re.IGNORECASE)
_QUIET = re.compile(r"^([01]\d|2[0-3]):[0-5]\d\s*[-–]\s*([01]\d|2[0-3]):[0-5]\d$")
_STEP_WORDS = re.compile(r"^steps?\s+", re.IGNORECASE)
_MOMENTS = "start, decision, after 5, every 20 min, end"
_RULES = {Part.EXPECT: "expect-form", Part.FENCE: "fence-timeout", Part.PLAN: "criterion-form"}
_AND = re.compile(r"[,\s]+(?:and\s+)?(?:steps?\s+)?", re.IGNORECASE)


def judge(plan: Plan, remarks: Remarks) -> None:
    """Notes what cannot be right as written."""
    steps = list(plan.every_step())
    numbers = set(_numbers(steps))
    _judge_top(plan, remarks)
    for step in steps:
        _judge_step(step, numbers, remarks)
    for check in plan.checks:
        _judge_check(check, numbers, remarks)
    for message in plan.messages:
        _judge_message(message, numbers, remarks)
    _judge_variables(plan, numbers, remarks)
    _judge_contacts(plan, remarks)


def _numbers(steps: Iterable[Step]) -> Iterator[str]:
    """Every number that a fact may name, including those of a step's several fences and of its items."""
    for step in steps:
        yield step.number
        yield from numbers_of(step)
        yield from (f"{step.number}.{at}" for at in range(1, len(step.commands) + 1) if len(step.commands) > 1)


def _judge_top(plan: Plan, remarks: Remarks) -> None:
    for fact in plan.facts:
        if not fact.value:
            continue
        if fact.key == "expected time" and estimate(fact.value) is None:
            _bad_estimate(fact, remarks)
        window = _WINDOW.match(fact.value) if fact.key == "window" else None
        if fact.key == "window" and (window is None or seconds(window[1]) is None):
            message = f"the window `{fact.value}` cannot be read; write `2h after deploy`"
            remarks.add("window-form", fact.line, message, fact.value)
        if fact.key == "deployed":
            _judge_time(fact, remarks)


def _judge_time(fact: Fact, remarks: Remarks) -> None:
    meant = written(fact.value)
    if isinstance(meant, Unclear):
        remarks.add("time-unclear", fact.line, str(meant), fact.value)
    elif meant is None:
        message = f"the time `{fact.value}` cannot be read; write `2026-11-22 01:50 Europe/London`"
        remarks.add("time-form", fact.line, message, fact.value)


def _judge_step(step: Step, numbers: set[str], remarks: Remarks) -> None:
    _judge_blocks(step.blocks, remarks)
    lines = {fact.line for fact in step.facts}  # the check reports what is wrong with a fact
    _note_unread([one for one in unread_in(judged(step)) if one.line not in lines], remarks)
    for fact in step.facts:
        if fact.key == "estimate" and fact.value and estimate(fact.value) is None:
            _bad_estimate(fact, remarks)
        if fact.key == "waits for":
            for number in _AND.split(_STEP_WORDS.sub("", fact.value)):
                _judge_number(fact, number, numbers, remarks)


def _bad_estimate(fact: Fact, remarks: Remarks) -> None:
    message = f"`{fact.value}` cannot be read as a time; write `5 min`, `5-10 min`, `1 h 30 min` or `90 s`"
    remarks.add("estimate-form", fact.line, message, fact.value)


def _judge_blocks(blocks: tuple[Block, ...], remarks: Remarks, asked: Collection[str] = ()) -> None:
    """`asked` are the languages of fences that the item's kind speaks for: the remark about it says what they do."""
    runs = False
    for block in blocks:
        runs = runs or block.runnable or (block.kind == "fence" and block.language in ASKED)
        if block.runnable:
            _judge_command(block, remarks)
        elif block.kind == "fence" and block.language not in asked:
            remarks.add("shown-fence", block.line, _why_shown(block), block.language)
        if block.kind == "expect" and not runs:
            message = "nothing runs before this expectation whose output could be searched; put a command before it"
            remarks.add("expect-without-command", block.line, message, block.text)


def _why_shown(block: Block) -> str:
    """What a fence that does not run is told, with the cure."""
    what = f"`{block.language}`: this language" if block.language else "a fence without a language"
    prompts = any(line.lstrip().startswith("$ ") for line in block.text.split("\n"))
    off = ", and take the prompts (`$ `) off" if prompts else ""
    return f"{what} is shown, never run: name it sh or bash if it is a command{off}"


def _judge_command(block: Block, remarks: Remarks) -> None:
    lines = [line.strip() for line in block.text.split("\n")]
    if not any(line and not line.startswith("#") for line in lines):
        remarks.add("empty-command", block.line, "this command does nothing, and would count as done")
    for at in prompt_lines(block.text):
        remarks.add("prompt-in-command", block.line + at, PROMPT)


def _note_unread(found: Iterable[Unread], remarks: Remarks) -> None:
    for one in found:
        remarks.add(_RULES[Part(one.part)], one.line, one.why)


def _judge_check(check: Check, numbers: set[str], remarks: Remarks) -> None:
    _judge_blocks(check.blocks, remarks, ASKED)
    _note_unread(judged_check(check), remarks)
    for fact in check.facts:
        if fact.key == "after":
            _judge_number(fact, fact.value, numbers, remarks)
        if fact.key == "when" and fact.value.lower() not in ("before", "after"):
            message = f"a check is made `before` or `after`, not `{fact.value}`"
            remarks.add("when-form", fact.line, message, fact.value)


def _judge_message(message: Message, numbers: set[str], remarks: Remarks) -> None:
    for fact in message.facts:
        if fact.key == "when" and fact.value:
            _judge_moment(fact, numbers, remarks)


def _judge_moment(fact: Fact, numbers: set[str], remarks: Remarks) -> None:
    when = fact.value.lower()
    word, _, rest = when.partition(" ")
    if word == "after" and rest:
        _judge_number(fact, fact.value[len("after ") :], numbers | {number.lower() for number in numbers}, remarks)
    elif when not in ("start", "decision", "end") and not (word == "every" and seconds(rest)):
        remarks.add("when-form", fact.line, f"`{when}` is not a moment for a message; write one of {_MOMENTS}", when)


def _judge_number(fact: Fact, written: str, numbers: set[str], remarks: Remarks) -> None:
    number = written.strip()
    if number and number not in numbers:
        message = (
            f"`{fact.key}: {fact.value}` names `{number}`, which is not a step of the plan; write a number, as in `2`"
        )
        remarks.add("unknown-step", fact.line, message, number)


def _judge_variables(plan: Plan, numbers: set[str], remarks: Remarks) -> None:
    first: dict[str, int] = {}
    for one in plan.variables:
        if one.name in first:
            message = f"the variable {one.name} is already in {remarks.place(first[one.name])}; keep one of them"
            remarks.add("duplicate-variable", one.line, message, one.name)
        first.setdefault(one.name, one.line)
        if one.value[:1] in "'\"`" and one.value[:1] == one.value[-1:] and len(one.value) > 1:
            message = f"the value of {one.name} is taken as written, with its quotes: are they meant?"
            remarks.add("quoted-value", one.line, message, one.value)
        number = one.flag.removeprefix("captured by ")
        if number == one.flag:
            continue
        if number not in numbers:
            message = f"`{one.flag}` names `{number}`, which is not a step of the plan; write a number, as in `2`"
            remarks.add("unknown-step", one.line, message, number)


def _judge_contacts(plan: Plan, remarks: Remarks) -> None:
    first: dict[str, int] = {}
    for one in plan.contacts:
        name = " ".join(one.name.split()).casefold()
        if not name:
            remarks.add("no-contact-name", one.line, "this contact has no name: write it in the first column")
        elif name in first:
            message = f"the contact {one.name} is already in {remarks.place(first[name])}; keep one of them"
            remarks.add("duplicate-contact", one.line, message, one.name)
        first.setdefault(name, one.line)
        if one.quiet and not _QUIET.match(one.quiet):
            message = f"the quiet hours `{one.quiet}` cannot be read; write `22:00-07:00`"
            remarks.add("quiet-form", one.line, message, one.quiet)
