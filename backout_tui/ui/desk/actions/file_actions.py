"""Plans as files: imports one into the database, and exports one for git."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from backout_tui.domain.text import clean_line
from backout_tui.engine import plans
from backout_tui.engine.desk import Desk
from backout_tui.engine.planning import exporting
from backout_tui.engine.plans import Found
from backout_tui.ui.desk.actions.plan_actions import show_plan
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.confirm import Confirm, Section
from backout_tui.ui.dialogs.fields import TextField

if TYPE_CHECKING:
    from backout_tui.ui.desk.list_screen import ListScreen
    from backout_tui.ui.desk.plan_screen import PlanScreen


def import_plan(screen: ListScreen) -> None:
    """Import a file in our own format, or any runbook."""
    field = TextField("file", "file", required=True, hint="plans/payments-api.md")
    screen.ask(Ask("Import a plan from a file", [field], verb="read it"), partial(_import, screen))


async def _import(screen: ListScreen, answers: dict[str, str]) -> None:
    file = answers["file"]
    found = await screen.do(plans.find, file if plans.is_file(file) else f"./{file}")
    if found is None or await screen.answer(_understood(found)) is None:
        return
    revision = await screen.do(lambda desk: plans.keep(desk, found))
    if revision is not None:
        await screen.look_again()
        show_plan(screen, revision.plan_id)


def _understood(found: Found) -> Confirm:
    """Show what was read from the file, and what was not understood."""
    plan = found.plan
    steps, checks = len(list(plan.top_steps())), len(plan.checks)
    counted = f"{steps} steps, {checks} checks, {len(plan.messages)} messages, {len(plan.contacts)} contacts"
    release = plan.fact("release") or "It names no release."
    remarks = tuple(clean_line(f"line {one.line}: {one.message}") for one in plan.remarks)
    sections = [Section(clean_line(plan.title) or found.where, (release, counted))]
    sections += [Section("Not understood, or without effect yet", remarks, "warning")] if remarks else []
    return Confirm("Import this plan", sections, verb="store it")


def export_plan(screen: PlanScreen) -> None:
    """Write the plan to a file for git; importing it gives the same plan."""
    name, version = screen.seen.found.plan.release
    usual = f"{'-'.join(f'{name} {version}'.split()) or 'plan'}.md".replace("/", "-")
    field = TextField("file", "file", usual, required=True)
    note = "A file that is there already is replaced: git has what it was."
    screen.ask(Ask("Export the plan to a file", [field], note=note, verb="write it"), partial(_export, screen))


async def _export(screen: PlanScreen, answers: dict[str, str]) -> None:
    work = partial(_exported, found=screen.seen.found, file=answers["file"])
    if (path := await screen.do(work)) is not None:
        screen.say(f"Written to {path}.")


def _exported(desk: Desk, *, found: Found, file: str) -> str:
    return clean_line(str(exporting.export(desk, plans.whole_text(found), file)))
