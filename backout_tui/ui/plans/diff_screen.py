"""What a plan changes against the one it came from, item by item."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from backout_tui.domain.plan_diff import Difference
from backout_tui.reports import plan_diff
from backout_tui.ui.desk_keys import offered
from backout_tui.ui.marks import marked
from backout_tui.ui.plans.seen import Compared, PlanSeen
from backout_tui.ui.plans.two_parts import TwoParts
from backout_tui.ui.rows import Cell, Column, Row
from backout_tui.ui.text_view import Line

if TYPE_CHECKING:
    from backout_tui.ui.list_screen import ListScreen

COLUMNS = (Column(1), Column(8), Column(18), Column(0))
_TONE = {"added": "done", "changed": "warning", "removed": "failed"}


def diff_row(number: int, one: Difference) -> Row:
    """`~ changed  step 4  Roll the deployment back`."""
    tone, item = _TONE[one.kind], one.item
    title = item.title if plan_diff.heading(one) != item.label or item.kind == "criterion" else ""
    return Row(str(number), (Cell(plan_diff.MARKS[one.kind], tone), Cell(one.kind, tone), item.label, title))


class DiffScreen(TwoParts):
    """Lists what differs; below, what the item says now and said before."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("equals_sign", "back", "Back", show=False, priority=True)]
    KEYS = offered("The changes of a plan")

    def __init__(self, home: ListScreen, seen: PlanSeen, compared: Compared) -> None:
        """Show what was `compared`."""
        super().__init__(home, COLUMNS, "Nothing differs.")
        self.seen, self.compared = seen, compared

    def on_mount(self) -> None:
        """Show them all."""
        title = f"Changes · {self.seen.title} · against {self.compared.before}"
        rows = [diff_row(number, one) for number, one in enumerate(self.compared.found)]
        self.show(title, plan_diff.counts(self.compared.found), rows)

    def whole(self, key: str) -> tuple[str, Sequence[Line]]:
        """The item's lines, marked."""
        one = self.compared.found[int(key)]
        return plan_diff.heading(one), marked(plan_diff.said(one), "  ")
