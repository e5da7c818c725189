"""How the command line opens the screens. Textual is imported here only once the backout is being read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from backout_tui.ui.link import Link, Seen

if TYPE_CHECKING:
    from backout_tui.engine.desk import Desk
    from backout_tui.engine.operator import Operator


def local_now() -> datetime:
    """The time in the operator's zone."""
    return datetime.now().astimezone()


def run_dashboard(
    desk: Desk,
    open_operator: Callable[[], Operator],
    *,
    now: Callable[[], datetime] = local_now,
    reports: Path | None = None,
) -> int:
    """Show one backout until the operator leaves, or goes on to the list at `desk`; the exit code of `run_app`.

    `open_operator` is called in a thread of its own, while Textual is imported. Raises what it raises, before anything
    is drawn. `reports` is the folder for a report of our own crash.
    """
    link, code = Link(open_operator), 0
    link.start()
    try:
        from backout_tui.ui.app import BackoutApp
        from backout_tui.ui.dashboard import Dashboard
        from backout_tui.ui.terminal import run_app

        dashboard = Dashboard(link, link.opened(), now)
        code = run_app(BackoutApp(dashboard), reports=reports)
    finally:
        link.close(left=not code)  # a line that dropped, and a crash, are no leaving: the controls are then not free
    if dashboard.left_for_list and not code:
        return run_list(desk, now=now, reports=reports)
    if link.last is not None:
        print(parting_words(link.last))  # noqa: T201 - the screen is gone: what still runs, and the anchor
    return code


def run_list(desk: Desk, *, now: Callable[[], datetime] = local_now, reports: Path | None = None) -> int:
    """Show the list of backouts and plans, then the dashboard of the backout that was chosen; the exit code.

    `desk` is used in a thread of its own from now on. Raises BackoutError, before anything is drawn.
    """
    from backout_tui.ui.office import Office, listed

    office = Office(desk)
    try:
        first = office.do(listed)
        from backout_tui.ui.app import BackoutApp
        from backout_tui.ui.list_screen import ListScreen
        from backout_tui.ui.terminal import run_app

        screen = ListScreen(office, first.result(), now)
        code = run_app(BackoutApp(screen), reports=reports)
    finally:
        office.close()
    if code or (chosen := screen.chosen) is None:
        return code
    return run_dashboard(desk, partial(_opened, desk, chosen), now=now, reports=reports)


def _opened(desk: Desk, backout_id: int) -> Operator:
    from backout_tui.engine.operator import Operator

    return Operator.open(desk, backout_id, is_dashboard=True)


def parting_words(seen: Seen) -> str:
    """What is said on leaving: where the log stands, and what still runs."""
    from backout_tui.domain.outstanding import under_way
    from backout_tui.domain.text import clean_line

    backout = seen.backout
    running = "".join(f" {one[:1].upper()}{one[1:]}, and goes on." for one in under_way(backout))
    return clean_line(f"Backout {backout.id}, {backout.release}: log head {backout.head}.{running}")
