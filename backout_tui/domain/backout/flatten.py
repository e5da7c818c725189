"""Turns the plan's steps into those of a backout: one flat list in document order, sub-steps after their group."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from backout_tui.domain.backout.capturing import CAPTURE
from backout_tui.domain.backout.choices import StepKind
from backout_tui.domain.backout.items import CheckState, MessageState, StepState
from backout_tui.domain.backout.repeating import UNTIL
from backout_tui.domain.plan.criteria import UNREAD, judged, judged_check, limit_of, unread_in
from backout_tui.domain.plan.loops import ITEM_FACT
from backout_tui.domain.plan.plan import Block, Check, CheckKind, Fact, Message, Part, Plan, Step
from backout_tui.domain.spans import estimate
from backout_tui.domain.values import replace

_INHERITED = frozenset(
    {
        "owner", "on", "as", "only if", "point of no return", "irreversible", "loses", "required", "optional",
        "safe to repeat", "keep going", "before the decision", "if it fails", ITEM_FACT,
    }
)  # fmt: skip
_OF_THE_LAST = frozenset({CAPTURE, UNTIL})


def steps_of(plan: Plan) -> dict[str, StepState]:
    """Every step of `plan` by its number, pending."""
    return {step.number: step for part in plan.parts for step in _part_steps(part)}


def checks_of(plan: Plan) -> dict[str, CheckState]:
    """Every check of `plan` by its letter, without a verdict."""
    return {check.letter: _check_state(check) for check in plan.checks}


def messages_of(plan: Plan) -> dict[str, MessageState]:
    """Every message of `plan` by its id (M1, M2, ...), as drafts."""
    return {f"M{n}": _message_state(f"M{n}", message) for n, message in enumerate(plan.messages, 1)}


def _part_steps(part: Part) -> Iterator[StepState]:
    owner = tuple(fact for fact in part.facts if fact.key == "owner")
    for step in part.steps:
        yield from _step_states(
            step if step.fact("owner") is not None else replace(step, facts=(*step.facts, *owner)),
            parent="",
            option=part.name if part.kind == "option" else "",
            phase=part.name if part.kind == "phase" else "",
        )


def _step_states(step: Step, *, parent: str, option: str, phase: str) -> Iterator[StepState]:
    step = judged(step)
    is_group = bool(step.children) or len(step.commands) > 1
    yield _step_state(step, parent, option, phase, is_group=is_group)
    fences = fence_steps(step)
    for place, child in enumerate((*fences, *step.children)):
        inner = _inheriting(child, step, first=place == 0)
        if place < len(fences):  # the whole body was already checked for what cannot be read
            yield _step_state(inner, step.number, option, phase, is_group=False)
        else:
            yield from _step_states(inner, parent=step.number, option=option, phase=phase)


def fence_steps(step: Step) -> tuple[Step, ...]:
    """The sub-steps made from a step's own fences; none if its one fence is the command of the step itself."""
    if not step.commands or (len(step.commands) == 1 and not step.children):
        return ()
    return tuple(_fence_steps(step, {child.number for child in step.children}))


def _inheriting(child: Step, parent: Step, *, first: bool) -> Step:
    """The sub-step with the facts it inherits from its group unless it says otherwise: who, where, when, no way back.

    The first sub-step waits for what the group waits for; the others wait for the one before.
    """
    said = {fact.key for fact in child.facts}
    if said & {"required", "optional"}:
        said |= {"required", "optional"}
    keys = (_INHERITED | {"waits for"} if first else _INHERITED) - said
    more = tuple(fact for fact in parent.facts if fact.key in keys or _rehearses_all(fact, said))
    return replace(child, facts=(*child.facts, *more)) if more else child


def _rehearses_all(fact: Fact, said: set[str]) -> bool:
    """Whether it has each part really run in a rehearsal. Any other `rehearse` command replaces the whole group."""
    return fact.key == "rehearse" and fact.value.strip().casefold() == "run" and "rehearse" not in said


