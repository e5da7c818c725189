"""Telling people: the plan's messages, one written on the spot, and what became of one in doubt."""

from __future__ import annotations

from functools import partial

from backout_tui.domain.gates import why_not_send
from backout_tui.domain.items import MessageState
from backout_tui.domain.next_wish import due_messages
from backout_tui.engine.verbs import messages
from backout_tui.engine.verbs.messages import Letter
from backout_tui.ui.actions import previews
from backout_tui.ui.board import Board
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.confirm import Confirm
from backout_tui.ui.dialogs.fields import ChoiceField, Field, TextField
from backout_tui.ui.pick import Pick
from backout_tui.ui.rows import Cell, Column, Row

_NEW = "new"
_COLUMNS = (Column(4), Column(0), Column(26))


def message(board: Board) -> None:
    """Pick one of the plan's, or write one."""
    due = {one.id: None for one in sorted(due_messages(board.truth), key=lambda one: one.origin != "prepared")}
    rows = [_row(one, due=one.id in due) for one in board.truth.messages.values()]
    rows.append(Row(_NEW, ("+", "Write a message now", "")))
    at = board.situation.target("message") or next(iter(due), _NEW)
    board.ask(Pick("Tell people", rows, _COLUMNS, at=at), partial(_picked, board))


def _row(one: MessageState, *, due: bool) -> Row:
    state = "due now" if due else one.state.replace("_", " ")
    return Row(one.id, (one.id, one.title, Cell(f"{one.by}, {state}", "warning" if due else "dim")))


async def _picked(board: Board, key: str) -> None:
    if key == _NEW:
        await _write(board)
    else:
        await _send(board, board.truth.messages[key])


async def _send(board: Board, chosen: MessageState) -> None:
    """Show exactly what leaves and to whom; Enter sends it."""
    refusal = why_not_send(chosen)
    if refusal is not None:
        board.say(refusal.words, warning=True)
        return
    letter = await board.do(messages.preview, chosen.id)
    if letter is None:
        return
    leaves = board.truth.live and board.truth.sends_mail
    verb = "send" if leaves else "show"
    sections = previews.of_letter(letter, leaves=leaves)
    if await board.answer(Confirm(f"{verb.capitalize()} “{chosen.title}”", sections, verb=f"{verb} it")):
        await _leave(board, chosen, letter, leaves=leaves)


async def _leave(board: Board, chosen: MessageState, shown: Letter, *, leaves: bool) -> None:
    if await board.do(messages.send, chosen.id, shown=shown) is not None:
        board.say(f"“{chosen.title}” {'is being sent' if leaves else 'was shown; nothing was sent'}.")
        board.point_at(("message", chosen.id))


async def _write(board: Board) -> None:
    contacts = board.truth.plan.contacts
    groups = dict.fromkeys(group for contact in contacts for group in contact.groups)
    names = (*groups, *(contact.name for contact in contacts))
    fields: list[Field] = [
        TextField("to", "to", required=True, suggestions=names, hint="names or groups, with commas (↓)"),
        TextField("subject", "subject", required=True),
        TextField("text", "text", required=True, lines=6),
    ]
    answers = await board.answer(Ask("Write a message", fields, verb="preview it"))
    if answers is None:
        return
    to = tuple(name.strip() for name in answers["to"].split(",") if name.strip())
    receipt = await board.do(messages.write, to, "email", answers["text"], answers["subject"])
    if receipt is not None and receipt.created:
        await _send(board, receipt.backout.messages[receipt.created])


def resolve_message(board: Board, message_id: str) -> None:
    """Whether a message in doubt arrived: one person at a time, after asking them."""
    chosen = board.truth.messages[message_id]
    doubtful = tuple(one.name for one in chosen.recipients if one.state == "in_doubt")
    fields: list[Field] = [
        ChoiceField("recipient", "to", doubtful),
        ChoiceField("state", "it was", ("sent", "not-sent")),
        TextField("reason", "how you know", required=True),
    ]
    note = "The connection was lost while it was sent: ask them. It is not sent again by itself."
    title = f"“{chosen.title}” is in doubt"
    board.ask(Ask(title, fields, note=note, verb="record it"), partial(_resolve, board, message_id))


async def _resolve(board: Board, message_id: str, answers: dict[str, str]) -> None:
    recipient, state = answers["recipient"], answers["state"]
    if await board.do(messages.resolve, message_id, recipient, state, answers["reason"]) is not None:
        board.say(f"{recipient}: {state}, as you say.")
