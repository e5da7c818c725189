"""The plans that a release may reuse, nearest first, each with the reason and how it went."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from backout_tui.domain.plan.plan_line import OPEN, Near
from backout_tui.reports.plan_nearest import went_words
from backout_tui.ui.desk.actions import plan_actions
from backout_tui.ui.desk.desk_keys import offered
from backout_tui.ui.desk.two_parts import TwoParts
from backout_tui.ui.widgets.columns import Cell, Column, Row
from backout_tui.ui.widgets.text_view import Line

if TYPE_CHECKING:
    from backout_tui.ui.desk.list_screen import ListScreen

COLUMNS = (Column(4, right=True), Column(0), Column(12), Column(15), Column(9, drop=1), Column(13, drop=2))


def near_row(near: Near) -> Row:
    """`3 payments-api 4.12.0@production  backed out  same service  123456789  approved`."""
    line = near.line
    answers = Cell(line.answers, "warning" if OPEN in line.answers else "")
    state = Cell(line.state, "done" if line.state == "approved" else "warning")
    went = near.went
    went_cell = Cell(went.words, "done" if went.rank == 0 else "warning" if went.rank == 1 else "dim")
    return Row(str(line.id), (str(line.id), line.release or line.title, went_cell, near.reason, answers, state))


class NearestScreen(TwoParts):
    """Lists the plans near to `release`; one key copies a plan for it, another starts a new one with the questions."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "copy", "Copy", show=False, priority=True),
        Binding("p", "new_plan", "New plan", show=False, priority=True),
    ]
    KEYS = offered("The plans near to a release")

    def __init__(self, home: ListScreen, release: str, near: Sequence[Near]) -> None:
        """Show what is `near` to the release, NAME VERSION."""
        super().__init__(home, COLUMNS, "No plan is near to it. p begins one with the nine questions.")
        self.release, self.near = release, {str(one.line.id): one for one in near}

    def on_mount(self) -> None:
        """Show them, the nearest first."""
        count = len(self.near)
        said = f"{count} plan{'s' if count != 1 else ''} near"
        self.show(f"Can be reused · For {self.release}", said, [near_row(one) for one in self.near.values()])

    def whole(self, key: str) -> tuple[str, Sequence[Line]]:
        """Why the plan is near, and how it went."""
        one = self.near[key]
        line = one.line
        lines = [
            Line(f"{went_words(one)[:1].upper()}{went_words(one)[1:]}", "strong"),
            Line(f"{one.reason[:1].upper()}{one.reason[1:]}"),
            Line(f"{line.answered} of 9 questions answered, {line.state}, revision {line.revision}"),
            Line(f"Team {line.team}" if line.team else "It names no team"),
            Line(""),
            Line(f"c copies it for {self.release}: everything in it arrives unconfirmed.", "dim"),
        ]
        return f"plan {key} · {line.release or line.title}", lines

    def action_copy(self) -> None:
        """Copy the plan under the cursor for this release."""
        if (key := self.list.cursor_key) is not None:
            plan_actions.copy_plan(self, key, self._show_copy, to=self.release)

    def _show_copy(self, number: int) -> None:
        self.dismiss()
        plan_actions.show_plan(self.home, number)

    def action_new_plan(self) -> None:
        """Start a new plan with the questions, because none of these fits."""
        from backout_tui.ui.desk.actions.question_actions import new_plan

        self.dismiss()
        new_plan(self.home, self.release)
