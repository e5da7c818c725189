"""The steps as rows: the state of each, how long it takes, and why it is in that state."""

from __future__ import annotations

from datetime import datetime

from rich.cells import cell_len

from backout_tui.domain.backout.choices import StepKind
from backout_tui.domain.backout.items import StepState
from backout_tui.domain.backout.order import done_of
from backout_tui.domain.backout.runs import ALL_IN_REACH, Away
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import AttemptStatus, StepStatus
from backout_tui.domain.clock import forecast
from backout_tui.domain.clock.forecast import NOT_SILENT, Silent
from backout_tui.domain.spans import about, span_words
from backout_tui.domain.values import replace
from backout_tui.ui.night.panes import looks
from backout_tui.ui.widgets.columns import Cell, Column, Row
from backout_tui.ui.widgets.glyphs import glyph

COLUMNS = (Column(1), Column(4), Column(0), Column(11, right=True, drop=2), Column(7, right=True, drop=1))
EMPTY = "The plan has no steps. a adds one as you do it."


def row(
    step: StepState, at: datetime, silent: Silent = NOT_SILENT, away: Away = ALL_IN_REACH, *, copied: bool = False
) -> Row:
    """`▶ 4 Roll the deployment back   5m   0m43s`. In a copy (`copied`) the state of what ran is unknown."""
    tone = looks.STEP[step.state].tone
    indent = "  " if step.parent else ""
    sign = glyph(looks.STEP[step.state].sign)
    if step.state is StepStatus.PENDING and step.no_way_back is not None:
        sign, tone_sign = glyph("no_way_back"), "warning"
    else:
        tone_sign = tone
    dim = "dim" if tone == "dim" else ""
    named = _named(step, indent, dim, at, None if copied else silent, away)
    return Row(step.number, (Cell(sign, tone_sign), *named), dim)


def _named(step: StepState, indent: str, dim: str, at: datetime, silent: Silent | None, away: Away) -> tuple[Cell, ...]:
    """The number in its column and the rest; a number too long for it (`4[node-2]`) goes before the title."""
    first, *rest = _beyond(step, indent, away) or _rest(step, indent, at, silent)
    if cell_len(step.number) <= COLUMNS[1].width:
        return Cell(step.number, dim), first, *rest
    return replace(first, text=f"{indent}{step.number} {first.text.removeprefix(indent)}", span=first.span + 1), *rest


def _beyond(step: StepState, indent: str, away: Away) -> tuple[Cell, ...]:
    """Say that its command or probe runs where it cannot be asked; () when it does not."""
    for attempt, what in ((step.attempt, "runs"), (step.last_probe, "its probe runs")):
        if (
            attempt is not None
            and attempt.state is AttemptStatus.RUNNING
            and (beyond := away.get(attempt.intent)) is not None
        ):
            words = f"{indent}{step.title}{_origin(step)} · {what} on {beyond.host}, out of reach"
            return (Cell(words, "warning", span=3),)
    return ()


def _rest(step: StepState, indent: str, at: datetime, silent: Silent | None) -> tuple[Cell, ...]:
    title = Cell(f"{indent}{step.title}{_origin(step)}", "strong" if step.kind is StepKind.GROUP else "")
    if said := looks.STEP[step.state].words:
        why = f"{said}: {step.reason}" if step.reason and step.state is not StepStatus.IN_DOUBT else said
        return (Cell(f"{title.text} · {why}", looks.STEP[step.state].tone, span=3),)
    if step.state is StepStatus.PENDING and step.no_way_back is not None:
        return title, Cell("no way back", "warning", span=2)
    if (mark := _mark(step, at, silent)) is not None:
        return title, mark
    estimate = Cell(about(step.estimate.typical_s) if step.estimate else "", "dim")
    return title, estimate, _time(step, at)


def _origin(step: StepState) -> str:
    return "" if step.origin == "plan" else f" ({step.origin})"


def _mark(step: StepState, at: datetime, silent: Silent | None) -> Cell | None:
    """Mark a running step that is late or silent for too long; `silent` None means that it ran in a copy."""
    if silent is None:
        return Cell("ran when copied", "warning", span=2) if step.state is StepStatus.RUNNING else None
    if forecast.is_late(step, at):
        return Cell(f"late {span_words(forecast.elapsed_s(step, at))}", "warning", span=2)
    since = silent.get(step.number) if step.state is StepStatus.RUNNING else None
    return Cell(f"silent {span_words((at - since).total_seconds())}", "warning", span=2) if since is not None else None


def _time(step: StepState, at: datetime) -> Cell:
    if step.state is StepStatus.RUNNING:
        return Cell(span_words(forecast.elapsed_s(step, at)), "running")
    took = forecast.took_s(step)
    return Cell(span_words(took) if took is not None and step.state is StepStatus.DONE else "")


def counts(backout: Backout) -> tuple[str, str]:
    """How many of the steps are settled, and whether one failed or is in doubt."""
    settled, of_all = done_of(backout)
    said = f"{settled} of {of_all}" if of_all else "no steps"
    trouble = next((one for one in (StepStatus.IN_DOUBT, StepStatus.FAILED) if backout.leaves_in(one)), None)
    return (said, "") if trouble is None else (f"{said}, {trouble.words}", "warning")
