"""Problems: logged at once, told more of later."""

from __future__ import annotations

from functools import partial

from backout_tui.domain.backout import Problem
from backout_tui.engine.verbs import problems
from backout_tui.ui.actions.asking import ask_why, names_of
from backout_tui.ui.actions.problem_form import ProblemForm
from backout_tui.ui.board import Board
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.fields import TextField


def log_problem(board: Board) -> None:
    """A title is enough; the rest is told later."""
    fields = [TextField("title", "what is wrong", required=True)]
    board.ask(Ask("Log a problem", fields, verb="log it"), partial(_log, board))


async def _log(board: Board, answers: dict[str, str]) -> None:
    if (receipt := await board.do(problems.log, answers["title"])) is not None and receipt.created:
        board.say(f"{receipt.created} is logged as critical, assigned to nobody yet. Enter opens it, c tells more.")
        board.point_at(("problem", receipt.created))


def change_problem(board: Board) -> None:
    """Everything that is known of the problem under the cursor."""
    problem = board.truth.problem(board.situation.target("problem") or "")
    if problem is not None:
        form = ProblemForm(problem, names_of(board.truth), board.kept_output)
        board.ask(form, partial(_change, board, problem))


async def _change(board: Board, problem: Problem, answers: dict[str, str]) -> None:
    resolved = answers.pop("status") == "resolved" and problem.status != "resolved"
    fields = {name: value for name, value in answers.items() if value != getattr(problem, name)}
    if fields and await board.do(lambda op: problems.change(op, problem.id, **fields)) is None:
        return
    if not resolved:
        board.say(f"{problem.id} is changed." if fields else f"{problem.id} stays as it was.")
    elif await board.do(problems.resolve, problem.id) is not None:
        board.say(f"{problem.id} is resolved.")


def assign_problem(board: Board) -> None:
    """To a member of the team."""
    subject = board.situation.target("problem") or ""
    field = TextField("name", "to", required=True, suggestions=names_of(board.truth), hint="↓ names of the plan")
    board.ask(Ask(f"Assign {subject}", [field], verb="assign"), partial(_assign, board, subject))


async def _assign(board: Board, subject: str, answers: dict[str, str]) -> None:
    if await board.do(problems.assign, subject, answers["name"]) is not None:
        board.say(f"{subject} is assigned to {answers['name']}.")


def resolve_problem(board: Board) -> None:
    """It does not bother anybody any more."""
    subject = board.situation.target("problem") or ""
    board.ask(ask_why(f"{subject} is resolved", "resolve", label="how"), partial(_resolve, board, subject))


async def _resolve(board: Board, subject: str, answers: dict[str, str]) -> None:
    if await board.do(problems.resolve, subject, answers["reason"]) is not None:
        board.say(f"{subject} is resolved.")
