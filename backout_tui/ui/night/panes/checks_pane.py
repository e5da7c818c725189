"""The pane of the checks: whether the backout worked."""

from __future__ import annotations

from datetime import datetime

from textual.reactive import reactive

from backout_tui.domain.backout.items import CheckState, StepState
from backout_tui.domain.backout.runs import ALL_IN_REACH, Away
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import CheckVerdict
from backout_tui.domain.moments import day
from backout_tui.domain.plan.plan import CheckKind
from backout_tui.domain.rules.afterwards import older_words, ran_since_passed
from backout_tui.ui.night.panes import looks
from backout_tui.ui.night.panes.pane import Contents, Pane
from backout_tui.ui.night.situation import Item
from backout_tui.ui.widgets.columns import Cell, Column, Row
from backout_tui.ui.widgets.glyphs import glyph


def row(
    check: CheckState,
    at: datetime,
    away: Away = ALL_IN_REACH,
    *,
    copied: bool = False,
    since: tuple[StepState, ...] = (),
) -> Row:
    """`✔ B pods ready   pass   03:40`; `since` are the steps that ran after it passed."""
    last = check.observations[-1] if check.observations else None
    when = f"{last.at.astimezone(at.tzinfo):%H:%M}" if last is not None else ""
    if (running := check.attempt) is not None and check.running:
        beyond = away.get(running.intent)
        now = Cell("ran when copied" if copied else "running", "running")
        mark = now if beyond is None else Cell("out of reach", "warning")
        title = check.title if beyond is None else f"{check.title} · runs on {beyond.host}"
        return Row(check.id, (Cell(glyph("running"), "running"), check.id, title, mark, ""))
    look = looks.CHECK[check.verdict]
    if look.words:
        said = f"{look.words} {day(last.at, at)}".rstrip() if last is not None else look.words
        sign, word = Cell(glyph(look.sign), look.tone), Cell(said, look.tone)
        if since:
            older = older_words(since) if len(since) == 1 else f"older than {len(since)} steps"
            sign, word = Cell(glyph(look.sign), "warning"), Cell(older, "warning")
        return Row(check.id, (sign, check.id, check.title, word, Cell(when, "dim")))
    kind = "you look" if check.kind is CheckKind.MANUAL else check.kind
    said = kind if check.required else f"{kind}, optional"
    return Row(check.id, (glyph(look.sign), check.id, check.title, Cell(said, "dim"), ""))


def counts(backout: Backout) -> tuple[str, str]:
    """How many of the checks have passed, and whether one failed; in a rehearsal nothing passes."""
    verdicts = [check.verdict for check in backout.checks.values()]
    failed = verdicts.count(CheckVerdict.FAIL)
    word = "passed" if backout.live else "gone through"
    said = f"{verdicts.count(CheckVerdict.PASS)} of {len(verdicts)} {word}" if verdicts else "none"
    return (f"{said}, {failed} failed", "warning") if failed else (said, "")


class ChecksPane(Pane):
    """Shows the checks: whether the backout worked."""

    NAME, HEADING = "checks", "3 Verification"
    COLUMNS = (Column(1), Column(2), Column(0), Column(19, drop=1), Column(5, right=True, drop=2))
    EMPTY = "The plan has no checks. Say at the end how you know that it worked."

    away: reactive[Away] = reactive(ALL_IN_REACH, init=False, repaint=False)
    """The running commands that cannot be asked from here."""

    def watch_away(self) -> None:
        """A command went out of reach, or came back."""
        self.renew()

    def contents(self) -> Contents:
        """Every check."""
        copied = self.backout.copied
        rows = [
            row(one, self.at, self.away, copied=copied, since=ran_since_passed(self.backout, one))
            for one in self.backout.checks.values()
        ]
        return Contents(rows, *counts(self.backout))

    def item_of(self, key: str) -> Item:
        """Return the check of that row."""
        return "check", key
