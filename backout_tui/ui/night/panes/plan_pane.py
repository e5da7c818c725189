"""The pane of the steps that take the release back out."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from msgspec import Struct
from textual.reactive import reactive

from backout_tui.domain.backout.items import StepState
from backout_tui.domain.backout.order import folded_words, is_folded
from backout_tui.domain.backout.remembered import once_for_steps
from backout_tui.domain.backout.runs import ALL_IN_REACH, Away
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.clock.forecast import NOT_SILENT, Silent
from backout_tui.domain.values import replace
from backout_tui.ui.night.panes import step_rows
from backout_tui.ui.night.panes.pane import Contents, Pane
from backout_tui.ui.night.situation import Item
from backout_tui.ui.widgets.columns import Cell, Row
from backout_tui.ui.widgets.lazy_rows import LazyRows


class PlanPane(Pane):
    """Shows the steps that take the release back out."""

    NAME, HEADING = "plan", "2 Plan"
    COLUMNS, EMPTY = step_rows.COLUMNS, step_rows.EMPTY

    away: reactive[Away] = reactive(ALL_IN_REACH, init=False, repaint=False)
    """The running commands that cannot be asked from here."""
    silent: reactive[Silent] = reactive(NOT_SILENT, init=False, repaint=False)
    """The steps that have printed nothing for too long."""

    def __init__(self) -> None:
        """Begin with every unchosen option folded away."""
        super().__init__()
        self._unfolded: frozenset[str] = frozenset()

    def watch_silent(self) -> None:
        """A step fell silent, or printed something again."""
        self.renew()

    def watch_away(self) -> None:
        """A command went out of reach, or came back."""
        self.renew()

    def contents(self) -> Contents:
        """Every step, made into a row when it comes into view, below the heading of its option or phase."""
        at, silent, away = self.at, self.silent, self.away
        shown = frozenset(self.backout.options) if self.filter else self._unfolded
        lines = unfolded_lines(self.backout, shown) if shown else plan_lines(self.backout)
        copied = self.backout.copied
        judged = self.backout.verdict.event if self.backout.verdict is not None else 0
        rows = LazyRows(lines, lambda line: row(line, at, silent, away, copied=copied, judged=judged))
        return Contents(rows, *step_rows.counts(self.backout))

    def enter(self) -> bool:
        """Unfold the unchosen option under the cursor, or fold it away again."""
        option = option_under(self.backout, self.list.cursor_key)
        if option:
            self._unfolded ^= {option}
            self.renew()
        return bool(option)

    def item_of(self, key: str) -> Item:
        """Return the step of that row; a heading stands for the first step below it."""
        return "step", step_of(key)


_OF = "of:"
"""The start of a heading's key; no step number contains a colon."""


class Heading(Struct, frozen=True):
    """What the steps below it belong to. `first` is the number of the first of them."""

    text: str
    first: str
    tone: str = "strong"


@once_for_steps
def plan_lines(backout: Backout) -> list[StepState | Heading]:
    """Every step in order, with a heading wherever another option or phase begins; a folded option is one line."""
    return unfolded_lines(backout, frozenset())


def unfolded_lines(backout: Backout, unfolded: Collection[str]) -> list[StepState | Heading]:
    """The same, with the steps of the `unfolded` options although they were not chosen."""
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


def row(
    line: StepState | Heading,
    at: datetime,
    silent: Silent = NOT_SILENT,
    away: Away = ALL_IN_REACH,
    *,
    copied: bool = False,
    judged: int = 0,
) -> Row:
    """A row for a step as in `step_rows`, or a heading over the whole width; `judged` is the event of the verdict."""
    if isinstance(line, StepState):
        if 0 < judged < line.ran:
            line = replace(line, title=f"{line.title} · after the verdict")
        return step_rows.row(line, at, silent, away, copied=copied)
    return Row(f"{_OF}{line.first}", ("", Cell(line.text, line.tone, span=4)), line.tone)


def option_under(backout: Backout, key: str | None) -> str:
    """The option that the heading with that key folds away; "" for any other row."""
    if key is None or not key.startswith(_OF):
        return ""
    step = backout.steps.get(step_of(key))
    return step.option if step is not None and is_folded(backout, step) else ""


def step_of(key: str) -> str:
    """The number of the step that a row's key stands for; a heading stands for the first step below it."""
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
