"""After the first picture, prepares what the first key needs and checks whether the log can be trusted."""

from __future__ import annotations

import asyncio

from backout_tui.errors import BackoutError
from backout_tui.ui.night.board import Board

TRUST_AFTER_S = 1.5
"""Seconds until the log is checked, so that the first keys come first."""


async def warm_up(board: Board) -> None:
    """Get ready to write, if this person may; then check the whole log once.

    Free controls stay free, so that someone who only looks does not block a `do`. The first write takes them.
    """
    from backout_tui.ui.night.actions import flows  # noqa: F401 - imported here, so that the first key need not

    if board.situation.no_controls is None:
        given = board.truth.lease is not None and board.truth.lease.handed is not None
        await board.look(lambda operator: operator.warm_up())
        if given:
            board.action_command("brief")  # someone who takes over reads first where the backout stands
    past = await board.look(lambda operator: operator.learn_past())
    await asyncio.sleep(TRUST_AFTER_S)
    if past is None:  # it gave way to a call while somebody had the database locked
        await board.look(lambda operator: operator.learn_past())
    await _look_at_the_log(board)


async def _look_at_the_log(board: Board) -> None:
    """Check the log in its own thread; a log that is not sound becomes read-only, and the head says so."""
    question = await board.look(lambda operator: operator.whether_sound())
    if question is None:
        return
    try:
        fault = await asyncio.to_thread(question)
    except BackoutError as error:
        board.trouble(error)
        return
    if fault is not None:
        await board.look(lambda operator: operator.distrust(fault))
