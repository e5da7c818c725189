"""Phone calls, which people make and log; and notes."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from backout_tui.domain import paging
from backout_tui.domain.moments import moment_ahead
from backout_tui.domain.plan import Contact
from backout_tui.engine.verbs import calls, notes
from backout_tui.ui.actions.asking import names_of
from backout_tui.ui.board import Board
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.fields import ChoiceField, Field, TextField


def call(board: Board) -> None:
    """Whom, what came of it, and when to call again."""
    due = next((one.name for one in board.truth.calls if one.follow_up and one.follow_up <= board.now()), "")
    fields: list[Field] = [
        TextField("name", "who", due, required=True, suggestions=names_of(board.truth), hint="↓ names of the plan"),
        ChoiceField("result", "result", calls.RESULTS),
        TextField("note", "what was said"),
        TextField(
            "again", "call again", hint="10 min, or 03:40; nothing: no need",
            wrong=lambda text: "" if moment_of(text, board.now()) else "Say 10 min, or a time like 03:40.",
        ),
    ]  # fmt: skip
    book = "\n".join(phone_book(board.truth.plan.contacts, board.now())[:5])
    board.ask(Ask("Log a call", fields, note=book, verb="log it"), partial(_call, board))


async def _call(board: Board, answers: dict[str, str]) -> None:
    follow_up = moment_of(answers["again"], board.now())
    if await board.do(calls.log, answers["name"], answers["result"], answers["note"], follow_up) is not None:
        again = f" Again at {follow_up.astimezone(board.now().tzinfo):%H:%M}." if follow_up is not None else ""
        board.say(f"The call to {answers['name']} is logged.{again}")


def moment_of(text: str, now: datetime) -> datetime | None:
    """The moment to come that `10 min` or `03:40` (on the operator's clock) says; None: it says none."""
    moment = moment_ahead(text, now, now.tzinfo)
    return moment if moment is not None and moment > now else None


def phone_book(contacts: tuple[Contact, ...], now: datetime) -> list[str]:
    """Who can be called, at which number, and what hour it is for them."""
    lines = []
    for contact in contacts:
        if (number := contact.address("phone")) is not None:
            hour = f", {paging.local_hour(now, contact.zone)}" if contact.zone else ""
            quiet = ", quiet hours" if paging.is_quiet(contact, now) else ""
            lines.append(f"{contact.name}: {number}{hour}{quiet}")
    return lines


def note(board: Board) -> None:
    """Anything that should stand in the log."""
    board.ask(Ask("Write a note", [TextField("text", "note", required=True)], verb="log it"), partial(_note, board))


async def _note(board: Board, answers: dict[str, str]) -> None:
    if await board.do(notes.add, answers["text"]) is not None:
        board.say("The note is in the log.")
