"""Steps that differ from the plan: changed, added, moved. The plan itself is not touched."""

from __future__ import annotations

from functools import partial
from typing import Any

from backout_tui.domain.backout.changed_steps import PARTS, judged_by
from backout_tui.domain.backout.items import StepState
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.rules import gates
from backout_tui.domain.values import replace
from backout_tui.engine.verbs import step_verbs
from backout_tui.engine.verbs.table.verb_table import verb_of
from backout_tui.errors import BackoutError
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.night.actions.deviating import KEPT, beside
from backout_tui.ui.night.actions.verb_form import do_verb, fields_of
from backout_tui.ui.night.board import Board


def change_step(board: Board) -> None:
    """Change the step under the cursor: its title, its command, the output it must print."""
    step = board.situation.step
    if step is not None:
        board.ask(_change_dialog(board, step), partial(_change, board, step))


def _change_dialog(board: Board, step: StepState) -> Ask:
    verb, known = verb_of("step-change"), {"expects": step.expected}
    known |= {part: getattr(step, part) for part in PARTS if part != "expected"}
    fields = [
        replace(field, wrong=_why_not_expected) if field.name == "expects" else field
        for field in fields_of(board, verb, known)
        if field.name != "expects" or step.command
    ]
    return Ask(verb.title.format(on=step.number), fields, banner=_banner(board.truth), verb=verb.enter)


def _banner(backout: Backout) -> str:
    """Return the banner, or "" when the plan has no steps to deviate from."""
    return KEPT if backout.plan.parts else ""


async def _change(board: Board, step: StepState, answers: dict[str, str]) -> None:
    if "expects" in answers:
        answers["expected"] = answers.pop("expects")
    before = {part: getattr(step, part).rstrip() for part in PARTS if part in answers}
    changed: dict[str, Any] = {part: answers[part] for part, said in before.items() if answers[part] != said}
    if not changed:
        board.say(f"Step {step.number} stays as it was.")
        return
    if "expected" in changed:
        changed["expects"] = _lines(changed.pop("expected"))
    given: dict[str, Any] = {**changed, "reason": answers["reason"], "beside": beside(answers)}
    receipt = await board.do(lambda op: step_verbs.change(op, step.number, **given))
    if receipt is not None:
        shown = " r shows the difference before it runs." if "command" in changed else ""
        judged = judged_by(step, receipt.backout.steps[step.number]) if step.expects or step.unread else ""
        board.say(f"Step {step.number} is changed, in this backout only.{shown} {judged}".rstrip())


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _why_not_expected(text: str) -> str:
    """Say what is wrong with the typed text; "" when all of it can be searched for."""
    try:
        for line in _lines(text):
            step_verbs.expectation(line)
    except BackoutError as error:
        return f"{error.what[:1].upper()}{error.what[1:]}."
    return ""


def add_step(board: Board) -> None:
    """Add a step after the one under the cursor, or else at the end."""
    step, verb = board.situation.step, verb_of("step-add")
    after = step.number if step is not None else next(reversed(list(board.truth.steps)), "")
    planned = bool(board.truth.plan.parts)
    fields = [
        replace(field, required=True) if field.name == "reason" and planned else field
        for field in fields_of(board, verb)
    ]
    title = f"Add a step after {after}" if after else "Add a step"
    board.ask(Ask(title, fields, banner=_banner(board.truth), verb=verb.enter), partial(_add, board, after))


async def _add(board: Board, after: str, answers: dict[str, str]) -> None:
    verb = verb_of("step-add")
    receipt = await do_verb(board, verb, answers, after=after)
    if receipt is not None and receipt.created:
        board.say(verb.said.format(created=receipt.created))
        board.point_at((verb.makes, receipt.created))


def move_step(board: Board) -> None:
    """Move the step after another one; it keeps its number."""
    step, verb = board.situation.step, verb_of("step-move")
    if step is None:
        return
    others = tuple(number for number in board.truth.steps if number != step.number)
    fields = [
        replace(field, wrong=partial(_why_not_there, board, step.number)) if field.name == "after" else field
        for field in fields_of(board, verb, after=others)
    ]
    title = verb.title.format(on=step.number, what=step.title)
    board.ask(Ask(title, fields, banner=_banner(board.truth), verb=verb.enter), partial(_move, board, step.number))


def _why_not_there(board: Board, number: str, after: str) -> str:
    if after.strip() not in board.truth.steps:
        return f"There is no step {after}."
    refusal = gates.why_not_move(board.truth, number, after.strip())
    return refusal.words if refusal is not None else ""


async def _move(board: Board, number: str, answers: dict[str, str]) -> None:
    verb = verb_of("step-move")
    if await do_verb(board, verb, answers, on=number) is not None:
        board.say(verb.said.format(on=number, **answers))
