"""Whether the log can be trusted: asked once, in a thread of its own, when the first pictures are long there."""

from __future__ import annotations

import asyncio

from backout_tui.engine.operator import Operator
from backout_tui.errors import BackoutError
from backout_tui.ui.board import Board

AFTER_S = 1.5
"""Seconds after the start: the first keys come first."""


async def look(board: Board) -> None:
    """Ask; a log that is not sound is only read from then on, and the head of the screen says so."""
    question = await board.do(lambda operator: operator.whether_sound())
    if question is None:
        return
    try:
        fault = await asyncio.to_thread(question)
    except BackoutError as error:
        board.tell_trouble(error)
        return
    if fault is not None:
        await board.do(Operator.distrust, fault)
