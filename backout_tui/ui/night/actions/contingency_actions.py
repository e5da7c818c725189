"""The plan's *If the backout fails*, with the people to call; it opens once by itself, and whenever asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from backout_tui.domain.backout.state import Backout
from backout_tui.domain.plan.plan import Contact
from backout_tui.domain.rules import paging, when_it_fails
from backout_tui.ui.dialogs.tell import Tell
from backout_tui.ui.night.actions.call_actions import call
from backout_tui.ui.night.actions.message_actions import message
from backout_tui.ui.night.board import Board
from backout_tui.ui.widgets.text_view import Line, TextView

_CALL, _MESSAGE = "k", "m"


class IfItFails(Tell):
    """Shows what to do when the backout fails; k continues to the call, m to a message."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(_CALL, "go_on('k')", "Log a call", show=False, priority=True),
        Binding(_MESSAGE, "go_on('m')", "Message", show=False, priority=True),
    ]

    def __init__(self, lines: list[Line]) -> None:
        """Show `lines`."""
        super().__init__("If the backout fails", "", by_itself=True)
        self.keys = "k log a call   m message   ↑↓ scroll   Enter close"
        self.text = TextView(lines, classes="text -first")
        self.wanted = ""

    def body(self) -> Iterator[Widget]:
        """The text."""
        yield self.text

    def action_go_on(self, key: str) -> None:
        """Close, and do what this key does on the dashboard."""
        self.wanted = key
        self.action_leave()


def lines_of(backout: Backout, at: datetime) -> list[Line]:
    """What failed, what the plan says about it, and whom to call in, with their number and local time."""
    step, beyond = when_it_fails.failed_step(backout), when_it_fails.beyond_return(backout)
    lines = []
    if step is not None:
        why = f": {step.reason}" if step.reason else ""
        lines.append(Line(f"Step {step.number} failed{why}", "failed"))
        lines += [Line("There is no way back any more.", "warning")] if beyond is not None else []
        lines += [Line(f"If step {step.number} fails: {said}", "strong")] if (said := step.fact("if it fails")) else []
        lines.append(Line(""))
    said = when_it_fails.words(backout.plan)
    lines += [Line(line) for line in said.split("\n")] if said else [_SILENT]
    who = when_it_fails.people(backout.plan)
    lines += [Line(""), Line("Bring in:", "heading"), *(Line(f"  {_person(one, at)}") for one in who)] if who else []
    return lines


_SILENT = Line("The plan has no section “If the backout fails”: decide together what to do.", "warning")


def _person(one: Contact, at: datetime) -> str:
    number = one.address("phone") or next((entry for entry in one.reach), "no address in the plan")
    role = f" ({one.role})" if one.role and one.role.casefold() != one.name.casefold() else ""
    hour = f", {paging.local_hour(at, one.zone)}" if one.zone else ""
    quiet = ", quiet hours" if paging.is_quiet(one, at) else ""
    return f"{one.name}{role}: {number}{hour}{quiet}"


def if_it_fails(board: Board) -> None:
    """Show the section and the people; from there a key leads to the call or the message."""
    view = IfItFails(lines_of(board.truth, board.now()))
    board.app.push_screen(view, partial(_go_on, board, view))


def _go_on(board: Board, view: IfItFails, _: None) -> None:
    flow = {_CALL: call, _MESSAGE: message}.get(view.wanted)
    if flow is not None and board.situation.no_controls is None:
        flow(board)
