"""Asks when the release was deployed: once if the window depends on it, and whenever somebody wants to enter it."""

from __future__ import annotations

from functools import partial

from backout_tui.domain.clock import forecast
from backout_tui.domain.moments import hour
from backout_tui.engine.verbs import deployment_verbs
from backout_tui.engine.verbs.table.verb_table import verb_of
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.night.actions.verb_form import do_verb, fields_of
from backout_tui.ui.night.board import Board


def deployed(board: Board) -> None:
    """Enter the deployment time, or correct it."""
    board.ask(_dialog(board, ""), partial(_say, board))


def ask_once(board: Board) -> None:
    """Ask for the deployment time once; if the holder of the controls leaves it open, record that too.

    Then nobody else is asked. A person without the controls only looks: their Esc writes nothing, and this screen does
    not ask again.
    """
    board.work(_asked(board))


async def _asked(board: Board) -> None:
    answers = await board.answer(_dialog(board, " Esc if you do not know: it is not asked again."))
    if answers is not None:
        await _say(board, answers)
    elif board.situation.standing.mine and await board.do(deployment_verbs.say, None) is not None:
        board.say("Not known. Say it later with Ctrl+P, Deployed.")


def _dialog(board: Board, more: str) -> Ask:
    window = board.truth.plan.fact("window")
    note = f"The window is {window}: it counts from this moment.{more}" if window else more.strip()
    verb = verb_of("deployed-at")
    return Ask(verb.title, fields_of(board, verb), note=note, verb=verb.enter)


async def _say(board: Board, answers: dict[str, str]) -> None:
    if await do_verb(board, verb_of("deployed-at"), answers) is not None:
        closes = forecast.window_closes(board.truth)
        until = f" The window closes at {hour(closes, board.now())}." if closes is not None else ""
        board.say(f"Deployment time recorded.{until}")
