"""The list: the backouts, with the open ones first, and the plans that a backout can be started from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from backout_tui.domain.plan.plan_line import PlanHead, PlanLine
from backout_tui.engine.listing import DAMAGED
from backout_tui.local_zone import why_utc
from backout_tui.ui.desk import list_rows
from backout_tui.ui.desk.desk_keys import offered
from backout_tui.ui.desk.desk_screen import DeskScreen
from backout_tui.ui.desk.office import Listing, Office, listed, read_plans, version
from backout_tui.ui.dialogs.tell import Tell
from backout_tui.ui.widgets.columns import Column, Row, matching
from backout_tui.ui.widgets.lazy_rows import LazyRows
from backout_tui.ui.widgets.row_list import RowList
from backout_tui.ui.widgets.title_line import TitleLine

NOTHING_HELD = "Nothing holds that. Esc shows all again."
"""The text in a list that a filter leaves empty."""


class ListPart(Vertical):
    """One of the two lists under its title."""

    def __init__(self, name: str, title: str, columns: Sequence[Column], empty: str) -> None:
        """Name it `name`."""
        super().__init__(id=name)
        self.title, self.empty = title, empty
        self.line, self.list = TitleLine(title), RowList(columns, empty=empty, classes="rows")

    def compose(self) -> ComposeResult:
        """The title over the list."""
        yield self.line
        yield self.list

    def show(self, rows: Sequence[Row], counts: str) -> None:
        """Show the rows, and how many there are."""
        self.list.empty = NOTHING_HELD if counts.startswith("/") else self.empty
        self.list.show(rows)
        self.line.say(self.title, counts)


class ListScreen(DeskScreen):
    """Shows backouts and plans. `chosen` is the backout to open once the app has ended; None when the person left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", show=False, priority=True),
        Binding("s", "start", "Start", show=False, priority=True),
        Binding("n", "start_without_plan", "Start without a plan", show=False, priority=True),
        Binding("p", "new_plan", "New plan", show=False, priority=True),
        Binding("f", "find_near", "Find a plan for a release", show=False, priority=True),
        Binding("i", "import", "Import a plan", show=False, priority=True),
        Binding("c", "copy", "Copy the plan", show=False, priority=True),
        Binding("tab,shift+tab", "other", "The other list", show=False, priority=True),
        Binding("1", "go_to('backouts')", "Backouts", show=False, priority=True),
        Binding("2", "go_to('plans')", "Plans", show=False, priority=True),
        Binding("slash", "filter", "Filter", show=False, priority=True),
        Binding("q", "leave", "Leave", show=False, priority=True),
        Binding("escape", "show_all", "All rows again", show=False, priority=True),
    ]
    OPENS_A_FIELD = frozenset({"n", "p", "slash", "f", "i"})
    KEYS = offered("The list")

    def __init__(self, office: Office, first: Listing, now: Callable[[], datetime]) -> None:
        """Show `first`; `now` gives the time in the operator's zone."""
        super().__init__(office, now)
        self.listing = first
        self.chosen: int | None = None
        self.text = ""
        self._version: int | None = None
        self._is_reading = False
        self.backouts = ListPart("backouts", "1 Backouts", list_rows.BACKOUTS, list_rows.NO_BACKOUTS)
        self.plans = ListPart("plans", "2 Plans", list_rows.PLANS, list_rows.NO_PLANS)

    def compose(self) -> ComposeResult:
        """The two lists and the keys."""
        yield self.backouts
        yield self.plans
        yield self.keys_line

    def on_mount(self) -> None:
        """Show the listing, and look every second whether somebody else changed it."""
        self.be_quiet()
        self.renew()
        self.action_go_to("plans" if self.listing.plans and not self.listing.backouts else "backouts")
        self.watch(self.plans.list, "scroll_y", self._look_into_view, init=False)
        self.set_interval(1.0, self._look)
        if words := why_utc():
            self.say(f"{words}.", warning=True)

    def on_resize(self) -> None:
        """Read the plans that have come into view."""
        self.call_after_refresh(self._look_into_view)

    def renew(self) -> None:
        """Show the listing as it is now."""
        at, text, found = self.now(), self.text, self.listing
        rows = LazyRows(found.backouts, lambda line: list_rows.backout_row(line, at))
        shown = matching(rows, text) if text else rows
        count = sum(line.phase not in ("closed", DAMAGED) for line in found.backouts)
        self.backouts.show(shown, _held(text, shown, len(rows)) or f"{count} open of {len(rows)}")
        plans = LazyRows(found.plans, list_rows.plan_row)
        self.plans.show(plans, _held(text, plans, found.of) or str(found.of))
        self.call_after_refresh(self._look_into_view)

    def _look(self) -> None:
        self.run_worker(self._renew_if_changed(), group="look", exclusive=True)

    async def _renew_if_changed(self) -> None:
        before, self._version = self._version, await self.do(version)
        if before not in (None, self._version):
            await self.look_again()

    async def look_again(self) -> None:
        """Read the listing again and show it."""
        if (found := await self.do(listed, self.text, self.plans.list.in_view)) is not None:
            self.listing = found
            self.renew()

    @property
    def _unread(self) -> list[PlanHead]:
        """The plans in view that have not been read yet."""
        view = self.plans.list.in_view
        return [plan for plan in self.listing.plans[view.start : view.stop] if not isinstance(plan, PlanLine)]

    def _look_into_view(self) -> None:
        if self._unread and not self._is_reading:
            self._is_reading = True
            self.run_worker(self._read_view(), group="view")

    async def _read_view(self) -> None:
        """Read the plans in view; plans that were scrolled past meanwhile are not read."""
        read = await self.do(read_plans, self._unread)
        self._is_reading = False
        if read:
            self.listing = self.listing.with_read(read)
            self.renew()

    # ── keys ──────────────────────────────────────────────────────────────────────────────────────────────────────────

    def leave_for(self, backout_id: int) -> None:
        """End this app; its caller opens the backout."""
        self.chosen = backout_id
        self.app.exit(0)

    @property
    def under_cursor(self) -> tuple[str, int] | None:
        """Return what the cursor is on: ("backout" | "plan", its id)."""
        part = self.plans if self.plans.list.has_focus else self.backouts
        kind, _, number = (part.list.cursor_key or "").partition(":")
        return (kind, int(number)) if number else None

    def action_open(self) -> None:
        """Open a backout's dashboard, or a plan's text."""
        kind, number = self.under_cursor or ("", 0)
        if kind == "backout" and (why := self._damaged(number)):
            self.app.push_screen(
                Tell("This backout cannot be read", f"{why}\n\n{list_rows.WHAT_TO_DO}", tone="warning")
            )
        elif kind == "backout":
            self.leave_for(number)
        elif kind == "plan":
            from backout_tui.ui.desk.actions.plan_actions import show_plan

            show_plan(self, number)

    def _damaged(self, number: int) -> str:
        return next((line.damaged for line in self.listing.backouts if line.id == number), "")

    def action_start(self) -> None:
        """Start a backout of the plan under the cursor."""
        from backout_tui.ui.desk.actions.start_actions import start_plan

        kind, number = self.under_cursor or ("", 0)
        if kind == "plan":
            start_plan(self, number)
        else:
            self.say("Go to the plans (2) and put the cursor on one; n starts without a plan.", warning=True)

    def action_start_without_plan(self) -> None:
        """Start a backout without a plan."""
        from backout_tui.ui.desk.actions.start_actions import start_without_plan

        start_without_plan(self)

    def action_new_plan(self) -> None:
        """Start a new plan with the nine questions."""
        from backout_tui.ui.desk.actions.question_actions import new_plan

        new_plan(self)

    def action_find_near(self) -> None:
        """Look for a plan that a release can reuse."""
        from backout_tui.ui.desk.actions.plan_actions import find_near

        find_near(self)

    def action_import(self) -> None:
        """Read a plan from a file."""
        from backout_tui.ui.desk.actions.file_actions import import_plan

        import_plan(self)

    def action_copy(self) -> None:
        """Copy the plan under the cursor for another release."""
        from backout_tui.ui.desk.actions.plan_actions import copy_plan, show_plan

        kind, number = self.under_cursor or ("", 0)
        if kind == "plan":
            copy_plan(self, str(number), lambda made: show_plan(self, made))
        else:
            self.say("Go to the plans (2) and put the cursor on the one to copy.", warning=True)

    def action_filter(self) -> None:
        """Show only the rows that contain a text."""
        from backout_tui.ui.desk.actions.start_actions import filter_list

        filter_list(self)

    def action_show_all(self) -> None:
        """Show all rows again; on an unfiltered list Esc does not leave."""
        if self.text:
            self.text = ""
            self.work(self.look_again())
        else:
            self.say("q leaves.")

    def action_other(self) -> None:
        """Go to the other list."""
        self.action_go_to("backouts" if self.plans.list.has_focus else "plans")

    def action_go_to(self, name: str) -> None:
        """Go to one of the two lists."""
        self.query_one(f"#{name}", ListPart).list.focus()

    def action_leave(self) -> None:
        """Leave."""
        self.app.exit(0)


def _held(text: str, shown: Sequence[Row], of: int) -> str:
    """How many rows contain `text`; "" without a filter."""
    return f"/{text}: {len(shown)} of {of}" if text else ""
