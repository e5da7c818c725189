"""Messages and calls as rows: those that are due first stand as the plan has them, then the calls as they were made."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from backout_tui.domain.backout import Backout, Call
from backout_tui.domain.items import MessageState
from backout_tui.domain.next_wish import due_messages
from backout_tui.ui.glyphs import glyph
from backout_tui.ui.rows import Cell, Column, Row

COLUMNS = (Column(1), Column(5, drop=2), Column(0), Column(20, drop=1))
EMPTY = "The plan has no messages. m writes one, k logs a call."

_TONES = {
    "sent": "done",
    "shown": "done",
    "partly": "failed",
    "failed": "failed",
    "in_doubt": "doubt",
    "sending": "running",
}
_WHEN = {"": "", "start": "at the start", "decision": "at the decision", "end": "at the end"}


def rows(backout: Backout, at: datetime) -> list[Row]:
    """Every message, then every call."""
    due = {message.id for message in due_messages(backout)}
    told = [message_row(message, at, due=message.id in due) for message in backout.messages.values()]
    return [*told, *(call_row(call, at) for call in backout.calls)]


def message_row(message: MessageState, at: datetime, *, due: bool) -> Row:
    """`✉ 03:01 Started → stakeholders   4 sent, 1 failed`."""
    when = message.last_at.astimezone(at.tzinfo).strftime("%H:%M") if message.last_at is not None else ""
    name = f"{message.title} → {', '.join(message.to)}" if message.to else message.title
    said = Cell(_said(message, due=due), "warning" if due else _TONES.get(message.state, "dim"))
    sign = Cell(glyph("message"), "warning" if due else _TONES.get(message.state, "dim"))
    return Row(message.id, (sign, Cell(when, "dim"), name, said))


def _said(message: MessageState, *, due: bool) -> str:
    if message.state == "draft":
        when = _WHEN.get(message.when.strip().lower(), message.when)
        return "due now" if due else when or "to be sent"
    if message.state in ("sending", "shown"):
        return message.state
    counted = Counter(recipient.state.replace("_", " ") for recipient in message.recipients)
    return ", ".join(f"{count} {state}" for state, count in sorted(counted.items(), key=lambda one: one[0] != "sent"))


def call_row(call: Call, at: datetime) -> Row:
    """`☎ 03:09 release manager: reached, agrees`."""
    when = call.at.astimezone(at.tzinfo).strftime("%H:%M")
    words = f"{call.name}: {call.result}{', ' + call.note if call.note else ''}"
    if call.follow_up is None:
        return Row(call.id, (glyph("call"), Cell(when, "dim"), Cell(words, span=2)))
    again = f"again at {call.follow_up.astimezone(at.tzinfo):%H:%M}"
    due = call.follow_up <= at
    return Row(
        call.id,
        (
            Cell(glyph("call"), "warning" if due else ""),
            Cell(when, "dim"),
            words,
            Cell(again, "warning" if due else ""),
        ),
    )


def counts(backout: Backout) -> tuple[str, str]:
    """How many of how many went to everybody, and whether one is due, failed or in doubt."""
    states = [message.state for message in backout.messages.values()]
    told = sum(state in ("sent", "shown") for state in states)
    said = f"{told} of {len(states)} told" if states else "none"
    if "in_doubt" in states:
        return f"{said}, in doubt", "warning"
    if "failed" in states or "partly" in states:
        return f"{said}, failed", "warning"
    due = sum(1 for _ in due_messages(backout))
    return (f"{said}, {due} due", "warning") if due else (said, "")
