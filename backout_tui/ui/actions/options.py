"""Choices inside the plan: exclusive ways, conditions, the values of variables."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from backout_tui.domain.backout import Backout
from backout_tui.domain.conditions import Condition, asked_of, open_condition
from backout_tui.domain.refusal import BREAK_GLASS, CHOICE, CONDITION, REASON, Refusal
from backout_tui.engine.verbs import steps
from backout_tui.ui.actions.deviating import beside, reason_fields
from backout_tui.ui.actions.lifting import NOTE
from backout_tui.ui.board import Board
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.fields import ChoiceField, Field, TextField

Lifted = frozenset[str]
UNASKED: Lifted = frozenset({REASON, BREAK_GLASS, NOTE})
"""What a later dialog of the same key asks for."""
EVERYTHING = UNASKED | {CHOICE, CONDITION}
"""That, and what is asked here."""


def choose_option(board: Board) -> None:
    """One of the plan's exclusive ways; the steps of the others are then not needed."""
    board.work(_choice(board))


async def _choice(board: Board) -> None:
    await _choose_now(board)


def answer_condition(board: Board) -> None:
    """Whether what the step hangs on holds."""
    step = board.situation.step
    if step is not None and (asked := asked_of(board.truth, step)) is not None:
        board.work(_answer(board, step.number, asked))


async def _answer(board: Board, number: str, asked: Condition) -> None:
    await _answer_now(board, number, asked)


async def asked_before(board: Board, number: str, gate: Callable[[Lifted], Refusal | None]) -> bool:
    """Ask for what has to be said before step `number` is begun: the way, then its conditions.

    `gate` says why it may not be begun, less what was lifted. False when nothing is left to do, or that cannot be done;
    it was said why.
    """
    step = board.truth.steps[number]
    if step.option and not board.truth.chosen_option and await _choose_now(board) != step.option:
        return False
    if (refusal := gate(EVERYTHING)) is not None:
        board.say(refusal.words, warning=True)
        return False
    while gate(UNASKED) is not None and (asked := open_condition(board.truth, board.truth.steps[number])) is not None:
        if await _answer_now(board, number, asked) != "yes":
            return False
    return True


async def _choose_now(board: Board) -> str:
    """Ask which way; the one that was chosen, "" when none was."""
    answers = await board.answer(_which_way(board))
    if (
        answers is None
        or await board.do(steps.choose_option, answers["option"], answers["reason"], beside(answers)) is None
    ):
        return ""
    board.say(f"The way is {answers['option']}.")
    return answers["option"]


async def _answer_now(board: Board, number: str, asked: Condition) -> str:
    """Ask whether it holds; the answer that was recorded, "" when none was."""
    answers = await board.answer(_does_it_hold(board.truth, asked))
    if answers is None or await board.do(steps.answer, number, answers["answer"]) is None:
        return ""
    board.say(f"The condition of {asked.of}: {answers['answer']}.")
    return answers["answer"]


def _which_way(board: Board) -> Ask:
    options = board.truth.options
    fields: list[Field] = [
        ChoiceField("option", "way", options, board.truth.chosen_option or options[0]),
        *reason_fields(board.truth),
    ]
    note = "The steps of the ways that are not chosen are not needed."
    return Ask("Choose one way", fields, note=note, verb="choose")


def _does_it_hold(backout: Backout, asked: Condition) -> Ask:
    fields: list[Field] = [ChoiceField("answer", "does it hold", ("yes", "no"), asked.answer or "yes")]
    step = backout.steps.get(asked.step)
    what = "and all its steps are" if step is None else "and all its parts are" if step.kind == "group" else "is"
    note = f"Only if: {asked.text}\nWith “no” {asked.of} {what} not needed; this is no deviation."
    return Ask(f"Does the condition of {asked.of} hold?", fields, note=note, verb="answer")


def set_variable(board: Board) -> None:
    """A value for the commands; a secret is asked for when it is needed."""
    names = tuple(variable.name for variable in board.truth.plan.variables if not variable.secret)
    known = "\n".join(f"{name} = {board.truth.variables.get(name, '')}" for name in names)
    fields: list[Field] = [
        ChoiceField("name", "variable", names),
        TextField("value", "value", required=True),
        TextField("reason", "why"),
    ]
    board.ask(Ask("Set a variable", fields, note=known, verb="set"), partial(_set, board))


async def _set(board: Board, answers: dict[str, str]) -> None:
    if await board.do(steps.set_variable, answers["name"], answers["value"], answers["reason"]) is not None:
        board.say(f"{answers['name']} is set.")
