"""Phone calls, which people make and log."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from backout_tui.domain.moments import hour
from backout_tui.domain.plan.plan import Contact
from backout_tui.domain.rules import paging
from backout_tui.engine.verbs.table.verb_table import verb_of
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.moments_said import moment_to_come
from backout_tui.ui.night.actions.verb_form import do_verb, fields_of, remarks
from backout_tui.ui.night.board import Board


def call(board: Board) -> None:
    """Log a call: to whom, what happened, and when to call again."""
    verb = verb_of("call-log")
    due = next((one.name for one in board.truth.calls if one.follow_up and one.follow_up <= board.now()), "")
    book = "\n".join(phone_book(board.truth.plan.contacts, board.now())[:5])
    dialog = Ask(verb.title, fields_of(board, verb, {"name": due}), note=book, verb=verb.enter)
    board.ask(dialog, partial(_call, board))


async def _call(board: Board, answers: dict[str, str]) -> None:
    verb = verb_of("call-log")
    if await do_verb(board, verb, answers) is not None:
        when = moment_to_come(answers["follow_up"], board.now())
        again = f" Again at {hour(when, board.now())}." if when is not None else ""
        remarked = remarks(board, verb, answers)
        board.say(f"{verb.said.format(**answers)}{again}{remarked}", warning=bool(remarked))


def phone_book(contacts: tuple[Contact, ...], now: datetime) -> list[str]:
    """List who can be called, at which number, and the local time there."""
    lines = []
    for contact in contacts:
        if (number := contact.address("phone")) is not None:
            there = f", {paging.local_hour(now, contact.zone)}" if contact.zone else ""
            quiet = ", quiet hours" if paging.is_quiet(contact, now) else ""
            lines.append(f"{contact.name}: {number}{there}{quiet}")
    return lines
