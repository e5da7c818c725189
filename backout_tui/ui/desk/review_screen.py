"""The review of a reused plan: one key each confirms, edits or drops an inherited item."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from backout_tui.domain.experience.plan_history import Earlier, LastRun
from backout_tui.domain.plan.plan_items import WARNING, PlanItem
from backout_tui.engine.planning import reviewing
from backout_tui.engine.planning.history import History
from backout_tui.ui.desk import plan_seen
from backout_tui.ui.desk.actions.edit_actions import edit_plan
from backout_tui.ui.desk.desk_keys import offered
from backout_tui.ui.desk.plan_seen import PlanSeen
from backout_tui.ui.desk.review_rows import (
    COLUMNS,
    CONFIRMED,
    NEW,
    named,
    row_of,
    state_of,
    unchanged_sections,
    whole_lines,
)
from backout_tui.ui.desk.two_parts import TwoParts
from backout_tui.ui.dialogs.confirm import Confirm
from backout_tui.ui.widgets.text_view import Line

if TYPE_CHECKING:
    from backout_tui.ui.desk.list_screen import ListScreen

Past = tuple[tuple[Earlier, ...], LastRun | None]


class ReviewScreen(TwoParts):
    """Shows the items of a plan. It looks up an item's history when the cursor comes to it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "confirm", "Confirm", show=False, priority=True),
        Binding("e", "edit", "Edit", show=False, priority=True),
        Binding("d", "drop", "Drop", show=False, priority=True),
        Binding("y", "confirm", "Yes", show=False, priority=True),
        Binding("n", "deny", "No", show=False, priority=True),
        Binding("u", "take_back", "Take the last answer or drop back", show=False, priority=True),
        Binding("a", "confirm_unchanged", "Confirm all unchanged", show=False, priority=True),
        Binding("tab", "narrow", "All, or only what is open", show=False, priority=True),
    ]
    KEYS = offered("The review of a plan")

    def __init__(self, home: ListScreen, seen: PlanSeen) -> None:
        """Review the plan that was `seen`."""
        super().__init__(home, COLUMNS, "Nothing is left to confirm.")
        self.seen, self.only_open = seen, False
        self._history: History | None = None
        self._past: dict[str, Past] = {}

    @property
    def subject(self) -> str:
        """Return the plan that all dialogs here are about."""
        return f"plan {self.seen.number}"

    def on_mount(self) -> None:
        """Begin at the first item that is open."""
        self.renew(self.seen)
        if self.seen.found.unconfirmed:
            self.list.move_to_key(self.seen.found.unconfirmed[0].key)

    def renew(self, seen: PlanSeen) -> None:
        """Show the plan as it is now."""
        self.seen, self._history, self._past = seen, None, {}
        record, left = seen.found.record, len(seen.found.unconfirmed)
        shown = [item for item in seen.items if not self.only_open or state_of(record, item) not in (CONFIRMED, NEW)]
        count = f"{left} to confirm" if left else "nothing left to confirm"
        title = f"Review · {seen.title}"
        self.show(title, count, [row_of(seen, item) for item in shown], "warning" if left else "")
        self.run_worker(self._look_back(), group="past", exclusive=True)

    def whole(self, key: str) -> tuple[str, Sequence[Line]]:
        """The item in full."""
        item = next(one for one in self.seen.items if one.key == key)
        return f"{item.label} · {named(item)}", tuple(whole_lines(self.seen, item, self._past.get(key)))

    def on_row_list_row_highlighted(self) -> None:
        """Look up the history of the item under the cursor."""
        self.run_worker(self._look_back(), group="past", exclusive=True)

    async def _look_back(self) -> None:
        item = self.item
        if item is None or item.key in self._past:
            return
        history = self._history or await self.do(plan_seen.history, self.seen.found)
        self._history = history
        past = await self.do(plan_seen.told, history, item) if history is not None else None
        if past is not None:
            self._past[item.key] = past
            self.show_whole()

    @property
    def item(self) -> PlanItem | None:
        """The item under the cursor."""
        return next((one for one in self.seen.items if one.key == self.list.cursor_key), None)

    # ── keys ──────────────────────────────────────────────────────────────────────────────────────────────────────────

    def action_confirm(self) -> None:
        """Confirm that the item is right for this release."""
        if (item := self.item) is None:
            return
        state = state_of(self.seen.found.record, item)
        if state in (CONFIRMED, NEW):
            words = "is confirmed already" if state == CONFIRMED else "was written for this release: nothing to confirm"
            self.say(f"{item.label} {words}.")
        else:
            self.work(self._confirm(item))

    async def _confirm(self, item: PlanItem) -> None:
        by = await self.do(lambda desk: desk.actor.name)
        if by is None or await self.do(reviewing.confirm, self.seen.found, item, by) is None:
            return
        await self._look_again()
        self._go_on(item)
        errors = sum(one.severity == "error" for one in self.seen.findings_of(item))
        wrong = f", although the check finds {errors} error{'s' if errors != 1 else ''} in it" if errors else ""
        left = len(self.seen.found.unconfirmed)
        end = f"{left} left." if left else "everything is confirmed: the plan can be approved."
        self.say(f"{item.label} is confirmed{wrong}; {end}", warning=bool(wrong))

    def _go_on(self, item: PlanItem) -> None:
        """Put the cursor on the next open item; after the last item, start again at the top."""
        keys = [one.key for one in self.seen.items]
        at = keys.index(item.key) if item.key in keys else 0
        left = {one.key for one in self.seen.found.unconfirmed}
        following = next((key for key in (*keys[at:], *keys[:at]) if key in left), None)
        if following is not None:
            self.list.move_to_key(following)

    def action_deny(self) -> None:
        """Say that the item is not right for this release."""
        if (item := self.item) is not None:
            self.work(self._deny(item))

    async def _deny(self, item: PlanItem) -> None:
        by = await self.do(lambda desk: desk.actor.name)
        if by is None or await self.do(reviewing.deny, self.seen.found, item, by) is None:
            return
        await self._look_again()
        self.say(f"{item.label} is not right: it stays open. e changes it{_or_drop(item)}.")

    def action_confirm_unchanged(self) -> None:
        """Show what says what it said before and in which no error is found, and confirm it when agreed."""
        self.work(self._confirm_unchanged())

    async def _confirm_unchanged(self) -> None:
        by = await self.do(lambda desk: desk.actor.name)
        wanted = await self.do(reviewing.to_confirm_unchanged, self.seen.found) if by is not None else None
        if by is None or wanted is None:
            return
        if not wanted.items:
            looked_at = "Nothing here can be confirmed unseen: what is open has to be looked at, one by one."
            self.say(looked_at if self.seen.found.unconfirmed else "Nothing is left to confirm.")
            return
        title = f"Confirm {len(wanted.items)} as they are"
        if await self.answer(Confirm(title, unchanged_sections(wanted), verb="confirm them")) is None:
            return
        done = await self.do(reviewing.confirm_unchanged, self.seen.found, by)
        if done is None:
            return
        await self._look_again()
        if self.seen.found.unconfirmed:
            self.list.move_to_key(self.seen.found.unconfirmed[0].key)
        left = len(self.seen.found.unconfirmed)
        self.say(f"{len(done.items)} confirmed; {left} left. u takes that back.")

    def action_drop(self) -> None:
        """Drop the item: it does not apply to this release."""
        if (item := self.item) is not None:
            self.work(self._drop(item))

    async def _drop(self, item: PlanItem) -> None:
        if await self.do(reviewing.drop, self.seen.found, item) is not None:
            await self._look_again()
            self.say(f"{item.label} is dropped. u takes that back.")

    def action_take_back(self) -> None:
        """Take back what was done last, an answer or a drop."""
        self.work(self._take_back())

    async def _take_back(self) -> None:
        was_approved = self.seen.found.approved
        if (said := await self.do(reviewing.take_back, self.seen.found)) is not None:
            await self._look_again()
            back = "What was dropped last is back." if said.startswith("dropped") else f"Taken back: {said}."
            lapsed = " The plan is not approved any more." if was_approved and not self.seen.found.approved else ""
            self.say(f"{back} {len(self.seen.found.unconfirmed)} left.{lapsed}", warning=bool(lapsed))

    def action_edit(self) -> None:
        """Open the operator's editor at this item."""
        item = self.item
        self.work(self._edit(_stands_in(item) if item is not None else ""))

    async def _edit(self, label: str) -> None:
        if await edit_plan(self, self.seen.number, label):
            await self._look_again()

    def action_narrow(self) -> None:
        """Show only the open items, or all of them."""
        self.only_open = not self.only_open
        self.renew(self.seen)

    async def _look_again(self) -> None:
        if (seen := await self.do(plan_seen.look, self.seen.number)) is not None:
            self.renew(seen)


def _stands_in(item: PlanItem) -> str:
    """The item to open in the editor: for a question, the first one that has the word in question."""
    return item.lines[0].partition(": ")[0] if item.kind == WARNING else item.label


def _or_drop(item: PlanItem) -> str:
    return "" if item.kind == WARNING else ", d drops it"
