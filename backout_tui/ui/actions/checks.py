"""Checks by a person's eyes."""

from __future__ import annotations

from functools import partial

from backout_tui.domain.items import CheckState
from backout_tui.engine.verbs import checks
from backout_tui.ui.board import Board
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.fields import ChoiceField, Field, TextField


def record_check(board: Board) -> None:
    """What somebody saw: pass, fail or inconclusive, with a note."""
    check = board.situation.check
    if check is not None:
        fields: list[Field] = [
            ChoiceField("verdict", "verdict", checks.VERDICTS),
            TextField("note", "what you see", required=True),
        ]
        dialog = Ask(f"Check {check.id}: {check.title}", fields, note=_known(check), verb="record it")
        board.ask(dialog, partial(_record, board, check.id))


def _known(check: CheckState) -> str:
    """What is to be looked at, and what was seen last."""
    last = check.observations[-1] if check.observations else None
    seen = f"Last: {last.verdict}, {last.note} ({last.by})" if last is not None else ""
    return "\n".join(filter(None, (check.instruction.strip(), seen)))


async def _record(board: Board, letter: str, answers: dict[str, str]) -> None:
    if await board.do(checks.record, letter, answers["verdict"], answers["note"]) is not None:
        board.say(f"Check {letter}: {answers['verdict']}.")
