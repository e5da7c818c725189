"""The steps as rows: what state each is in, how long it takes, why it is as it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from rich.cells import cell_len

from backout_tui.domain import clock, ways
from backout_tui.domain.backout import Backout
from backout_tui.domain.clock import NOT_SILENT, Silent
from backout_tui.domain.items import StepState, StepStatus
from backout_tui.domain.spans import estimate_words, span_words
from backout_tui.ui.glyphs import glyph
from backout_tui.ui.rows import Cell, Column, Row

COLUMNS = (Column(1), Column(4), Column(0), Column(6, right=True, drop=2), Column(7, right=True, drop=1))
EMPTY = "The plan has no steps. a adds one as you do it."

TONES = {
    StepStatus.DONE: "done",
    StepStatus.RUNNING: "running",
    StepStatus.FAILED: "failed",
    StepStatus.IN_DOUBT: "doubt",
    StepStatus.SKIPPED: "dim",
    StepStatus.WORKED_AROUND: "dim",
    StepStatus.NOT_NEEDED: "dim",
}
_SAID = {
    StepStatus.FAILED: "failed",
    StepStatus.IN_DOUBT: "IN DOUBT: what is true?",
    StepStatus.SKIPPED: "skipped",
    StepStatus.WORKED_AROUND: "worked around",
    StepStatus.NOT_NEEDED: "not needed",
}


def row(step: StepState, at: datetime, silent: Silent = NOT_SILENT) -> Row:
    """`▶ 4 Roll the deployment back   5m   0m43s`."""
    tone = TONES.get(step.state, "")
    indent = "  " if step.parent else ""
    sign = glyph(step.state.value)
    if step.state is StepStatus.PENDING and step.no_way_back is not None:
        sign, tone_sign = glyph("no_way_back"), "warning"
    else:
        tone_sign = tone
    dim = "dim" if tone == "dim" else ""
    return Row(step.number, (Cell(sign, tone_sign), *_named(step, indent, dim, at, silent)), dim)


def _named(step: StepState, indent: str, dim: str, at: datetime, silent: Silent) -> tuple[Cell, ...]:
    """The number in its column and what follows; one that is too long for it (`4[node-2]`) before the title."""
    first, *rest = _rest(step, indent, at, silent)
    if cell_len(step.number) <= COLUMNS[1].width:
        return Cell(step.number, dim), first, *rest
    return replace(first, text=f"{indent}{step.number} {first.text.removeprefix(indent)}", span=first.span + 1), *rest


def _rest(step: StepState, indent: str, at: datetime, silent: Silent) -> tuple[Cell, ...]:
    title = Cell(f"{indent}{step.title}{_origin(step)}", "strong" if step.kind == "group" else "")
    said = _SAID.get(step.state)
    if said is not None:
        why = f"{said}: {step.reason}" if step.reason and step.state is not StepStatus.IN_DOUBT else said
        return (Cell(f"{title.text} · {why}", TONES[step.state], span=3),)
    if step.state is StepStatus.PENDING and step.no_way_back is not None:
        return title, Cell("no way back", "warning", span=2)
    if (mark := _mark(step, at, silent)) is not None:
        return title, mark
    estimate = Cell(estimate_words(step.estimate.typical_s) if step.estimate else "", "dim")
    return title, estimate, _time(step, at)


def _origin(step: StepState) -> str:
    return "" if step.origin == "plan" else f" ({step.origin})"


def _mark(step: StepState, at: datetime, silent: Silent) -> Cell | None:
    """That a running step takes longer than its bad case, or has been silent for too long."""
    if clock.is_late(step, at):
        return Cell(f"late {span_words(clock.elapsed_s(step, at))}", "warning", span=2)
    since = silent.get(step.number) if step.state is StepStatus.RUNNING else None
    return Cell(f"silent {span_words((at - since).total_seconds())}", "warning", span=2) if since is not None else None


def _time(step: StepState, at: datetime) -> Cell:
    if step.state is StepStatus.RUNNING:
        return Cell(span_words(clock.elapsed_s(step, at)), "running")
    took = clock.took_s(step)
    return Cell(span_words(took) if took is not None and step.state is StepStatus.DONE else "")


def counts(backout: Backout) -> tuple[str, str]:
    """How many of how many are settled, and whether one failed or is in doubt."""
    settled, of_all = ways.done_of(backout)
    said = f"{settled} of {of_all}" if of_all else "no steps"
    trouble = next((one for one in (StepStatus.IN_DOUBT, StepStatus.FAILED) if backout.leaves_in(one)), None)
    return (said, "") if trouble is None else (f"{said}, {trouble.value.replace('_', ' ')}", "warning")