def _step_state(step: Step, parent: str, option: str, phase: str, *, is_group: bool) -> StepState:
    fence = step.commands[0] if step.commands and not is_group else None
    return StepState(
        number=step.number,
        title=step.title,
        kind=StepKind.GROUP if is_group else StepKind.COMMAND if fence else StepKind.MANUAL,
        instruction=_instruction(step.blocks),
        command=fence.text if fence else "",
        language=_shell(fence),
        timeout_s=_timeout(fence),
        expects=() if is_group else step.expected,
        unread=() if is_group and step.commands else unread_in(step),
        facts=step.facts,
        estimate=estimate(step.fact("estimate") or ""),
        parent=parent,
        option=option,
        phase=phase,
    )


def _fence_steps(step: Step, taken: set[str]) -> Iterator[Step]:
    """The sub-steps made from a step's fences: each has the prose before it, and all expectations up to the next.

    The step's `capture` and `until` belong to its last command.
    """
    runs = _runs(step.blocks)
    number = 0
    for run in runs:
        number += 1
        while f"{step.number}.{number}" in taken:
            number += 1
        facts = tuple(fact for fact in step.facts if fact.key in _OF_THE_LAST) if run is runs[-1] else ()
        yield Step(f"{step.number}.{number}", _title(run), facts, run, line=run[0].line, line_end=run[-1].line_end)


def _runs(blocks: tuple[Block, ...]) -> list[tuple[Block, ...]]:
    runs: list[tuple[Block, ...]] = []
    current: list[Block] = []
    for block in blocks:
        judges = block.kind in ("expect", UNREAD)
        if not judges and any(one.runnable for one in current):
            runs.append(tuple(current))
            current = []
        if judges and runs and not any(one.runnable for one in current):
            runs[-1] = (*runs[-1], block)  # prose may stand between a command and its expectation
        else:
            current.append(block)
    if any(one.runnable for one in current) or not runs:
        runs.append(tuple(current))
    else:
        runs[-1] = (*runs[-1], *current)
    return runs


def _title(run: tuple[Block, ...]) -> str:
    before = itertools.takewhile(lambda block: not block.runnable, run)
    prose = next((block.text for block in before if block.kind == "text"), "")
    if prose and "\n" not in prose and len(prose) <= 70:
        return prose.rstrip(".:")
    command = next(block.text for block in run if block.runnable)
    lines = [line.strip() for line in command.splitlines() if line.strip() and not line.strip().startswith("#")]
    return lines[0] if lines else "command"


def _instruction(blocks: tuple[Block, ...]) -> str:
    """Prose, and fences that are shown but never run."""
    shown = [
        block.text if block.kind == "text" else f"    {block.text}".replace("\n", "\n    ")
        for block in blocks
        if block.kind == "text" or (block.kind == "fence" and not block.runnable)
    ]
    return "\n\n".join(shown)


def _shell(fence: Block | None) -> str:
    return "bash" if fence is not None and fence.language == "bash" else "sh"


def _timeout(fence: Block | None) -> int | None:
    text = fence.option("timeout") if fence is not None else None
    return limit_of(text) if text is not None else None


def _check_state(check: Check) -> CheckState:
    fence = check.commands[0] if check.kind is CheckKind.COMMAND else None
    return CheckState(
        id=check.letter,
        title=check.title,
        kind=check.kind,
        required=check.required,
        when=(check.fact("when") or "after").strip().lower(),
        instruction=_instruction(check.blocks),
        command="\n".join(block.text for block in check.commands) if fence else "",
        language=_shell(fence),
        timeout_s=_timeout(fence),
        expects=check.expected,
        unread=judged_check(check),
        facts=check.facts,
    )


def _message_state(id: str, message: Message) -> MessageState:  # noqa: A002 - the contract's word for it
    when = Fact("when", message.fact("when") or "").value
    return MessageState(id=id, title=message.title, by=message.by, to=message.to, text=message.text, when=when)
