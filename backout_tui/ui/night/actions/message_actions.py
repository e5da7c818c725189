"""Telling people: the plan's messages, messages written on the spot, and what happened to one in doubt."""

from __future__ import annotations

from functools import partial

from backout_tui.domain.backout.items import MessageState
from backout_tui.domain.backout.states import RecipientStatus
from backout_tui.domain.rules.gates import why_not_send
from backout_tui.domain.rules.next_wish import due_messages
from backout_tui.engine.verbs import message_verbs
from backout_tui.engine.verbs.message_verbs import Letter
from backout_tui.engine.verbs.table.verb_table import verb_of
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.confirm import Confirm
from backout_tui.ui.dialogs.pick import Pick
from backout_tui.ui.night.actions import previews
from backout_tui.ui.night.actions.verb_form import do_verb, fields_of
from backout_tui.ui.night.board import Board
from backout_tui.ui.widgets.columns import Cell, Column, Row

_NEW = "new"
_COLUMNS = (Column(4), Column(0), Column(26))


def message(board: Board) -> None:
    """Pick one of the plan's messages, or write one."""
    due = {one.id: None for one in sorted(due_messages(board.truth), key=lambda one: one.origin != "prepared")}
    rows = [_row(one, due=one.id in due) for one in board.truth.messages.values()]
    rows.append(Row(_NEW, ("+", "Write a message now", "")))
    at = board.situation.target("message") or next(iter(due), _NEW)
    board.ask(Pick(verb_of("message-send").title, rows, _COLUMNS, at=at), partial(_picked, board))


def _row(one: MessageState, *, due: bool) -> Row:
    state = "due now" if due else one.state.replace("_", " ")
    return Row(one.id, (one.id, one.title, Cell(f"{one.by}, {state}", "warning" if due else "dim")))


async def _picked(board: Board, key: str) -> None:
    if key == _NEW:
        await _write(board)
    else:
        await _send(board, board.truth.messages[key])


async def _send(board: Board, chosen: MessageState) -> None:
    """Show exactly what will be sent and to whom; Enter sends it."""
    refusal = why_not_send(chosen)
    if refusal is not None:
        board.say(refusal.words, warning=True)
        return
    letter = await board.do(message_verbs.preview, chosen.id)
    if letter is None:
        return
    leaves = board.truth.live and board.truth.sends_mail
    verb = "send" if leaves else "show"
    sections = previews.of_letter(letter, leaves=leaves)
    if await board.answer(Confirm(f"{verb.capitalize()} “{chosen.title}”", sections, verb=f"{verb} it")):
        await _leave(board, chosen, letter, leaves=leaves)


async def _leave(board: Board, chosen: MessageState, shown: Letter, *, leaves: bool) -> None:
    if await board.do(message_verbs.send, chosen.id, shown=shown) is not None:
        board.say(f"“{chosen.title}” {'is being sent' if leaves else 'was shown; nothing was sent'}.")
        board.point_at(("message", chosen.id))


def write(board: Board) -> None:
    """Write a message that the plan does not have."""
    board.work(_write(board))


async def _write(board: Board) -> None:
    verb = verb_of("message-write")
    answers = await board.answer(Ask(verb.title, fields_of(board, verb), verb=verb.enter))
    if answers is None:
        return
    receipt = await do_verb(board, verb, answers, by=verb.field("by").default)
    if receipt is not None and receipt.created:
        await _send(board, receipt.backout.messages[receipt.created])


def resolve_message(board: Board, message_id: str) -> None:
    """Record whether a message in doubt arrived, for one person at a time, after asking them."""
    chosen, verb = board.truth.messages[message_id], verb_of("message-resolve")
    doubtful = tuple(one.name for one in chosen.recipients if one.state is RecipientStatus.IN_DOUBT)
    fields = fields_of(board, verb, recipient=doubtful)
    lost = (
        "It was declared in doubt where it was sent" if chosen.awaited else "The connection was lost while it was sent"
    )
    note = f"{lost}: ask them. It is not sent again by itself."
    title = verb.title.format(what=chosen.title)
    board.ask(Ask(title, fields, note=note, verb=verb.enter), partial(_resolve, board, message_id))


async def _resolve(board: Board, message_id: str, answers: dict[str, str]) -> None:
    verb = verb_of("message-resolve")
    if await do_verb(board, verb, answers, on=message_id) is not None:
        board.say(verb.said.format(**answers))
