"""Asks when the release was deployed; the Next line leads here while the window depends on it."""

from __future__ import annotations

from functools import partial

from backout_tui.domain.clock import forecast
from backout_tui.domain.moments import hour
from backout_tui.engine.verbs.table.verb_table import verb_of
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.night.actions.verb_form import UNKNOWN, do_verb, fields_of
from backout_tui.ui.night.board import Board


def deployed(board: Board) -> None:
    """Enter the deployment time, or correct it."""
    window, verb = board.truth.plan.fact("window"), verb_of("deployed-at")
    note = f"The window is {window}: it counts from this moment. If nobody knows, say {UNKNOWN}." if window else ""
    board.ask(Ask(verb.title, fields_of(board, verb), note=note, verb=verb.enter), partial(_say, board))


async def _say(board: Board, answers: dict[str, str]) -> None:
    if await do_verb(board, verb_of("deployed-at"), answers) is None:
        return
    if answers["when"].strip() == UNKNOWN:
        board.say("Not known. Say it later with e.")
        return
    closes = forecast.window_closes(board.truth)
    until = f" The window closes at {hour(closes, board.now())}." if closes is not None else ""
    board.say(f"Deployment time recorded.{until}")
