"""One plan: how ready it is, what people said about it, its text, and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from backout_tui.ui.desk import plan_seen
from backout_tui.ui.desk.actions import plan_actions
from backout_tui.ui.desk.actions.edit_actions import edit_plan
from backout_tui.ui.desk.actions.start_actions import start_plan
from backout_tui.ui.desk.desk_keys import offered
from backout_tui.ui.desk.desk_screen import DeskScreen
from backout_tui.ui.desk.plan_lines import plan_lines
from backout_tui.ui.desk.plan_seen import PlanSeen
from backout_tui.ui.widgets.text_view import TextView
from backout_tui.ui.widgets.title_line import TitleLine

if TYPE_CHECKING:
    from backout_tui.ui.desk.list_screen import ListScreen


class PlanScreen(DeskScreen):
    """Shows a stored plan's newest revision."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "back", "Back", show=False, priority=True),
        Binding("r", "review", "Review", show=False, priority=True),
        Binding("v", "check", "Check", show=False, priority=True),
        Binding("equals_sign", "compare", "Changes", show=False, priority=True),
        Binding("e", "edit", "Edit", show=False, priority=True),
        Binding("c", "copy", "Copy", show=False, priority=True),
        Binding("A", "approve", "Approve", show=False, priority=True),
        Binding("x", "export", "Export", show=False, priority=True),
        Binding("s", "start", "Start", show=False, priority=True),
        Binding("F", "fold_back", "Fold back", show=False, priority=True),
        Binding("H", "hand_over", "Hand over", show=False, priority=True),
    ]
    OPENS_A_FIELD = frozenset({"x"})
    KEYS = offered("A plan")

    def __init__(self, home: ListScreen, seen: PlanSeen) -> None:
        """Work at the desk of `home`, the list that it was opened from."""
        super().__init__(home.office, home.now)
        self.home, self.seen = home, seen
        self.line, self.text = TitleLine(), TextView(classes="rows")

    def compose(self) -> ComposeResult:
        """The title over the text."""
        yield self.line
        yield self.text
        yield self.keys_line

    @property
    def subject(self) -> str:
        """Return the plan that all dialogs here are about."""
        return f"plan {self.seen.number}"

    def on_mount(self) -> None:
        """Show the plan."""
        self.be_quiet()
        self.text.focus()
        self.renew(self.seen)

    def on_screen_resume(self) -> None:
        """Read the plan again after another screen. Textual calls the handlers of the classes above by itself."""
        if self.is_mounted:
            self.work(self.look_again())

    def renew(self, seen: PlanSeen) -> None:
        """Show the plan as it is now."""
        self.seen = seen
        self.line.say(seen.title, seen.place)
        self.text.show(plan_lines(seen, self.now().tzinfo))

    async def look_again(self) -> None:
        """Read the plan again."""
        if (seen := await self.do(plan_seen.look, self.seen.number)) is not None and seen.found != self.seen.found:
            self.renew(seen)

    def action_back(self) -> None:
        """Leave."""
        self.dismiss()

    def action_review(self) -> None:
        """Confirm, edit or drop its items."""
        plan_actions.review(self)

    def action_check(self) -> None:
        """Show what is wrong with the plan."""
        plan_actions.check(self)

    def action_compare(self) -> None:
        """Show what the plan changes."""
        plan_actions.compare(self)

    def action_edit(self) -> None:
        """Edit the plan in the operator's editor."""
        self.work(self._edit())

    async def _edit(self) -> None:
        if await edit_plan(self, self.seen.number):
            await self.look_again()

    def action_copy(self) -> None:
        """Copy the plan for another release."""
        plan_actions.copy_plan(self, self.seen.number, self._show_copy)

    def _show_copy(self, number: int) -> None:
        self.dismiss()
        plan_actions.show_plan(self.home, number)

    def action_approve(self) -> None:
        """Approve this text."""
        plan_actions.approve(self)

    def action_export(self) -> None:
        """Write the plan to a file."""
        from backout_tui.ui.desk.actions.file_actions import export_plan

        export_plan(self)

    def action_fold_back(self) -> None:
        """Fold back or dismiss a backout's deviations."""
        from backout_tui.ui.desk.actions.fold_back_into import fold_back_into

        fold_back_into(self)

    def action_start(self) -> None:
        """Start a backout of this plan."""
        self.dismiss()
        start_plan(self.home, int(self.seen.number))

    def action_hand_over(self) -> None:
        """Say to whom the plan was handed over, and who accepted it."""
        plan_actions.hand_over(self)
