"""Looking: moving between panes, opening items, the other screens.

The functions here write nothing themselves; some go on to another action or a verb that does, such as `keep`.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from backout_tui.domain.backout.items import Attempt
from backout_tui.domain.backout.states import ATTEMPT, CheckVerdict, MessageStatus, StepStatus
from backout_tui.domain.plan.plan import CheckKind
from backout_tui.domain.text import clean, clean_line
from backout_tui.engine.verbs.table.verb_table import verb_of
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.fields import TextField
from backout_tui.ui.night.actions.doubt_actions import declare_in_doubt, resolve_step
from backout_tui.ui.night.actions.message_actions import resolve_message
from backout_tui.ui.night.actions.verb_actions import perform
from backout_tui.ui.night.panes.pressing import beyond_of, doubt_of
from backout_tui.ui.night.panes.stories import story_of
from backout_tui.ui.night.panes.subject import attempt_of
from backout_tui.ui.night.situation import PANE_OF, PANES, Item
from backout_tui.ui.terminal.clipboard import copied

if TYPE_CHECKING:
    from backout_tui.ui.night.dashboard import Dashboard


def open_item(dashboard: Dashboard) -> None:
    """Open what the cursor is on: unfold it, ask what is true of it, or show its story."""
    item, may_act = dashboard.situation.on, dashboard.seen.why_not_act is None
    if may_act and (run := beyond_of(dashboard.truth, item, dashboard.away)) is not None:
        declare_in_doubt(dashboard, run, dashboard.away[run.attempt.intent])
        return
    if item is not None and doubt_of(dashboard.truth, item) is not None:
        _open_doubt(dashboard, item, may_act=may_act)
    elif dashboard.opened is not None:
        dashboard.opened = None
    elif dashboard.open_pane.enter() or item is None:
        return
    elif not (may_act and _asked_about(dashboard, *item)):
        dashboard.opened = item


def _open_doubt(dashboard: Dashboard, item: Item, *, may_act: bool) -> None:
    """Show first what is known of the item; a second Enter asks what is true."""
    if dashboard.opened is None:
        dashboard.opened = item
    elif not (may_act and _asked_about(dashboard, *item)):
        dashboard.opened = None


def _asked_about(dashboard: Dashboard, kind: str, name: str) -> bool:
    """Ask what is true of something in doubt, or what a person sees; False when there is nothing to ask."""
    truth = dashboard.truth
    if kind == "step" and truth.steps[name].state is StepStatus.IN_DOUBT:
        resolve_step(dashboard, name)
    elif kind == "message" and truth.messages[name].state is MessageStatus.IN_DOUBT:
        resolve_message(dashboard, name)
    elif (
        kind == "check"
        and truth.checks[name].kind is not CheckKind.COMMAND
        and truth.checks[name].verdict is not CheckVerdict.PASS
    ):
        perform(dashboard, verb_of("check-record"))
    else:
        return False
    return True


def back(dashboard: Dashboard) -> None:
    """Close what is open, else show all rows again, else keep the controls that somebody asks for."""
    if dashboard.opened is not None:
        dashboard.opened = None
    elif dashboard.situation.standing.asked_by is not None and not dashboard.open_pane.filter:
        perform(dashboard, verb_of("keep"))
    else:
        dashboard.open_pane.filter = ""


def go_to(dashboard: Dashboard, name: str) -> None:
    """Go to one of the panes, and there to the item that the Next line names."""
    dashboard.go_to(name)
    if dashboard.wish.on is not None and PANE_OF[dashboard.wish.on[0]] == name:
        dashboard.point_at(dashboard.wish.on)


def go_on(dashboard: Dashboard, step: int) -> None:
    """Go to the next pane, or to the one before."""
    dashboard.go_to(PANES[(PANES.index(dashboard.pane) + step) % len(PANES)])


def filter_rows(dashboard: Dashboard) -> None:
    """Show only the rows of this pane that contain a text; while something with an output is read, search that."""
    if dashboard.opened is not None and _attempt_on(dashboard) is not None:
        search_output(dashboard)
        return
    field = TextField("text", "rows that hold", dashboard.open_pane.filter, hint="nothing: all rows")
    dashboard.ask(Ask("Filter", [field], verb="show them"), partial(_filter, dashboard))


async def _filter(dashboard: Dashboard, answers: dict[str, str]) -> None:
    dashboard.open_pane.filter = answers["text"]


def search_output(dashboard: Dashboard) -> None:
    """Search all that is kept of what the command under the cursor printed."""
    item, attempt = dashboard.situation.on, _attempt_on(dashboard)
    if item is None or attempt is None:
        dashboard.say("Nothing was run for what the cursor is on, so there is no output to search.", warning=True)
        return
    from backout_tui.ui.night.output_screen import OutputScreen, asking

    name = " ".join(item)

    async def show(answers: dict[str, str]) -> None:
        dashboard.app.push_screen(OutputScreen(dashboard, name, attempt, answers["text"]))

    dashboard.ask(asking(f"output of {name}"), show)


def _attempt_on(dashboard: Dashboard) -> Attempt | None:
    """The attempt whose output belongs to what the cursor is on, if its command really ran."""
    item = dashboard.situation.on
    attempt = attempt_of(dashboard.truth, item) if item is not None else None
    return attempt if attempt is not None and ATTEMPT[attempt.state].ran else None


def copy(dashboard: Dashboard) -> None:
    """Copy the story of what the cursor is on to the clipboard, and say how far it came."""
    if (item := dashboard.situation.on) is not None:
        title, lines = story_of(dashboard.truth, item, dashboard.at, dashboard.silent)
        text = clean("\n".join([title, *(line.text for line in lines)]))  # for any shell
        dashboard.work(_copied(dashboard, title, text))


async def _copied(dashboard: Dashboard, title: str, text: str) -> None:
    words = await asyncio.to_thread(copied, text, dashboard.app.copy_to_clipboard)
    dashboard.say(f"{title} is {clean_line(words)}.", warning=not words.startswith("copied"))


def log(dashboard: Dashboard) -> None:
    """Show everything that happened."""
    from backout_tui.ui.night.log_screen import LogScreen

    dashboard.app.push_screen(LogScreen(dashboard))


def compare(dashboard: Dashboard) -> None:
    """Show the steps as planned beside the steps as run."""
    from backout_tui.ui.night.compare_screen import CompareScreen

    dashboard.app.push_screen(CompareScreen(dashboard.truth, dashboard.at, dashboard.seen.fault))


def show_help(dashboard: Dashboard) -> None:
    """Show all keys."""
    from backout_tui.ui.night.help_screen import HelpScreen

    dashboard.app.push_screen(HelpScreen())


def palette(dashboard: Dashboard) -> None:
    """Find a command by its name."""
    from backout_tui.ui.night.palette import Palette

    dashboard.app.push_screen(Palette(dashboard.situation), partial(_chosen, dashboard))


def _chosen(dashboard: Dashboard, command_id: str | None) -> None:
    if command_id is not None:
        dashboard.action_command(command_id)


def to_list(dashboard: Dashboard) -> None:
    """Go to all backouts and plans; running commands go on."""
    dashboard.left_for_list = True
    dashboard.app.exit(0)


def leave(dashboard: Dashboard) -> None:
    """Leave at once: running commands go on, and the log has everything."""
    dashboard.app.exit(0)
