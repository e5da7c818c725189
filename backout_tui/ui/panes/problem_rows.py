"""The problems as rows."""

from __future__ import annotations

from backout_tui.domain.backout import Backout, Problem
from backout_tui.ui.glyphs import glyph
from backout_tui.ui.rows import Cell, Column, Row

COLUMNS = (Column(1), Column(3), Column(0), Column(8, drop=2), Column(18, drop=1))
EMPTY = "No problem is logged yet. p logs one; a title is enough."


def rows(backout: Backout) -> list[Row]:
    """Every problem; the open ones stand out."""
    return [row(problem) for problem in backout.problems]


def row(problem: Problem) -> Row:
    """`! P1 5xx on /charge  critical  payments lead`."""
    if problem.status == "resolved":
        return Row(
            problem.id, (Cell(glyph("done"), "done"), problem.id, problem.title, "resolved", problem.assignee), "dim"
        )
    assignee = Cell(problem.assignee) if problem.assignee else Cell("unassigned", "warning")
    severity = Cell(problem.severity, "failed" if problem.severity == "critical" else "")
    return Row(problem.id, (Cell(glyph("problem"), "failed"), problem.id, problem.title, severity, assignee))


def counts(backout: Backout) -> tuple[str, str]:
    """How many are open, and the tone of that."""
    open_ones = [problem for problem in backout.problems if problem.status != "resolved"]
    if not backout.problems:
        return "none yet", ""
    unassigned = sum(not problem.assignee for problem in open_ones)
    said = f"{len(open_ones)} open" if open_ones else "all resolved"
    return f"{said}, {unassigned} unassigned" if unassigned else said, "warning" if unassigned else ""
