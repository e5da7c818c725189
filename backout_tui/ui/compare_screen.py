"""As planned beside as run: every step, and where this backout departs from its plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from backout_tui.domain import clock
from backout_tui.domain.backout import Backout
from backout_tui.domain.flatten import steps_of
from backout_tui.domain.items import StepState
from backout_tui.domain.spans import estimate_words, span_words
from backout_tui.domain.ways import folded_words, is_folded
from backout_tui.ui.glyphs import glyph
from backout_tui.ui.panes.step_rows import TONES
from backout_tui.ui.row_list import RowList
from backout_tui.ui.rows import Cell, Column, Row
from backout_tui.ui.sheet import Sheet, title_in

COLUMNS = (
    Column(4),
    Column(26, drop=1),
    Column(5, right=True, drop=3),
    Column(1),
    Column(0),
    Column(7, right=True, drop=2),
)
_HEAD = Row("", ("", Cell("as planned", "dim"), Cell("est.", "dim"), "", Cell("as run", "dim"), Cell("took", "dim")))


def compared(backout: Backout) -> list[Row]:
    """A row for each step of the backout, with the plan's words beside what became of it."""
    planned = steps_of(backout.plan)
    return [_HEAD, *_rows(backout, planned)]


def _rows(backout: Backout, planned: Mapping[str, StepState]) -> Iterator[Row]:
    """Of an option that was not chosen one row says so."""
    folded = ""
    for step in backout.steps.values():
        if not is_folded(backout, step):
            yield _row(backout, step, planned)
        elif step.option != folded:
            yield Row(f"of:{step.number}", (Cell(folded_words(backout, step.option), "dim", span=6),))
        folded = step.option if is_folded(backout, step) else ""


def _row(backout: Backout, step: StepState, planned: Mapping[str, StepState]) -> Row:
    plan = planned.get(step.number)
    estimate = estimate_words(step.estimate.typical_s) if step.estimate is not None else ""
    took = clock.took_s(step)
    tone = TONES.get(step.state, "")
    cells = (
        step.number,
        Cell(plan.title if plan is not None else "(not in the plan)", "" if plan is not None else "warning"),
        Cell(estimate, "dim"),
        Cell(glyph(step.state.value), tone),
        Cell(_as_run(backout, step, plan), "warning" if _departs(backout, step) else tone),
        span_words(took) if took is not None else "",
    )
    return Row(step.number, cells)


def _as_run(backout: Backout, step: StepState, plan: StepState | None) -> str:
    said = [f"{one.kind.replace('_', ' ')}: {one.reason}" for one in backout.deviations if one.step == step.number]
    title = [step.title] if plan is None or plan.title != step.title else []
    return "; ".join([*title, *said]) or step.state.value.replace("_", " ")


def _departs(backout: Backout, step: StepState) -> bool:
    return any(one.step == step.number for one in backout.deviations)


class CompareScreen(Sheet):
    """A table of the steps."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("equals_sign", "back", "Back", show=False, priority=True)]

    def __init__(self, backout: Backout) -> None:
        """Compare the steps of `backout` as they stand now."""
        count = len(backout.deviations)
        title = f"As planned beside as run · {count} deviation{'s' if count != 1 else ''}"
        super().__init__(title_in(backout, title))
        self._rows = compared(backout)

    def body(self) -> Iterable[Widget]:
        """The table."""
        yield RowList(COLUMNS, self._rows, classes="-first rows")
