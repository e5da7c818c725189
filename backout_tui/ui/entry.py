"""Opens the screens for the command line; it imports Textual while the backout is being read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from backout_tui.domain.text import clean_line
from backout_tui.errors import BackoutError
from backout_tui.local_zone import local_zone
from backout_tui.ui.night.link import Link
from backout_tui.ui.night.seen import Seen

if TYPE_CHECKING:
    from backout_tui.engine.desk import Desk
    from backout_tui.engine.operator import Operator


def local_now() -> datetime:
    """The time in the operator's zone, which knows the offset of every other moment too."""
    return datetime.now(local_zone())


def run_dashboard(
    desk: Desk,
    open_operator: Callable[[], Operator],
    *,
    now: Callable[[], datetime] = local_now,
    reports: Path | None = None,
) -> int:
    """Show one backout until the operator leaves, or goes to the list at `desk`; return the exit code of `run_app`.

    `open_operator` is called in its own thread while Textual is imported. What it raises is raised before anything is
    drawn. `reports` is the folder for a report of our own crash.
    """
    link, code = Link(open_operator), 0
    link.start()
    try:
        from backout_tui.ui.app import BackoutApp
        from backout_tui.ui.night.dashboard import Dashboard
        from backout_tui.ui.terminal.guard import run_app

        dashboard = Dashboard(link, link.opened(), now)
        code = run_app(BackoutApp(dashboard), reports=reports)
    finally:
        link.close(left=not code)  # a lost connection or a crash is not leaving: the controls stay taken
    if dashboard.left_for_list and not code:
        return run_list(desk, now=now, reports=reports)
    _part(link, code)
    return code


def _part(link: Link, code: int) -> None:
    """Print what was not done and where things stand, because the screen is gone.

    After a lost connection nobody may read it; that must not hide why the program ends with `code`. Raises BackoutError
    only where the program would otherwise end as if all were well.
    """
    words = [clean_line(f"What was still under way was not done: {wrong}") for wrong in link.missed]
    if link.last is not None:
        words.append(parting_words(link.last))
    try:
        print(*words, sep="\n", flush=True)  # noqa: T201 - the screen is gone: what still runs, and the anchor
    except OSError as error:
        if not code:
            what = f"standard output cannot be written: {(error.strerror or str(error)).lower()}"
            raise BackoutError(what, todo="What was recorded stays.") from error


def run_list(desk: Desk, *, now: Callable[[], datetime] = local_now, reports: Path | None = None) -> int:
    """Show the list of backouts and plans, then the dashboard of the chosen backout; return the exit code.

    From now on only a thread of its own uses `desk`. Raises BackoutError before anything is drawn.
    """
    from backout_tui.ui.desk.office import Office, listed

    office = Office(desk)
    try:
        first = office.do(listed)
        from backout_tui.ui.app import BackoutApp
        from backout_tui.ui.desk.list_screen import ListScreen
        from backout_tui.ui.terminal.guard import run_app

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
    """What is printed on leaving: where the log stands, and what is still running."""
    from backout_tui.domain.rules.outstanding import under_way

    backout = seen.backout
    running = "".join(f" {one[:1].upper()}{one[1:]}, and goes on." for one in under_way(backout, seen.away))
    return clean_line(f"Backout {backout.id}, {backout.release}: log head {backout.head}.{running}")
