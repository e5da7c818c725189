"""What a plan changes against the one it came from, item by item."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from backout_tui.domain.plan.differences import Difference
from backout_tui.reports import plan_diff_words
from backout_tui.ui.desk.desk_keys import offered
from backout_tui.ui.desk.plan_seen import Compared, PlanSeen
from backout_tui.ui.desk.two_parts import TwoParts
from backout_tui.ui.widgets.columns import Cell, Column, Row
from backout_tui.ui.widgets.text_view import Line, marked

if TYPE_CHECKING:
    from backout_tui.ui.desk.list_screen import ListScreen

COLUMNS = (Column(1), Column(8), Column(18), Column(0))
_TONE = {"added": "done", "changed": "warning", "removed": "failed"}


def diff_row(number: int, one: Difference) -> Row:
    """`~ changed  step 4  Roll the deployment back`."""
    tone, item = _TONE[one.kind], one.item
    title = item.title if plan_diff_words.heading(one) != item.label or item.kind == "criterion" else ""
    return Row(str(number), (Cell(plan_diff_words.MARKS[one.kind], tone), Cell(one.kind, tone), item.label, title))


class DiffScreen(TwoParts):
    """Lists what differs; below, it shows what the item says now and said before."""

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
        self.show(title, plan_diff_words.counts(self.compared.found), rows)

    def whole(self, key: str) -> tuple[str, Sequence[Line]]:
        """Return the item's lines, marked."""
        one = self.compared.found[int(key)]
        return plan_diff_words.heading(one), marked(plan_diff_words.said(one), "  ")
