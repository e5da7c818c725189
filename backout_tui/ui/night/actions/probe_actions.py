"""Running the probe of a step that was started and not settled."""

from __future__ import annotations

from functools import partial

from backout_tui.domain.rules import gates
from backout_tui.engine.verbs import probe_verbs
from backout_tui.ui.dialogs.confirm import Confirm
from backout_tui.ui.night.actions import previews, run_actions
from backout_tui.ui.night.board import Board


def run_probe(board: Board) -> None:
    """Run the probe of the step under the cursor."""
    if (step := board.situation.step) is not None:
        board.work(_run_probe(board, step.number))


async def _run_probe(board: Board, number: str) -> None:
    """Show exactly what will run; Enter runs it. The result appears beside the step."""
    verb = "run" if board.truth.live else "show"
    preview = await run_actions.ready(board, partial(probe_verbs.preview, number=number))
    if preview is None:
        return
    sections = previews.of_command(preview)
    title = f"{verb.capitalize()} the probe of step {number}"
    refusal = gates.why_not_probe(board.truth, number, preview.missing, preview.wrong) if preview.wrong else None
    if (reason := await run_actions.in_spite_of(board, title, refusal)) is None:
        return
    if not await board.answer(Confirm(title, sections, verb=verb)):
        return
    if await board.do(partial(probe_verbs.run, number=number, reason=reason, shown=preview)) is not None:
        done = "was begun" if board.truth.live else "was shown; nothing ran"
        board.say(f"The probe of step {number} {done}. It changes nothing of the step.")
