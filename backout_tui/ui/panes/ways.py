"""The plan's lines: its steps, and above them what they belong to, the exclusive options and the phases. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from backout_tui.domain.backout import Backout
from backout_tui.domain.clock import NOT_SILENT, Silent
from backout_tui.domain.items import StepState
from backout_tui.domain.remembered import once_for_steps
from backout_tui.domain.ways import folded_words, is_folded
from backout_tui.ui.panes import step_rows
from backout_tui.ui.rows import Cell, Row

_OF = "of:"
"""How the key of a heading begins; no step's number holds a colon."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What the steps below it belong to. `first` is the number of the first of them."""

    text: str
    first: str
    tone: str = "strong"


@once_for_steps
def plan_lines(backout: Backout) -> list[StepState | Heading]:
    """Every step in order, with a heading wherever another option or phase begins; one line for what is folded away."""
    return unfolded_lines(backout, frozenset())


def unfolded_lines(backout: Backout, unfolded: Collection[str]) -> list[StepState | Heading]:
    """The same, with the steps of the options `unfolded`, although they were not chosen."""
    lines: list[StepState | Heading] = []
    before = ("", "")
    for step in backout.steps.values():
        belongs = (step.option, step.phase)
        if belongs != before:
            lines.extend(_heading(backout, step))
            before = belongs
        if not is_folded(backout, step) or step.option in unfolded:
            lines.append(step)
    return lines


def row(line: StepState | Heading, at: datetime, silent: Silent = NOT_SILENT) -> Row:
    """A step as `step_rows` has it; a heading over the whole width."""
    if isinstance(line, StepState):
        return step_rows.row(line, at, silent)
    return Row(f"{_OF}{line.first}", ("", Cell(line.text, line.tone, span=4)), line.tone)


def option_under(backout: Backout, key: str | None) -> str:
    """The option that the heading of that key folds away; "" for any other row."""
    if key is None or not key.startswith(_OF):
        return ""
    step = backout.steps.get(step_of(key))
    return step.option if step is not None and is_folded(backout, step) else ""


def step_of(key: str) -> str:
    """The number of the step that a row's key stands for: a heading stands for the first step below it."""
    return key.removeprefix(_OF)


def _heading(backout: Backout, step: StepState) -> Iterator[Heading]:
    if is_folded(backout, step):
        yield Heading(folded_words(backout, step.option), step.number, "dim")
    elif step.option:
        said = "chosen" if backout.chosen_option else f"one of {len(backout.options)}, choose"
        yield Heading(f"Option {step.option} · {said}", step.number)
    elif step.phase:
        yield Heading(f"Phase: {step.phase}", step.number)
    elif backout.options:
        yield Heading("Whichever option", step.number)
