"""Backouts and plans as rows of the list. Pure."""

from __future__ import annotations

from datetime import datetime

from backout_tui.domain.plan.plan_line import OPEN, PlanHead, PlanLine
from backout_tui.engine.listing import BackoutLine
from backout_tui.ui.widgets.columns import Cell, Column, Row
from backout_tui.ui.widgets.glyphs import glyph

BACKOUTS = (
    Column(1),
    Column(4, right=True),
    Column(0),
    Column(13),
    Column(12, drop=1),
    Column(8, drop=2),
)
PLANS = (Column(1), Column(4, right=True), Column(0), Column(9, drop=2), Column(13, drop=1))
NO_BACKOUTS = "No backout yet. s starts one from a plan, n without one."
NO_PLANS = "No plan yet. p begins one; or import it: backout-tui plan import FILE"


WHAT_TO_DO = (
    "Nothing is recorded in it from here. `backout-tui verify` with its number names what is wrong; a copy from before"
    " lies beside the database, in its folder, under backups. All other backouts can be opened."
)
"""What a person reads who wants to open a damaged backout."""


def backout_row(line: BackoutLine, at: datetime) -> Row:
    """`▶ 3 payments-api 4.12.0 → 4.11.3 · production  backing out  22 Nov 03:00  sam`."""
    back = f" → {line.returns_to}" if line.returns_to else ""
    if line.damaged:
        return _damaged_row(line)
    is_open = line.phase != "closed"
    mode = "" if line.mode == "live" else "rehearsal · "
    state = line.outcome or line.phase.replace("_", " ")
    cells = (
        Cell(glyph("running" if is_open else "done"), "running" if is_open else "dim"),
        Cell(str(line.id), "strong" if is_open else ""),
        f"{mode}{line.release}{back}{' · ' if line.environment else ''}{line.environment}",
        Cell(state, "warning" if is_open else "" if state == "backed-out" else "dim"),
        Cell(_opened(line.opened_at, at), "dim"),
        line.operator,
    )
    return Row(f"backout:{line.id}", cells, "" if is_open else "dim")


def _opened(opened_at: datetime | None, at: datetime) -> str:
    if opened_at is None:
        return ""
    when = opened_at.astimezone(at.tzinfo)
    if when.date() == at.date():
        return f"{when:%H:%M}"
    return f"{when:%d %b %H:%M}" if when.year == at.year else f"{when:%Y-%m-%d}"


def _damaged_row(line: BackoutLine) -> Row:
    """`! 3 damaged at event 7 of backout 3: ...`: it cannot be opened, but the others can."""
    cells = (
        Cell(glyph("failed"), "failed"),
        Cell(str(line.id), "strong"),
        Cell(f"{line.release}{': ' if line.release else ''}{line.damaged}", "failed"),
        Cell(line.phase, "failed"),
        "",
        "",
    )
    return Row(f"backout:{line.id}", cells)


def plan_row(plan: PlanHead) -> Row:
    """`○ 7 payments-api 4.12.0 · production  1234·67·9  approved`; what has not been read yet stays blank."""
    name = f"{plan.name} {plan.version}".strip() or (plan.title if isinstance(plan, PlanLine) else "")
    known = _known(plan) if isinstance(plan, PlanLine) else (Cell("…", "dim"), Cell("", "dim"))
    release = f"{name}{' · ' if plan.environment else ''}{plan.environment}"
    return Row(f"plan:{plan.id}", (glyph("pending"), str(plan.id), release, *known))


def _known(line: PlanLine) -> tuple[Cell, Cell]:
    """The questions that the plan answers, and how far it can be trusted."""
    answers = Cell(line.answers, "warning" if OPEN in line.answers else "")
    return answers, Cell(line.state, "done" if line.state == "approved" else "warning")
