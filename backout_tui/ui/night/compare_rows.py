"""The steps as planned beside the steps as run, as rows; and one step in full. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from backout_tui.domain.backout.as_run import departing, run_order
from backout_tui.domain.backout.changed_steps import PARTS, changes
from backout_tui.domain.backout.flatten import steps_of
from backout_tui.domain.backout.items import StepState
from backout_tui.domain.backout.order import folded_words, is_folded
from backout_tui.domain.backout.state import Backout, Deviation
from backout_tui.domain.clock import forecast
from backout_tui.domain.moments import hour
from backout_tui.domain.spans import about, span_words
from backout_tui.reports.deviation_words import beside_words, kind_words
from backout_tui.ui.night.panes import looks
from backout_tui.ui.widgets.columns import Cell, Column, Row
from backout_tui.ui.widgets.glyphs import glyph
from backout_tui.ui.widgets.text_view import Line, marked

COLUMNS = (
    Column(4),
    Column(21, drop=1),
    Column(10, right=True, drop=3),
    Column(1),
    Column(0),
    Column(7, right=True, drop=2),
)
WAY = "way"
"""The key of the row for choosing another way than the plan's first."""
_OPTION = "option "
"""The start of the key of a row that stands for a whole option that was not chosen."""
_HEAD = Row("", ("", Cell("as planned", "dim"), Cell("est.", "dim"), "", Cell("as run", "dim"), Cell("took", "dim")))


def compared(backout: Backout) -> list[Row]:
    """A row for each step, in the order as run, with the plan's words beside what happened to it."""
    planned, departed = steps_of(backout.plan), departing(backout)
    return [_HEAD, *_way(backout, departed), *_rows(backout, planned, departed)]


def _rows(
    backout: Backout, planned: Mapping[str, StepState], departed: Mapping[str, Sequence[Deviation]]
) -> Iterator[Row]:
    """A row for each step; an option that was not chosen gets one row."""
    told = set[str]()
    for step in (backout.steps[number] for number in run_order(backout)):
        if not is_folded(backout, step):
            yield _row(step, planned, departed.get(step.number, ()))
        elif step.option not in told:
            told.add(step.option)
            yield Row(f"{_OPTION}{step.option}", (Cell(folded_words(backout, step.option), "dim", span=len(COLUMNS)),))


def _way(backout: Backout, departed: Mapping[str, Sequence[Deviation]]) -> Iterator[Row]:
    """The choice among the plan's ways, if it was not the plan's first."""
    if chosen := departed.get("", ()):
        said = f"{backout.chosen_option}: {chosen[-1].why}"
        yield Row(WAY, (WAY, backout.options[0], "", "", Cell(said, "warning"), ""))


def _row(step: StepState, planned: Mapping[str, StepState], departed: Sequence[Deviation]) -> Row:
    plan = planned.get(step.number)
    estimate = about(step.estimate.typical_s) if step.estimate is not None else ""
    took = forecast.took_s(step)
    tone = looks.STEP[step.state].tone
    cells = (
        step.number,
        Cell(plan.title if plan is not None else "(not in the plan)", "" if plan is not None else "warning"),
        Cell(estimate, "dim"),
        Cell(glyph(looks.STEP[step.state].sign), tone),
        Cell(_as_run(step, plan, planned, departed), "warning" if departed else tone),
        span_words(took) if took is not None else "",
    )
    return Row(step.number, cells)


def _as_run(
    step: StepState, plan: StepState | None, planned: Mapping[str, StepState], departed: Sequence[Deviation]
) -> str:
    said = [f"{kind_words(one, step, planned)}: {one.reason}" for one in departed]
    title = [step.title] if plan is None or plan.title != step.title else []
    return "; ".join([*title, *said]) or step.state.value.replace("_", " ")


def whole(backout: Backout, key: str, at: datetime) -> tuple[str, list[Line]]:
    """The title and lines of one row: why it deviates, and what changed from the plan; local times as in `at`."""
    if key == WAY:
        chosen = departing(backout).get("", ())
        lines = [Line(f"planned      {backout.options[0]}"), Line(f"chosen       {backout.chosen_option}", "strong")]
        return "The way", [*lines, *_reasons(chosen, None, {}, at)]
    if key.startswith(_OPTION):
        option = key.removeprefix(_OPTION)
        titles = (f"{one.number:<5} {one.title}" for one in backout.steps.values() if one.option == option)
        return "Not chosen", [Line(folded_words(backout, option), "dim"), Line(""), *map(Line, titles)]
    step, planned = backout.steps[key], steps_of(backout.plan)
    lines = [Line(step.title, "strong"), Line(f"{glyph(looks.STEP[step.state].sign)} {step.state.words}")]
    lines += _reasons(departing(backout).get(key, ()), step, planned, at)
    return f"Step {key}", [*lines, *_said(step, planned.get(key))]


def _reasons(
    departed: Sequence[Deviation], step: StepState | None, planned: Mapping[str, StepState], at: datetime
) -> Iterator[Line]:
    for one in departed:
        yield Line("")
        yield Line(f"{kind_words(one, step, planned)}: {one.reason}", "warning")
        yield Line(
            "  " + ", ".join(filter(None, (f"{one.by} at {hour(one.at, at)}", beside_words(one), f"event {one.event}")))
        )
        if one.first:
            yield Line(f"  first: {one.first}", "dim")


def _said(step: StepState, plan: StepState | None) -> Iterator[Line]:
    """What the step says, part by part: `- ` the plan's text, `+ ` this backout's, no sign where both agree."""
    changed = {one.part: one.lines for one in changes(plan or StepState(step.number, ""), step)}
    for part in PARTS:
        text = getattr(step, part).rstrip()
        if part in changed:
            yield from (Line(""), Line(f"{part}: - as planned, + as run", "heading"), *marked(changed[part], "  "))
        elif text and part != "title":
            yield from (Line(""), Line(f"{part}, as planned", "heading"))
            yield from (Line(f"    {line}") for line in text.split("\n"))
