"""Steps made other than the plan has them: changed, added, moved. The plan itself is not touched."""

from __future__ import annotations

from functools import partial

from backout_tui.domain import gates
from backout_tui.domain.items import StepState
from backout_tui.engine.verbs import steps
from backout_tui.ui.actions.problems import change_problem
from backout_tui.ui.board import Board
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.fields import Field, TextField

_KEPT = "Only this backout changes; the plan stays as it is, and the difference is reported."


def change(board: Board) -> None:
    """The problem under the cursor, or the step."""
    step = board.situation.step
    if board.situation.target("problem") is not None:
        change_problem(board)
    elif step is not None:
        board.ask(_change_dialog(step), partial(_change, board, step))


def _change_dialog(step: StepState) -> Ask:
    fields: list[Field] = [
        TextField("title", "title", step.title, required=True),
        TextField("command", "command", step.command, lines=4),
        TextField("instruction", "instruction", step.instruction, lines=2),
        TextField("reason", "why", required=True),
    ]
    return Ask(f"Change step {step.number}", fields, note=_KEPT)


async def _change(board: Board, step: StepState, answers: dict[str, str]) -> None:
    reason = answers.pop("reason")
    changed = {name: value for name, value in answers.items() if value != getattr(step, name).rstrip()}
    if not changed:
        board.say(f"Step {step.number} stays as it was.")
    elif await board.do(lambda op: steps.change(op, step.number, **changed, reason=reason)) is not None:
        board.say(f"Step {step.number} is changed.")


def add_step(board: Board) -> None:
    """Behind the one under the cursor, else at the end."""
    step = board.situation.step
    after = step.number if step is not None else next(reversed(list(board.truth.steps)), "")
    planned = bool(board.truth.plan.parts)
    fields: list[Field] = [
        TextField("title", "what is done", required=True),
        TextField("command", "command", lines=2),
        TextField("reason", "why", required=planned),
    ]
    title = f"Add a step after {after}" if after else "Add a step"
    note = _KEPT if planned else ""
    board.ask(Ask(title, fields, note=note, verb="add it"), partial(_add, board, after))


async def _add(board: Board, after: str, answers: dict[str, str]) -> None:
    title, command, reason = answers["title"], answers["command"], answers["reason"]
    receipt = await board.do(steps.add, title, after=after, command=command, reason=reason)
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
        TextField("reason", "why", required=True),
    ]  # fmt: skip
    dialog = Ask(f"Move step {step.number}: {step.title}", fields, note=_KEPT, verb="move it")
    board.ask(dialog, partial(_move, board, step.number))


def _why_not_there(board: Board, number: str, after: str) -> str:
    if after.strip() not in board.truth.steps:
        return f"There is no step {after}."
    refusal = gates.why_not_move(board.truth, number, after.strip())
    return refusal.words if refusal is not None else ""


async def _move(board: Board, number: str, answers: dict[str, str]) -> None:
    if await board.do(steps.move, number, answers["after"], answers["reason"]) is not None:
        board.say(f"Step {number} now stands behind {answers['after']}.")
