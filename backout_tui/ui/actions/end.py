"""The end: whether it worked, what is left open, the close."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from backout_tui.domain import gates, outstanding
from backout_tui.domain.backout import OUTCOMES, Backout
from backout_tui.domain.next_wish import due_messages
from backout_tui.engine.verbs import decisions, notes
from backout_tui.ui.board import Board
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.fields import ChoiceField, Field, TextField

USUAL = {"back-out": "backed-out", "fix-forward": "fixed-forward", "stand-down": "stood-down"}
"""The outcome that goes with a decision when all went well."""


def verdict(board: Board) -> None:
    """Say whether it worked; once that was said, close."""
    if board.truth.verdict is not None:
        board.ask(close_dialog(board.truth), partial(_close, board))
        return
    decision = board.truth.decision
    usual = USUAL[decision.kind] if decision is not None else "stood-down"
    against = gates.why_not_verdict(board.truth, usual)
    fields: list[Field] = [
        ChoiceField("outcome", "outcome", OUTCOMES, usual),
        TextField("reason", "why", hint="needed when checks have not passed"),
    ]
    note = against.words if against is not None else ""
    board.ask(Ask("Did it work?", fields, note=note, verb="say so"), partial(_verdict, board))


async def _verdict(board: Board, answers: dict[str, str]) -> None:
    receipt = await board.do(decisions.verdict, answers["outcome"], answers["reason"])
    if receipt is None:
        return
    board.say(f"The verdict is {answers['outcome']}. X closes the backout.")
    if any(due_messages(receipt.backout)):
        return  # people are told first: the Next line says so, and the close would only list it as left open
    closing = await board.answer(close_dialog(receipt.backout))
    if closing is not None:
        await _close(board, closing)


def close_dialog(backout: Backout) -> Ask:
    """What is left open, in one list; a reason covers it."""
    left = outstanding.left_open(backout)
    said = backout.verdict.outcome if backout.verdict is not None else OUTCOMES[0]
    fields: list[Field] = [
        TextField("reason", "why close so" if left else "remark", required=bool(left)),
        ChoiceField("outcome", "outcome", OUTCOMES, said),
    ]
    note = "\n".join(["Left open:", *(f"  {one}" for one in left)]) if left else "Nothing is left open."
    return Ask("Close the backout", fields, note=note, verb="close it")


async def _close(board: Board, answers: dict[str, str]) -> None:
    said = board.truth.verdict
    anew = answers["outcome"] if said is None or said.outcome != answers["outcome"] else ""
    if await board.do(decisions.close, outcome=anew, reason=answers["reason"]) is not None:
        taught = "" if board.truth.live else " What it observed: Ctrl+P, fold back."
        board.say(f"Closed. The log is complete (l).{taught} u reopens it, q leaves.")


def complete_reason(board: Board) -> None:
    """A reason of the night that says too little; both stay in the log."""
    thin = board.truth.thin_reasons
    choices = tuple(f"{one.what}: {one.reason} (event {one.event})" for one in thin)
    fields: list[Field] = [
        ChoiceField("which", "the reason for", choices),
        TextField("text", "in full", required=True),
    ]
    note = "What was said in the night stays in the log beside it."
    events = {choice: one.event for choice, one in zip(choices, thin, strict=True)}
    board.ask(Ask("Complete a reason", fields, note=note, verb="complete it"), partial(_complete, board, events))


async def _complete(board: Board, events: Mapping[str, int], answers: dict[str, str]) -> None:
    seq = events[answers["which"]]
    if await board.do(notes.complete_reason, seq, answers["text"]) is not None:
        left = len(board.truth.thin_reasons)
        board.say(f"The reason of event {seq} is completed{f'; {left} left (Ctrl+P)' if left else ''}.")
