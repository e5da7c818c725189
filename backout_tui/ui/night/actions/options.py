"""Choices inside the plan: exclusive ways, conditions, the values of variables."""

from __future__ import annotations

from functools import partial

from backout_tui.domain.backout.choices import StepKind
from backout_tui.domain.backout.conditions import Condition, asked_of
from backout_tui.engine.verbs.table.verb_table import verb_of
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.night.actions.verb_form import do_verb, fields_of
from backout_tui.ui.night.board import Board


def choose_option(board: Board) -> None:
    """Choose one of the plan's exclusive ways; the steps of the others are then not needed."""
    board.work(_choice(board))


async def _choice(board: Board) -> None:
    await choose_now(board)


def answer_condition(board: Board) -> None:
    """Record whether the condition of the step holds."""
    step = board.situation.step
    if step is not None and (asked := asked_of(board.truth, step)) is not None:
        board.work(_answer(board, step.number, asked))


async def _answer(board: Board, number: str, asked: Condition) -> None:
    await answer_now(board, number, asked)


async def choose_now(board: Board) -> str:
    """Ask which way to take; return the one that was chosen, or "" for none."""
    answers = await board.answer(_which_way(board))
    if answers is None or await do_verb(board, verb_of("option-choose"), answers) is None:
        return ""
    board.say(f"The way is {answers['name']}.")
    return answers["name"]


async def answer_now(board: Board, number: str, asked: Condition) -> str:
    """Ask whether the condition holds; return the answer that was recorded, or "" for none."""
    answers = await board.answer(_does_it_hold(board, asked))
    if answers is None or await do_verb(board, verb_of("step-condition"), answers, on=number) is None:
        return ""
    board.say(f"The condition of {asked.of}: {answers['answered']}.")
    return answers["answered"]


def _which_way(board: Board) -> Ask:
    options, verb = board.truth.options, verb_of("option-choose")
    fields = fields_of(board, verb, {"name": board.truth.chosen_option or options[0]}, name=options)
    said = [f"{part.name}: {' '.join(part.intro.split())}" for part in board.truth.plan.parts if part.intro.strip()]
    return Ask(verb.title, fields, note="\n".join(filter(None, (verb.note, *said))), verb=verb.enter)


def _does_it_hold(board: Board, asked: Condition) -> Ask:
    verb, step = verb_of("step-condition"), board.truth.steps.get(asked.step)
    fields = fields_of(board, verb, {"answered": asked.answer or "yes"})
    what = "and all its steps are" if step is None else "and all its parts are" if step.kind is StepKind.GROUP else "is"
    note = f"Only if: {asked.text}\nWith “no” {asked.of} {what} not needed; this is no deviation."
    return Ask(f"Does the condition of {asked.of} hold?", fields, note=note, verb=verb.enter)


def set_variable(board: Board) -> None:
    """Set a value for the commands; a secret is asked for when it is needed."""
    verb, names = verb_of("var-set"), tuple(one.name for one in board.truth.plan.variables if not one.secret)
    known = "\n".join(f"{name} = {board.truth.variables.get(name, '')}" for name in names)
    dialog = Ask(verb.title, fields_of(board, verb, name=names), note=known, verb=verb.enter)
    board.ask(dialog, partial(_set, board))


async def _set(board: Board, answers: dict[str, str]) -> None:
    verb = verb_of("var-set")
    if await do_verb(board, verb, answers) is not None:
        board.say(verb.said.format(**answers))
