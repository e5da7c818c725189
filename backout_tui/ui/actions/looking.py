"""Looking: panes, what is opened, the other screens. Nothing here writes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from backout_tui.domain.items import StepStatus
from backout_tui.domain.text import clean
from backout_tui.ui.actions.checks import record_check
from backout_tui.ui.actions.controls import keep
from backout_tui.ui.actions.messages import resolve_message
from backout_tui.ui.actions.steps import resolve_step
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.fields import TextField
from backout_tui.ui.panes.pressing import doubt_of
from backout_tui.ui.panes.stories import story_of
from backout_tui.ui.situation import PANE_OF, PANES, Item

if TYPE_CHECKING:
    from backout_tui.ui.dashboard import Dashboard


def open_item(dashboard: Dashboard) -> None:
    """What the cursor is on: what is folded away unfolds; what somebody has to say of is asked; else its story."""
    item, may_act = dashboard.situation.on, dashboard.seen.why_not_act is None
    if item is not None and doubt_of(dashboard.truth, item) is not None:
        _open_doubt(dashboard, item, may_act=may_act)
    elif dashboard.opened is not None:
        dashboard.opened = None
    elif dashboard.open_pane.enter() or item is None:
        return
    elif not (may_act and _asked_about(dashboard, *item)):
        dashboard.opened = item


def _open_doubt(dashboard: Dashboard, item: Item, *, may_act: bool) -> None:
    """First what is known of it; from there, what is true."""
    if dashboard.opened is None:
        dashboard.opened = item
    elif not (may_act and _asked_about(dashboard, *item)):
        dashboard.opened = None


def _asked_about(dashboard: Dashboard, kind: str, name: str) -> bool:
    """Ask what is true of something in doubt, or what somebody sees; False when there is nothing to ask."""
    truth = dashboard.truth
    if kind == "step" and truth.steps[name].state is StepStatus.IN_DOUBT:
        resolve_step(dashboard, name)
    elif kind == "message" and truth.messages[name].state == "in_doubt":
        resolve_message(dashboard, name)
    elif kind == "check" and truth.checks[name].kind != "command" and truth.checks[name].verdict != "pass":
        record_check(dashboard)
    else:
        return False
    return True


def back(dashboard: Dashboard) -> None:
    """Close what is opened, else show all rows again, else keep the controls that somebody asks for."""
    if dashboard.opened is not None:
        dashboard.opened = None
    elif dashboard.situation.standing.asked_by is not None and not dashboard.open_pane.filter:
        keep(dashboard)
    else:
        dashboard.open_pane.filter = ""


def go_to(dashboard: Dashboard, name: str) -> None:
    """Go to one of the panes, and there to what the Next line names."""
    dashboard.go_to(name)
    if dashboard.wish.on is not None and PANE_OF[dashboard.wish.on[0]] == name:
        dashboard.point_at(dashboard.wish.on)


def go_on(dashboard: Dashboard, step: int) -> None:
    """Go to the next pane, or the one before."""
    dashboard.go_to(PANES[(PANES.index(dashboard.pane) + step) % len(PANES)])


def filter_rows(dashboard: Dashboard) -> None:
    """Show only the rows of this pane that hold a text."""
    field = TextField("text", "rows that hold", dashboard.open_pane.filter, hint="nothing: all rows")
    dashboard.ask(Ask("Filter", [field], verb="show them"), partial(_filter, dashboard))


async def _filter(dashboard: Dashboard, answers: dict[str, str]) -> None:
    dashboard.open_pane.filter = answers["text"]


def copy(dashboard: Dashboard) -> None:
    """The story of what the cursor is on, into the terminal's clipboard."""
    if (item := dashboard.situation.on) is not None:
        title, lines = story_of(dashboard.truth, item, dashboard.at, dashboard.silent)
        dashboard.app.copy_to_clipboard(clean("\n".join([title, *(line.text for line in lines)])))  # for any shell
        dashboard.say(f"{title} is copied, where the terminal allows it.")


def log(dashboard: Dashboard) -> None:
    """Everything that happened."""
    from backout_tui.ui.log_screen import LogScreen

    dashboard.app.push_screen(LogScreen(dashboard))


def compare(dashboard: Dashboard) -> None:
    """As planned beside as run."""
    from backout_tui.ui.compare_screen import CompareScreen

    dashboard.app.push_screen(CompareScreen(dashboard.truth, dashboard.at))


def show_help(dashboard: Dashboard) -> None:
    """All keys."""
    from backout_tui.ui.help_screen import HelpScreen

    dashboard.app.push_screen(HelpScreen())


def palette(dashboard: Dashboard) -> None:
    """Every command by its name."""
    from backout_tui.ui.palette import Palette

    dashboard.app.push_screen(Palette(dashboard.situation), partial(_chosen, dashboard))


def _chosen(dashboard: Dashboard, command_id: str | None) -> None:
    if command_id is not None:
        dashboard.action_command(command_id)


def to_list(dashboard: Dashboard) -> None:
    """All backouts and plans; what runs goes on."""
    dashboard.left_for_list = True
    dashboard.app.exit(0)


def leave(dashboard: Dashboard) -> None:
    """At once: what runs goes on, and the log has everything."""
    dashboard.app.exit(0)
