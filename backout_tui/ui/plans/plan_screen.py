"""One plan: how ready it is, what people said about it, its text; and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from backout_tui.ui.actions import planning
from backout_tui.ui.actions.editing import edit_plan
from backout_tui.ui.actions.starting import start_plan
from backout_tui.ui.desk_keys import offered
from backout_tui.ui.desk_screen import DeskScreen
from backout_tui.ui.panes.pane import TitleLine
from backout_tui.ui.plans import seen as desk_work
from backout_tui.ui.plans.plan_lines import plan_lines
from backout_tui.ui.plans.seen import PlanSeen
from backout_tui.ui.text_view import TextView

if TYPE_CHECKING:
    from backout_tui.ui.list_screen import ListScreen


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

    def on_mount(self) -> None:
        """Show what was seen."""
        self.be_quiet()
        self.text.focus()
        self.renew(self.seen)

    def on_screen_resume(self) -> None:
        """Back from another screen: what was done there shows. Textual calls the handlers above by itself."""
        if self.is_mounted:
            self.work(self.look_again())

    def renew(self, seen: PlanSeen) -> None:
        """Show the plan as it is now."""
        self.seen = seen
        self.line.say(seen.title, seen.place)
        self.text.show(plan_lines(seen, self.now().tzinfo))

    async def look_again(self) -> None:
        """Read it again."""
        if (seen := await self.do(desk_work.look, self.seen.number)) is not None and seen.found != self.seen.found:
            self.renew(seen)

    def action_back(self) -> None:
        """Leave."""
        self.dismiss()

    def action_review(self) -> None:
        """Confirm, edit or drop its items."""
        planning.review(self)

    def action_check(self) -> None:
        """What is wrong with it."""
        planning.check(self)

    def action_compare(self) -> None:
        """What it changes."""
        planning.compare(self)

    def action_edit(self) -> None:
        """In the operator's editor."""
        self.work(self._edit())

    async def _edit(self) -> None:
        if await edit_plan(self, self.seen.number):
            await self.look_again()

    def action_copy(self) -> None:
        """For another release."""
        planning.copy_plan(self, self.seen.number, self._show_copy)

    def _show_copy(self, number: int) -> None:
        self.dismiss()
        planning.show_plan(self.home, number)

    def action_approve(self) -> None:
        """Fix this text."""
        planning.approve(self)

    def action_export(self) -> None:
        """Write it to a file."""
        from backout_tui.ui.actions.files import export_plan

        export_plan(self)

    def action_fold_back(self) -> None:
        """What a backout departed in, taken over or dismissed."""
        from backout_tui.ui.actions.folding_back import fold_back_into

        fold_back_into(self)

    def action_start(self) -> None:
        """Start a backout of it."""
        self.dismiss()
        start_plan(self.home, int(self.seen.number))
