"""The pane of the problems: what went wrong."""

from __future__ import annotations

from backout_tui.domain.backout.choices import ProblemStatus, Severity
from backout_tui.domain.backout.state import Backout, Problem
from backout_tui.ui.night.panes.pane import Contents, Pane
from backout_tui.ui.night.situation import Item
from backout_tui.ui.widgets.columns import Cell, Column, Row
from backout_tui.ui.widgets.glyphs import glyph


def rows(backout: Backout) -> list[Row]:
    """Every problem; the open ones stand out."""
    return [row(problem) for problem in backout.problems]


def row(problem: Problem) -> Row:
    """`! P1 5xx on /charge  critical  payments lead`."""
    if problem.status is ProblemStatus.RESOLVED:
        return Row(
            problem.id, (Cell(glyph("done"), "done"), problem.id, problem.title, "resolved", problem.assignee), "dim"
        )
    assignee = Cell(problem.assignee) if problem.assignee else Cell("unassigned", "warning")
    severity = Cell(problem.severity, "failed" if problem.severity is Severity.CRITICAL else "")
    return Row(problem.id, (Cell(glyph("problem"), "failed"), problem.id, problem.title, severity, assignee))


def counts(backout: Backout) -> tuple[str, str]:
    """How many are open, and the tone of that count."""
    open_ones = [problem for problem in backout.problems if problem.status is not ProblemStatus.RESOLVED]
    if not backout.problems:
        return "none yet", ""
    unassigned = sum(not problem.assignee for problem in open_ones)
    said = f"{len(open_ones)} open" if open_ones else "all resolved"
    return f"{said}, {unassigned} unassigned" if unassigned else said, "warning" if unassigned else ""


class ProblemsPane(Pane):
    """Shows the problems: what went wrong."""

    NAME, HEADING = "problems", "1 Problems"
    COLUMNS = (Column(1), Column(3), Column(0), Column(8, drop=2), Column(18, drop=1))
    EMPTY = "No problem is logged yet. p logs one; a title is enough."

    def contents(self) -> Contents:
        """Every problem."""
        return Contents(rows(self.backout), *counts(self.backout))

    def item_of(self, key: str) -> Item:
        """Return the problem of that row."""
        return "problem", key
