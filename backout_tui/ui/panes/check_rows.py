"""The checks as rows."""

from __future__ import annotations

from datetime import datetime

from backout_tui.domain.backout import Backout
from backout_tui.domain.items import CheckState
from backout_tui.ui.glyphs import glyph
from backout_tui.ui.rows import Cell, Column, Row

COLUMNS = (Column(1), Column(2), Column(0), Column(18, drop=1), Column(5, right=True, drop=2))
EMPTY = "The plan has no checks. Say at the end how you know that it worked."

_SIGNS = {"pass": ("done", "done"), "fail": ("failed", "failed"), "inconclusive": ("in_doubt", "doubt")}


def row(check: CheckState, at: datetime) -> Row:
    """`✔ B pods ready   pass   03:40`."""
    last = check.observations[-1] if check.observations else None
    when = last.at.astimezone(at.tzinfo).strftime("%H:%M") if last is not None else ""
    if check.running:
        return Row(check.id, (Cell(glyph("running"), "running"), check.id, check.title, Cell("running", "running"), ""))
    if check.verdict:
        sign, tone = _SIGNS[check.verdict]
        return Row(
            check.id, (Cell(glyph(sign), tone), check.id, check.title, Cell(check.verdict, tone), Cell(when, "dim"))
        )
    kind = "you look" if check.kind == "manual" else check.kind
    said = kind if check.required else f"{kind}, optional"
    return Row(check.id, (glyph("pending"), check.id, check.title, Cell(said, "dim"), ""))


def counts(backout: Backout) -> tuple[str, str]:
    """How many of how many have passed, and whether one failed."""
    verdicts = [check.verdict for check in backout.checks.values()]
    failed = verdicts.count("fail")
    said = f"{verdicts.count('pass')} of {len(verdicts)} passed" if verdicts else "none"
    return (f"{said}, {failed} failed", "warning") if failed else (said, "")
