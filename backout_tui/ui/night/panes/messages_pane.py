"""The pane of the messages and calls: who was told what, and who was called."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from textual.reactive import reactive

from backout_tui.domain.backout.items import MessageState
from backout_tui.domain.backout.runs import ALL_IN_REACH, Away
from backout_tui.domain.backout.state import Backout, Call
from backout_tui.domain.backout.states import MESSAGE, MessageStatus
from backout_tui.domain.moments import day, hour
from backout_tui.domain.rules.next_wish import due_messages
from backout_tui.ui.night.panes import looks
from backout_tui.ui.night.panes.pane import Contents, Pane
from backout_tui.ui.night.situation import Item
from backout_tui.ui.widgets.columns import Cell, Column, Row
from backout_tui.ui.widgets.glyphs import glyph

_WHEN = {"": "", "start": "at the start", "decision": "at the decision", "end": "at the end"}


def rows(backout: Backout, at: datetime, away: Away = ALL_IN_REACH) -> list[Row]:
    """Every message, then every call."""
    due = {message.id for message in due_messages(backout)}
    told = [message_row(message, at, due=message.id in due, away=away) for message in backout.messages.values()]
    return [*told, *(call_row(call, at) for call in backout.calls)]


def message_row(message: MessageState, at: datetime, *, due: bool, away: Away = ALL_IN_REACH) -> Row:
    """`✉ 03:01 Started → stakeholders   4 sent, 1 failed`."""
    when, date = _when(message.last_at, at)
    name = f"{date}{message.title} → {', '.join(message.to)}" if message.to else f"{date}{message.title}"
    if (beyond := away.get(message.sending)) is not None:
        name = f"{name} · sent on {beyond.host}"
        return Row(
            message.id, (Cell(glyph("message"), "warning"), Cell(when, "dim"), name, Cell("out of reach", "warning"))
        )
    look = looks.MESSAGE[message.state]
    tone = "warning" if due else look.tone
    sign, said = Cell(glyph(look.sign), tone), Cell(_said(message, due=due), tone)
    return Row(message.id, (sign, Cell(when, "dim"), name, said))


def _said(message: MessageState, *, due: bool) -> str:
    if message.state is MessageStatus.DRAFT:
        when = _WHEN.get(message.when.strip().lower(), message.when)
        return "due now" if due else when or "to be sent"
    if words := looks.MESSAGE[message.state].words:
        return words
    counted = Counter(recipient.state.words for recipient in message.recipients)
    return ", ".join(f"{count} {state}" for state, count in sorted(counted.items(), key=lambda one: one[0] != "sent"))


def _when(moment: datetime | None, at: datetime) -> tuple[str, str]:
    """The hour for its column, and the date of another day to be said before the name: `25 Oct · `."""
    if moment is None:
        return "", ""
    date = day(moment, at)
    return f"{moment.astimezone(at.tzinfo):%H:%M}", f"{date} · " if date else ""


def call_row(call: Call, at: datetime) -> Row:
    """`☎ 03:09 release manager: reached, agrees`."""
    when, date = _when(call.at, at)
    words = f"{date}{call.name}: {call.result}{', ' + call.note if call.note else ''}"
    if call.follow_up is None:
        return Row(call.id, (glyph("call"), Cell(when, "dim"), Cell(words, span=2)))
    again = f"again {'' if day(call.follow_up, at) else 'at '}{hour(call.follow_up, at)}"
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
    """How many messages went to everybody, and whether one is due, failed or in doubt."""
    states = [message.state for message in backout.messages.values()]
    told = sum(MESSAGE[state].told for state in states)
    said = f"{told} of {len(states)} told" if states else "none"
    if MessageStatus.IN_DOUBT in states:
        return f"{said}, in doubt", "warning"
    if MessageStatus.FAILED in states or MessageStatus.PARTLY in states:
        return f"{said}, failed", "warning"
    due = sum(1 for _ in due_messages(backout))
    return (f"{said}, {due} due", "warning") if due else (said, "")


class MessagesPane(Pane):
    """Shows who was told what, and who was called."""

    NAME, HEADING = "messages", "4 Communication"
    COLUMNS = (Column(1), Column(5, drop=2), Column(0), Column(22, drop=1))
    EMPTY = "The plan has no messages. m writes one, k logs a call."

    away: reactive[Away] = reactive(ALL_IN_REACH, init=False, repaint=False)
    """The running commands that cannot be asked from here."""

    def watch_away(self) -> None:
        """A command went out of reach, or came back."""
        self.renew()

    def contents(self) -> Contents:
        """Every message, then every call."""
        return Contents(rows(self.backout, self.at, self.away), *counts(self.backout))

    def item_of(self, key: str) -> Item:
        """Return the message or call of that row."""
        return ("message" if key in self.backout.messages else "call"), key
