"""The log: every event on one calm line, with a filter; Enter shows the whole record."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from backout_tui.domain.backout.events import Event
from backout_tui.domain.backout.payloads.kinds import ATTEMPTS, EventKind
from backout_tui.domain.moments import day, hour
from backout_tui.reports import log_words
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.fields import TextField
from backout_tui.ui.night.board import Board
from backout_tui.ui.night.panes.head_words import banner, title_in
from backout_tui.ui.widgets.columns import Cell, Column, Row, matching
from backout_tui.ui.widgets.lazy_rows import LazyRows
from backout_tui.ui.widgets.row_list import RowList
from backout_tui.ui.widgets.sheet import Sheet
from backout_tui.ui.widgets.text_view import Line, TextView

_LOUD: Mapping[str, str] = {
    EventKind.STEP_FAILED: "failed",
    EventKind.STEP_IN_DOUBT: "doubt",
    EventKind.MESSAGE_IN_DOUBT: "doubt",
    EventKind.CHECK_IN_DOUBT: "doubt",
    **{one.declared: "doubt" for one in ATTEMPTS.values()},
    EventKind.SESSION_DECLARED_GONE: "doubt",
    EventKind.GLASS_BROKEN: "failed",
    EventKind.DECIDED: "strong",
    EventKind.VERDICT_GIVEN: "strong",
    EventKind.BACKOUT_CLOSED: "strong",
}


def _columns(board: Board) -> tuple[Column, ...]:
    """The number, the hour (with its date, if the backout was opened on another day), who, and what."""
    opened, now = board.truth.opened_at, board.now()
    wide = opened is not None and (day(opened, now) or opened.astimezone(now.tzinfo).utcoffset() != now.utcoffset())
    return Column(5, right=True, drop=2), Column(15 if wide else 8), Column(10, drop=1), Column(0)


class LogScreen(Sheet):
    """Shows the events of a board's backout, including those that come while it is open."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l", "back", "Back", show=False, priority=True),
        Binding("slash", "filter", "Filter", show=False, priority=True),
    ]
    KEYS = (("Esc", "Back"), ("/", "Filter"), ("Enter", "Whole record"), ("j k", "Move"))
    OPENS_A_FIELD = frozenset({"slash"})

    def __init__(self, board: Board) -> None:
        """Read the log of `board`."""
        super().__init__(title_in(board.truth, "Log"), banner(board.seen.fault))
        self.board = board
        self._unsound = board.seen.unsound
        self.list = RowList(_columns(board), empty="Nothing to show.", classes="-first rows")
        self._events: list[Event] = []
        self._filter = ""

    def body(self) -> Iterable[Widget]:
        """The events."""
        yield self.list

    def on_mount(self) -> None:
        """Read the log, and keep reading."""
        self.run_worker(self._read(), group="log", exclusive=True)
        self.set_interval(0.5, self._look)

    def _look(self) -> None:
        if self._unsound != self.board.seen.unsound:
            self._unsound = self.board.seen.unsound
            self.warn(banner(self.board.seen.fault))
            self._show()
        if self._events and self.board.truth.seq > self._events[-1].seq:
            self.run_worker(self._read(), group="log", exclusive=True)

    async def _read(self) -> None:
        after = self._events[-1].seq if self._events else 0
        found = await self.board.do(lambda operator: operator.events(after))
        at_end = self.list.cursor >= len(self.list.rows) - 1
        self._events += found or []
        self._show()
        if at_end:
            self.list.action_move_to(-1)

    def _show(self) -> None:
        rows = LazyRows(self._events, self._row)
        shown = matching(rows, self._filter) if self._filter else rows
        self.list.show(shown)
        count = f"/{self._filter}: {len(shown)} of {len(rows)}" if self._filter else f"{len(rows)} events"
        self.line.say(title_in(self.board.truth, "Log"), f"{count} · head {self.board.truth.head}")

    def _row(self, event: Event) -> Row:
        when = hour(event.when, self.board.now(), exact=True)
        said = Cell(log_words.sentence(event), _LOUD.get(event.kind, ""))
        if (wrong := self._unsound.get(event.seq)) is not None:
            said = Cell(f"NOT SOUND ({wrong}): {log_words.sentence(event)}", "failed")
        return Row(str(event.seq), (Cell(str(event.seq), "dim"), Cell(when, "dim"), event.actor.said, said))

    def action_filter(self) -> None:
        """Show only the events that contain a text."""
        field = TextField("text", "events that hold", self._filter, hint="nothing: all events")
        self.app.push_screen(Ask("Filter the log", [field], verb="show them"), self._filtered)

    def _filtered(self, answers: dict[str, str] | None) -> None:
        if answers is not None:
            self._filter = answers["text"]
            self._show()

    def on_row_list_row_chosen(self, event: RowList.RowChosen) -> None:
        """Show the whole record."""
        found = next((one for one in self._events if str(one.seq) == event.key), None)
        if found is not None:
            wrong = self._unsound.get(found.seq)
            self.app.push_screen(RecordScreen(found, wrong or self.board.seen.fault))


class RecordScreen(Sheet):
    """One record in full: who, when, what, and how it is chained."""

    def __init__(self, event: Event, fault: str = "") -> None:
        """Show `event`; `fault` is what is wrong with it or with its log."""
        super().__init__(f"Event {event.seq} · {event.kind}", banner(fault))
        self._event = event

    def body(self) -> Iterable[Widget]:
        """The record's lines."""
        yield TextView(record_lines(self._event), classes="-first rows")


def record_lines(event: Event) -> Iterator[Line]:
    """A record for people: its sentence, its fields, its data as JSON, its place in the chain."""
    actor = event.actor
    yield Line(log_words.sentence(event), "strong")
    yield Line("")
    yield Line(f"at        {event.at}")
    yield Line(f"by        {actor.name} (login {actor.login}, uid {actor.uid}, {actor.host}, {actor.tty or 'no tty'})")
    yield from [Line(f"came as   {actor.behind}, by sudo or su")] if actor.behind else []
    yield from [Line(f"from      {actor.ssh_client}")] if actor.ssh_client else []
    yield Line(f"controls  {event.lease}")
    yield Line(f"id        {event.event_id}")
    yield from (Line(f"blob      {blob.name}, {blob.length} bytes, {blob.sha256}") for blob in event.blobs)
    yield Line(f"before    {event.prev}", "dim")
    yield Line(f"hash      {event.hash}", "dim")
    yield Line(f"tool      {event.tool}", "dim")
    yield Line("")
    text = json.dumps(dict(event.data), indent=2, ensure_ascii=False, sort_keys=True, default=str)
    yield from (Line(line) for line in text.split("\n"))
