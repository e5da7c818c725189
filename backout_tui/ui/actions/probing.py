"""v: a check is run; of a step that was begun and is open, its probe."""

from __future__ import annotations

from functools import partial

from backout_tui.engine.verbs import probing
from backout_tui.ui.actions import previews, running
from backout_tui.ui.board import Board
from backout_tui.ui.command_gates import probed_step
from backout_tui.ui.dialogs.confirm import Confirm


def run_check(board: Board) -> None:
    """The probe of the step that is looked at, else the check."""
    step = probed_step(board.situation)
    if step is not None:
        board.work(_run_probe(board, step.number))
    else:
        running.run_check(board)


async def _run_probe(board: Board, number: str) -> None:
    """Show exactly what runs; Enter runs it. What comes of it is shown beside the step."""
    verb = "run" if board.truth.live else "show"
    preview = await running.ready(board, partial(probing.preview, number=number))
    if preview is None:
        return
    sections = previews.of_command(preview)
    title = f"{verb.capitalize()} the probe of step {number}"
    if not await board.answer(Confirm(title, sections, verb=verb)):
        return
    if await board.do(probing.run, number, shown=preview) is not None:
        done = "was begun" if board.truth.live else "was shown; nothing ran"
        board.say(f"The probe of step {number} {done}. It changes nothing of the step.")
