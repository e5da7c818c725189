"""After the first picture: what the first key needs, the controls, and whether the log can be trusted."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from backout_tui.errors import BackoutError
from backout_tui.ui.board import Board

if TYPE_CHECKING:
    from backout_tui.engine.operator import Operator

TRUST_AFTER_S = 1.5
"""Seconds until the log is looked at: the first keys come first."""


async def warm_up(board: Board) -> None:
    """Get ready to write, for somebody who may; then look once at the whole log."""
    from backout_tui.ui.actions import flows  # noqa: F401 - imported here, so that the first key need not

    if board.situation.no_controls is None:
        given = board.truth.lease is not None and board.truth.lease.handed is not None
        if await board.do(_get_ready) and given:
            board.action_command("brief")  # who comes to what another has begun reads first where it stands
    await board.do(lambda operator: operator.learn_past())
    await asyncio.sleep(TRUST_AFTER_S)
    await _look_at_the_log(board)


def _get_ready(operator: Operator) -> bool:
    """Import what writes, and take the controls when they are free."""
    operator.warm_up()
    return operator.take_controls()


async def _look_at_the_log(board: Board) -> None:
    """In a thread of its own; a log that is not sound is only read from then on, and the head of the screen says so."""
    question = await board.do(lambda operator: operator.whether_sound())
    if question is None:
        return
    try:
        fault = await asyncio.to_thread(question)
    except BackoutError as error:
        board.tell_trouble(error)
        return
    if fault is not None:
        await board.do(lambda operator: operator.distrust(fault))
