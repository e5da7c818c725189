"""Problems and the decision: logged at once, told more of later."""

from __future__ import annotations

from functools import partial

from backout_tui.domain.backout import Problem
from backout_tui.domain.gates import why_not_decide
from backout_tui.engine.verbs import decisions, problems
from backout_tui.ui.actions.asking import GLASS, ask_why, deciders_of, names_of
from backout_tui.ui.actions.problem_form import ProblemForm
from backout_tui.ui.board import Board
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.fields import ChoiceField, Field, TextField


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


def decide(board: Board) -> None:
    """Back out, fix forward or stand down: by whom, and why."""
    refusal = why_not_decide(board.truth)
    named = board.truth.plan.fact("authoriser")
    fields: list[Field] = [
        TextField(
            "by", "decided by", required=True, suggestions=deciders_of(board.truth),
            hint=f"the plan names {named} (↓)" if named else "",
        ),
        TextField("reason", "why", required=True),
        ChoiceField("kind", "decision", decisions.KINDS),
        TextField("agreed", "agreed how", hint="by phone, in the channel, here"),
    ]  # fmt: skip
    note = f"{refusal.words}\n{GLASS}" if refusal is not None else ""
    title = "Break the glass: decide" if refusal is not None else "Decide"
    board.ask(Ask(title, fields, note=note, verb="record it"), partial(_decide, board, refusal is not None))


async def _decide(board: Board, break_glass: bool, answers: dict[str, str]) -> None:
    if (receipt := await board.do(decisions.decide, **answers, break_glass=break_glass)) is None:
        return
    decision = receipt.backout.decision
    unnamed = decision is not None and not decision.named_authoriser
    aside = " They are not the authoriser that the plan names: this is marked." if unnamed else ""
    board.say(f"Decided by {answers['by']}: {answers['kind']}.{aside}")
