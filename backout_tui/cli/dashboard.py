"""What opens the dashboard: `open`, `demo`, and the bare command."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import click

from backout_tui.cli.sources import number
from backout_tui.cli.surroundings import Surroundings
from backout_tui.engine.desk import Desk
from backout_tui.errors import BackoutError


@click.command("open", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("backout", required=False)
@click.pass_obj
def open_(surroundings: Surroundings, backout: str | None) -> int:
    """The dashboard on BACKOUT; without it on the one open backout, or the list."""
    if backout is None:
        return open_or_list(surroundings)
    return run(surroundings.desk(), number(backout))


def open_or_list(surroundings: Surroundings) -> int:
    """The dashboard on the one open backout; the list when there is none, or more than one."""
    desk = surroundings.desk()
    try:
        return _run(desk, _the_open_one)  # asked in the dashboard's own thread, while the screen is being imported
    except _NotOne:
        return run_list(desk)


class _NotOne(Exception):  # noqa: N818 - a plain outcome of looking
    """There is no open backout, or more than one."""


def _the_open_one(desk: Desk) -> int:
    from backout_tui.engine import listing

    open_ones = listing.open_backouts(desk)
    if len(open_ones) != 1:
        raise _NotOne
    return open_ones[0]


def run(desk: Desk, backout_id: int) -> int:
    """The dashboard on one backout, until the operator leaves it; the exit code."""
    return _run(desk, lambda _: backout_id)


def _run(desk: Desk, choose: Callable[[Desk], int]) -> int:
    _prepare()
    from backout_tui.engine.operator import Operator
    from backout_tui.ui.entry import run_dashboard

    desk.close()  # the dashboard's own thread opens the database anew: a connection belongs to one thread
    return run_dashboard(desk, lambda: Operator.open(desk, choose(desk), is_dashboard=True), reports=_reports(desk))


def run_list(desk: Desk) -> int:
    """The list of backouts and plans."""
    _prepare()
    from backout_tui.ui.entry import run_list

    desk.close()
    return run_list(desk, reports=_reports(desk))


def _reports(desk: Desk) -> Path | None:
    """Where a report of our own crash goes: beside the database, when that folder is there."""
    folder = desk.database.parent
    return folder if folder.is_dir() else None


def _prepare() -> None:
    from backout_tui.ui.environment import prepare_environment

    prepare_environment(os.environ)


def _add_other_plans(desk: Desk, folder: Path, sample: str) -> None:
    """The demo goes on without them when the folder takes no more."""
    from backout_tui.engine import demonstration

    with contextlib.suppress(BackoutError, OSError), contextlib.closing(desk):
        demonstration.add_other_plans(desk, folder, sample)


@contextlib.contextmanager
def _beside(work: Callable[[], None]) -> Iterator[None]:
    """Do `work` in a thread of its own, begun a little later: the first picture comes before it."""
    timer = threading.Timer(1.0, work)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


@click.command("demo", context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_obj
def demo(surroundings: Surroundings) -> int:
    """The dashboard on sample data: harmless commands really run, in a temporary folder; nothing is sent."""
    _prepare()
    from importlib import resources

    from backout_tui.engine import demonstration

    desk = surroundings.desk()
    folder = Path(tempfile.mkdtemp(prefix="backout-tui-demo-"))
    try:
        sample = resources.files("backout_tui").joinpath("sample", "payments-api.md").read_text(encoding="utf-8")
        op = demonstration.opened(desk, folder, sample)
        demo_desk, backout_id = op.desk, op.backout.id
        with _beside(partial(_add_other_plans, replace(demo_desk), folder, sample)):
            return run(demo_desk, backout_id)
    except OSError as error:
        raise BackoutError(f"the demo's folder cannot be used: {error.strerror}", where=str(folder)) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
