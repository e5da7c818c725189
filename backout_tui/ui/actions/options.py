"""Choices inside the plan: exclusive ways, conditions, the values of variables."""

from __future__ import annotations

from functools import partial

from backout_tui.engine.verbs import steps
from backout_tui.ui.actions.deviating import beside, reason_fields
from backout_tui.ui.board import Board
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.fields import ChoiceField, Field, TextField


def choose_option(board: Board) -> None:
    """One of the plan's exclusive ways; the steps of the others are then not needed."""
    options = board.truth.options
    fields: list[Field] = [
        ChoiceField("option", "way", options, board.truth.chosen_option or options[0]),
        *reason_fields(board.truth),
    ]
    note = "The steps of the ways that are not chosen are not needed."
    board.ask(Ask("Choose one way", fields, note=note, verb="choose"), partial(_choose, board))


async def _choose(board: Board, answers: dict[str, str]) -> None:
    if await board.do(steps.choose_option, answers["option"], answers["reason"], beside(answers)) is not None:
        board.say(f"The way is {answers['option']}.")


def answer_condition(board: Board) -> None:
    """Whether the step's `only if` holds."""
    step = board.situation.step
    if step is not None:
        fields: list[Field] = [ChoiceField("answer", "does it hold", ("yes", "no"), step.condition or "yes")]
        note = f"Only if: {step.fact('only if') or ''}\nWith “no” the step is not needed; this is no deviation."
        board.ask(Ask(f"Condition of step {step.number}", fields, note=note), partial(_answer, board, step.number))


async def _answer(board: Board, number: str, answers: dict[str, str]) -> None:
    if await board.do(steps.answer, number, answers["answer"]) is not None:
        board.say(f"The condition of step {number}: {answers['answer']}.")


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
