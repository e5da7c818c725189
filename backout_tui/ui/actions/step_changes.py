"""Steps made other than the plan has them: changed, added, moved. The plan itself is not touched."""

from __future__ import annotations

from functools import partial
from typing import Any

from backout_tui.domain import gates
from backout_tui.domain.backout import Backout
from backout_tui.domain.items import StepState
from backout_tui.domain.step_changes import PARTS
from backout_tui.engine.verbs import steps
from backout_tui.ui.actions.deviating import KEPT, beside, reason_fields
from backout_tui.ui.actions.problems import change_problem
from backout_tui.ui.board import Board
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.fields import Field, TextField


def change(board: Board) -> None:
    """The problem under the cursor, or the step."""
    step = board.situation.step
    if board.situation.target("problem") is not None:
        change_problem(board)
    elif step is not None:
        board.ask(_change_dialog(board.truth, step), partial(_change, board, step))


def _change_dialog(backout: Backout, step: StepState) -> Ask:
    fields: list[Field] = [
        TextField("title", "title", step.title, required=True),
        TextField("command", "command", step.command, lines=4),
        TextField("instruction", "instruction", step.instruction, lines=2),
        *reason_fields(backout),
    ]
    return Ask(f"Change step {step.number}", fields, banner=_banner(backout), verb="change it")


def _banner(backout: Backout) -> str:
    """Nothing where no plan has steps to depart from."""
    return KEPT if backout.plan.parts else ""


async def _change(board: Board, step: StepState, answers: dict[str, str]) -> None:
    changed = {part: answers[part] for part in PARTS if answers[part] != getattr(step, part).rstrip()}
    if not changed:
        board.say(f"Step {step.number} stays as it was.")
        return
    given: dict[str, Any] = {**changed, "reason": answers["reason"], "beside": beside(answers)}
    if await board.do(lambda op: steps.change(op, step.number, **given)) is not None:
        shown = " r shows the difference before it runs." if "command" in changed else ""
        board.say(f"Step {step.number} is changed, in this backout only.{shown}")


def add_step(board: Board) -> None:
    """Behind the one under the cursor, else at the end."""
    step = board.situation.step
    after = step.number if step is not None else next(reversed(list(board.truth.steps)), "")
    planned = bool(board.truth.plan.parts)
    fields: list[Field] = [
        TextField("title", "what is done", required=True),
        TextField("command", "command", lines=2),
        *reason_fields(board.truth, required=planned),
    ]
    title = f"Add a step after {after}" if after else "Add a step"
    board.ask(Ask(title, fields, banner=_banner(board.truth), verb="add it"), partial(_add, board, after))


async def _add(board: Board, after: str, answers: dict[str, str]) -> None:
    title, command, reason = answers["title"], answers["command"], answers["reason"]
    receipt = await board.do(steps.add, title, after=after, command=command, reason=reason, beside=beside(answers))
    if receipt is not None and receipt.created:
        board.say(f"Step {receipt.created} is added.")
        board.point_at(("step", receipt.created))


def move_step(board: Board) -> None:
    """Behind another one; it keeps its number."""
    step = board.situation.step
    if step is None:
        return
    others = tuple(number for number in board.truth.steps if number != step.number)
    fields: list[Field] = [
        TextField(
            "after", "behind step", required=True, suggestions=others, hint="its number",
            wrong=partial(_why_not_there, board, step.number),
        ),
        *reason_fields(board.truth),
    ]  # fmt: skip
    dialog = Ask(f"Move step {step.number}: {step.title}", fields, banner=_banner(board.truth), verb="move it")
    board.ask(dialog, partial(_move, board, step.number))


def _why_not_there(board: Board, number: str, after: str) -> str:
    if after.strip() not in board.truth.steps:
        return f"There is no step {after}."
    refusal = gates.why_not_move(board.truth, number, after.strip())
    return refusal.words if refusal is not None else ""


async def _move(board: Board, number: str, answers: dict[str, str]) -> None:
    if await board.do(steps.move, number, answers["after"], answers["reason"], beside(answers)) is not None:
        board.say(f"Step {number} now stands behind {answers['after']}.")
