"""The commands `open` and `demo`."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import click

from backout_tui.cli.dashboards import open_or_list, prepare, run
from backout_tui.cli.read.sources import number
from backout_tui.cli.surroundings import Surroundings
from backout_tui.domain.values import replace
from backout_tui.engine.desk import Desk
from backout_tui.errors import BackoutError


@click.command("open", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("backout", required=False)
@click.pass_obj
def open_(surroundings: Surroundings, backout: str | None) -> int:
    """Open the dashboard on BACKOUT.

    Without BACKOUT, open the one open backout, or the list.
    """
    if backout is None:
        return open_or_list(surroundings)
    return run(surroundings.desk(), number(backout))


def _add_other_plans(desk: Desk, folder: Path, sample: str) -> None:
    """Add the other sample plans; the demo goes on without them if the folder cannot hold them."""
    from backout_tui.engine import demonstration

    with contextlib.suppress(BackoutError, OSError), contextlib.closing(desk):
        demonstration.add_other_plans(desk, folder, sample)


@contextlib.contextmanager
def _beside(work: Callable[[], None]) -> Iterator[None]:
    """Do `work` in its own thread, a second later, so that the first picture comes first."""
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
    """Open the dashboard on sample data.

    Its commands are harmless and really run, in a temporary folder. Nothing is sent.
    """
    prepare()
    from importlib import resources

    from backout_tui.engine import demonstration

    desk = surroundings.reading_desk()  # nobody is asked for a name in a demo
    folder = Path(tempfile.mkdtemp(prefix="backout-tui-demo-"))
    try:
        sample = resources.files("backout_tui").joinpath("sample", "payments-api.md").read_text(encoding="utf-8")
        op = demonstration.opened(desk, folder, sample)
        others = partial(_add_other_plans, replace(op.desk), folder, sample)
        with contextlib.closing(op.desk) as demo_desk, _beside(others):
            return run(demo_desk, op.backout.id)
    except OSError as error:
        raise BackoutError(f"the demo's folder cannot be used: {error.strerror}", where=str(folder)) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
