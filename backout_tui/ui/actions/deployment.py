"""When the release was deployed: asked once where the window hangs on it, and to be said at any time."""

from __future__ import annotations

from functools import partial

from backout_tui.domain import clock
from backout_tui.domain.moments import moment_behind
from backout_tui.engine.verbs import deployment
from backout_tui.ui.board import Board
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.fields import TextField


def deployed(board: Board) -> None:
    """Say it, or correct it."""
    board.ask(_dialog(board, ""), partial(_say, board))


def ask_once(board: Board) -> None:
    """Ask whoever has the controls; that it was left is recorded too, so that nobody else is asked."""
    board.work(_asked(board))


async def _asked(board: Board) -> None:
    answers = await board.answer(_dialog(board, " Esc if you do not know: it is not asked again."))
    if answers is not None:
        await _say(board, answers)
    elif await board.do(deployment.say, None) is not None:
        board.say("Not known. Say it later with Ctrl+P, Deployed.")


def _dialog(board: Board, more: str) -> Ask:
    window = board.truth.plan.fact("window")
    note = f"The window is {window}: it counts from this moment.{more}" if window else more.strip()
    field = TextField(
        "when", "deployed", required=True, hint="01:50, 20 min ago, or a full time",
        wrong=lambda text: _wrong(board, text),
    )  # fmt: skip
    return Ask("When was the release deployed?", [field], note=note, verb="say so")


def _wrong(board: Board, text: str) -> str:
    now = board.now()
    when = moment_behind(text, now, now.tzinfo)
    if when is None:
        return "Say 01:50, 20 min ago, or 2026-11-22 01:50 Europe/London."
    return "That lies ahead." if when > now else ""


async def _say(board: Board, answers: dict[str, str]) -> None:
    now = board.now()
    when = moment_behind(answers["when"], now, now.tzinfo)
    if await board.do(deployment.say, when) is not None:
        closes = clock.window_closes(board.truth)
        until = f" The window closes at {closes.astimezone(now.tzinfo):%H:%M}." if closes is not None else ""
        board.say(f"When it was deployed is in the log.{until}")
