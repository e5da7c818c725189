"""The controls: one key that takes them, asks for them, agrees, or hands them over, as things stand; and the brief."""

from __future__ import annotations

from functools import partial

from backout_tui.domain.controls import Holder
from backout_tui.domain.holding import needs_reason
from backout_tui.engine.verbs import controls
from backout_tui.reports.brief import brief as brief_of
from backout_tui.ui.actions.asking import ask_why, names_of
from backout_tui.ui.board import Board
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.fields import ChoiceField, Field, TextField
from backout_tui.ui.dialogs.read_and_ask import ReadAndAsk
from backout_tui.ui.dialogs.tell import Tell

ASK, TAKE = "ask, and wait", "take them now, without waiting"
"""The two ways to the controls of somebody who is there."""


def take_over(board: Board) -> None:
    """Whatever the key means now."""
    at, lease = board.situation, board.truth.lease
    if at.standing.asked_by is not None:
        board.work(_agree(board))
    elif at.standing.mine:
        hand_over(board)
    elif not needs_reason(board.truth, at.actor, held=at.no_controls is not None):
        board.work(_take_over(board, {"reason": ""}))
    elif at.standing.holder is Holder.LIVES:
        board.ask(_from_somebody_there(board), partial(_ask_or_take, board))
    else:
        assert lease is not None  # else no reason is needed
        whose = lease.handed.to if lease.handed is not None else lease.actor.name
        refusal = at.no_controls
        dialog = ask_why(f"Take over the controls of {whose}", "take over")
        dialog.note = refusal.words if refusal is not None else ""
        board.ask(dialog, partial(_take_over, board))


def _from_somebody_there(board: Board) -> Ask:
    """Ask, or take without waiting: that wants a reason."""
    at, lease = board.situation, board.truth.lease
    name = lease.actor.name if lease is not None else ""
    since = f" since {lease.since:%H:%M UTC}" if lease is not None else ""
    asked = at.standing.asks
    waiting = f"\nYou asked at {asked.at:%H:%M UTC}; there is no answer yet." if asked is not None else ""
    fields: list[Field] = [
        TextField("reason", "why", hint="needed to take them without waiting"),
        ChoiceField("how", "how", (ASK, TAKE), TAKE if asked is not None else ASK),
    ]
    note = f"{name} has the controls{since}, and is there: one key agrees.{waiting}"
    return Ask(f"Take over the controls from {name}", fields, note=note, verb="go on")


async def _ask_or_take(board: Board, answers: dict[str, str]) -> None:
    if answers["how"] == TAKE:
        await _take_over(board, answers)
    elif await board.do(controls.ask, answers["reason"]) is not None:
        board.say("Asked. You are told here as soon as there is an answer; T takes them without waiting.")


async def _take_over(board: Board, answers: dict[str, str]) -> None:
    lease = board.truth.lease
    from_another = lease is not None and lease.actor.name != board.situation.actor
    if await board.do(controls.take_over, answers["reason"]) is not None:
        board.say("You have the controls.")
        if from_another:
            brief(board)


async def _agree(board: Board) -> None:
    if (receipt := await board.do(controls.agree)) is not None:
        handed = receipt.backout.lease.handed if receipt.backout.lease is not None else None
        board.say(f"{handed.to if handed is not None else 'They'} has the controls now. You look on.")


def keep(board: Board) -> None:
    """Go on acting, and let whoever asked know."""
    board.work(_keep(board))


async def _keep(board: Board) -> None:
    if await board.do(controls.keep) is not None:
        board.say("You keep the controls, and whoever asked is told so.")


def hand_over(board: Board) -> None:
    """What whoever comes has to know, and to whom they go."""
    field = TextField("to", "to", hint="nobody: whoever comes", suggestions=names_of(board.truth))
    dialog = ReadAndAsk("Hand over the controls", brief_of(board.truth, board.now()), [field], verb="hand over")
    board.ask(dialog, partial(_hand_over, board))


async def _hand_over(board: Board, answers: dict[str, str]) -> None:
    to = answers["to"].strip()
    if await board.do(controls.hand_over, to) is not None:
        board.say(f"Handed over to {to}: they take the controls with T." if to else "The controls are free.")


def brief(board: Board) -> None:
    """Where the backout stands, for somebody who comes to it now."""
    board.app.push_screen(Tell("Brief", "\n".join(brief_of(board.truth, board.now()))))
