"""Opens the dashboard or the list, with or without the command line's parser. It loads no parser itself."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from backout_tui.cli.surroundings import Surroundings
from backout_tui.engine.desk import Desk


def open_or_list(surroundings: Surroundings) -> int:
    """Open the dashboard on the one open backout, or the list when there is none or more than one."""
    desk = surroundings.desk()
    try:
        return _run(desk, _the_open_one)  # called in the dashboard's own thread while the screen is being imported
    except _NotOne:
        return run_list(desk)


class _NotOne(Exception):  # noqa: N818 - an ordinary outcome, no error
    """There is no open backout, or more than one."""


def _the_open_one(desk: Desk) -> int:
    from backout_tui.engine import listing

    open_ones = listing.open_backouts(desk)
    if len(open_ones) != 1:
        raise _NotOne
    return open_ones[0]


def run(desk: Desk, backout_id: int) -> int:
    """Run the dashboard on one backout until the operator leaves; return the exit code."""
    return _run(desk, lambda _: backout_id)


def _run(desk: Desk, choose: Callable[[Desk], int]) -> int:
    prepare()
    from backout_tui.engine.operator import Operator
    from backout_tui.ui.entry import run_dashboard

    desk.close()  # the dashboard's own thread opens the database again: a connection belongs to one thread
    return run_dashboard(desk, lambda: Operator.open(desk, choose(desk), is_dashboard=True), reports=_reports(desk))


def run_list(desk: Desk) -> int:
    """Run the list of backouts and plans; return the exit code."""
    prepare()
    from backout_tui.ui.entry import run_list

    desk.close()
    return run_list(desk, reports=_reports(desk))


def _reports(desk: Desk) -> Path | None:
    """Return the folder for our own crash reports: the database's, if it exists."""
    folder = desk.database.parent
    return folder if folder.is_dir() else None


def prepare() -> None:
    """Prepare the environment before Textual is imported. Raises BackoutError when there is no terminal to draw on."""
    from backout_tui.ui.terminal.environment import prepare_environment

    prepare_environment(os.environ)
