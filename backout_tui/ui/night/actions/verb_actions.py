"""Doing a verb as its row says: ask for the fields, do it, say what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from backout_tui.domain.backout.states import StepStatus
from backout_tui.domain.refusal import BREAK_GLASS, Refusal
from backout_tui.engine.verbs.table.verb import Asks, Verb
from backout_tui.ui.night.actions.doubt_actions import resolve_step
from backout_tui.ui.night.actions.verb_form import dialog_of, do_verb, remarks, words_of
from backout_tui.ui.night.board import Board


def perform(board: Board, verb: Verb, refusal: Refusal | None = None) -> None:
    """Do `verb` on what the cursor is on; the dialog lifts `refusal`, which its gate gave.

    On a step in doubt, the verb's key says what is true of it instead.
    """
    step = board.situation.step
    if verb.in_doubt and step is not None and step.state is StepStatus.IN_DOUBT:
        resolve_step(board, step.number, verb.in_doubt)
    elif verb.asks is Asks.AT_ONCE:
        board.work(_do_it(board, verb, words_of(board, verb), {}))
    else:
        glass = refusal is not None and refusal.lifted_by == BREAK_GLASS
        words = words_of(board, verb)  # read now, because the cursor may have moved on by the time there are answers
        board.ask(dialog_of(board, verb, words, refusal), partial(_do_it, board, verb, words, glass=glass))


async def _do_it(
    board: Board, verb: Verb, words: Mapping[str, str], answers: Mapping[str, str], *, glass: bool = False
) -> None:
    receipt = await do_verb(board, verb, answers, on=words["on"], glass=glass)
    if receipt is None:
        return
    remarked = remarks(board, verb, answers)
    said = verb.said.format_map({**words, **answers, "created": receipt.created or ""})
    board.say(f"{said}{remarked}", warning=bool(remarked))
    if verb.makes and receipt.created:
        board.point_at((verb.makes, receipt.created))
