"""What the check finds wrong with a plan; each finding says how to fix it, in the editor or by silencing it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from backout_tui.domain.checking.finding import Finding
from backout_tui.domain.checking.rules import by_name
from backout_tui.engine import plans
from backout_tui.engine.desk import Desk
from backout_tui.engine.planning import silencing
from backout_tui.ui.desk import plan_seen
from backout_tui.ui.desk.actions.edit_actions import edit_plan
from backout_tui.ui.desk.desk_keys import offered
from backout_tui.ui.desk.plan_seen import PlanSeen
from backout_tui.ui.desk.two_parts import TwoParts
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.fields import TextField
from backout_tui.ui.widgets.columns import Cell, Column, Row
from backout_tui.ui.widgets.glyphs import glyph
from backout_tui.ui.widgets.text_view import Line

if TYPE_CHECKING:
    from backout_tui.ui.desk.list_screen import ListScreen

COLUMNS = (Column(1), Column(5, right=True, drop=2), Column(18), Column(0))
_TONE = {"error": "failed", "warning": "warning", "silenced": "dim"}
_MARK = {"error": "failed", "warning": "problem", "silenced": "not_needed"}
NOTHING = "The check finds nothing wrong."


def finding_row(key: str, one: Finding, state: str) -> Row:
    """`✘ 37 step 2  it names 4.10.1, ...`; `state` is error, warning or silenced."""
    tone = _TONE[state]
    cells = (
        Cell(glyph(_MARK[state]), tone),
        Cell(str(one.line) if one.line else "", "dim"),
        one.item or "the plan",
        Cell(one.message, "dim" if state == "silenced" else ""),
    )
    return Row(key, cells)


class FindingsScreen(TwoParts):
    """Lists the errors, the warnings and what is silenced; below, it shows one in full with its lines of the plan."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "back", "Back", show=False, priority=True),
        Binding("e", "edit", "Edit", show=False, priority=True),
        Binding("s", "silence", "Silence", show=False, priority=True),
        Binding("L", "live", "Ask links and programs too", show=False, priority=True),
    ]
    OPENS_A_FIELD = frozenset({"s"})
    KEYS = offered("The check of a plan")

    def __init__(self, home: ListScreen, seen: PlanSeen) -> None:
        """Show what was found in the plan that was `seen`."""
        super().__init__(home, COLUMNS, NOTHING)
        self.seen, self.live = seen, False

    @property
    def subject(self) -> str:
        """Return the plan that all dialogs here are about."""
        return f"plan {self.seen.number}"

    def on_mount(self) -> None:
        """Show the findings."""
        self.renew(self.seen)

    def renew(self, seen: PlanSeen) -> None:
        """Show the findings as they are now."""
        self.seen = seen
        checked = seen.checked
        rows = [finding_row(str(at), one, one.severity) for at, one in enumerate(checked.findings)]
        rows.sort(key=lambda row: checked.findings[int(row.key)].severity)  # errors come before warnings
        rows += [finding_row(f"silenced {at}", one.finding, "silenced") for at, one in enumerate(checked.silenced)]
        silenced = f" · {len(checked.silenced)} silenced" if checked.silenced else ""
        counts = f"{len(checked.findings)} to mend{silenced}" if checked.findings else f"nothing wrong{silenced}"
        live = " · links and programs asked" if self.live else ""
        self.show(f"Check · {seen.title}{live}", counts, rows, "" if checked.ok else "warning")

    def whole(self, key: str) -> tuple[str, Sequence[Line]]:
        """One finding: what is wrong, what the rule is for, and the line that it is about."""
        silenced = key.startswith("silenced")
        at = int(key.rpartition(" ")[2])
        one = self.seen.checked.silenced[at].finding if silenced else self.seen.checked.findings[at]
        lines = [Line(one.message, "" if silenced else _TONE[one.severity]), Line("")]
        if silenced:
            lines += [Line(f"Silenced: {self.seen.checked.silenced[at].reason}"), Line("")]
        rule = by_name().get(one.rule)
        lines += [Line(f"{one.rule}: {rule.meaning}", "dim")] if rule is not None else []
        return f"{one.item or 'the plan'} · line {one.line}", [*lines, Line(""), *self._lines_about(one)]

    def _lines_about(self, one: Finding) -> list[Line]:
        text = self.seen.found.text.split("\n")
        near = range(max(1, one.line - 2), min(len(text), one.line + 2) + 1) if one.line else range(0)
        return [Line(f"{at:>5}  {text[at - 1]}", "strong" if at == one.line else "dim") for at in near]

    @property
    def finding(self) -> Finding | None:
        """The finding under the cursor; None without one, or for a silenced one."""
        key = self.list.cursor_key
        return self.seen.checked.findings[int(key)] if key is not None and key.isdecimal() else None

    # ── keys ──────────────────────────────────────────────────────────────────────────────────────────────────────────

    def action_edit(self) -> None:
        """Open the operator's editor at the finding, to fix it."""
        one = self.finding
        self.work(self._edit(one.line if one is not None else 0))

    async def _edit(self, line: int) -> None:
        if await edit_plan(self, self.seen.number, line=line):
            await self._look_again()

    def action_silence(self) -> None:
        """Ask why the finding is meant as it is, and silence it."""
        if (one := self.finding) is None:
            self.say("Put the cursor on a finding that is not silenced yet.", warning=True)
            return
        note = f"{one.rule} at {one.item or 'the plan'}: the reason is kept in the plan's own text, its next revision."
        dialog = Ask("Why is it meant?", [TextField("reason", "why", required=True)], note=note)
        dialog.subject = f"{self.subject}, {one.rule} at {one.item}, line {one.line}"
        self.ask(dialog, partial(self._silence, one))

    async def _silence(self, one: Finding, answers: dict[str, str]) -> None:
        work = partial(_silenced, number=self.seen.number, one=one, reason=answers["reason"], live=self.live)
        if (revision := await self.do(work)) is not None:
            await self._look_again()
            self.say(f"Silenced; stored as revision {revision}.")

    def action_live(self) -> None:
        """Also check the links and look for the programs, which takes a while."""
        self.live = True
        self.say("Asking the links, and looking for the programs ...")
        self.work(self._look_again())

    async def _look_again(self) -> None:
        seen = await self.do(plan_seen.look, self.seen.number, live=self.live)
        if seen is not None:
            self.renew(seen)
            self.be_quiet()


def _silenced(desk: Desk, *, number: str, one: Finding, reason: str, live: bool) -> int:
    return silencing.silence(desk, plans.find(desk, number), one.rule, one.item, reason, live=live).revision
