"""Marks a step as done: at once, or after the questions that come before it."""

from __future__ import annotations

from functools import partial

from backout_tui.domain.backout.states import StepStatus
from backout_tui.domain.refusal import Refusal
from backout_tui.domain.rules import gates
from backout_tui.engine.verbs import step_verbs
from backout_tui.engine.verbs.prerequisite_verbs import NOT_ASKED, Ticked
from backout_tui.engine.verbs.table.verb_table import verb_of
from backout_tui.ui.night.actions.doubt_actions import resolve_step
from backout_tui.ui.night.actions.lifting import asked_of, cleared, of_a_manual_step, ticked
from backout_tui.ui.night.board import Board


def step_done(board: Board, refusal: Refusal | None) -> None:
    """Mark the step as done, unless something must be asked first or a reason must lift a refusal."""
    step, verb = board.situation.step, verb_of("step-done")
    if step is not None and step.state is StepStatus.IN_DOUBT:
        resolve_step(board, step.number, verb.in_doubt)
    elif step is not None:
        board.work(_done(board, step.number, known=refusal is None))


async def _done(board: Board, number: str, *, known: bool) -> None:
    verb = verb_of("step-done")
    lift = await cleared(
        board, number, verb.title.format(on=number), verb.enter,
        lambda: gates.against_finishing(board.truth, number), known=known,
    )  # fmt: skip
    if lift is None:
        return
    said: Ticked | None = NOT_ASKED
    if asked := asked_of(board, number):
        sections = of_a_manual_step(board, number)
        title, why = verb.title.format(on=number), lift.reason
        said = await ticked(board, asked, title, sections, verb="mark done", why=why)
    if said is None:
        return
    done = partial(step_verbs.done, number=number, note=lift.note, reason=lift.reason, beside=lift.beside, ticked=said)
    if await board.do(partial(done, break_glass=lift.break_glass)) is not None:
        board.say(verb.said.format(on=number))
