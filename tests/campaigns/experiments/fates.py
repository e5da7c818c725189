"""Another connection holds the database now and then, while writes are asked for and looks fail: each is told its own.

What a write was told (recorded, or nothing) is what the log says, once; the failure of one is never another's.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from backout_tui.engine.operator import Operator, Receipt
from backout_tui.engine.verbs import note_verbs
from backout_tui.errors import BackoutError
from backout_tui.store.log.journal import Journal
from backout_tui.ui.night.link import Link
from tests.campaigns.experiment import Experiment
from tests.journeys import plans
from tests.journeys.site import Site

PATIENCE_S = 0.1
"""Far less than the program's, so that a trial is short and some writes give up."""
LONGEST_S = 1.0
"""For which the database is held: longer than SQLite itself waits, and the patience on top."""


def told_apart(dice: random.Random, ground: Path) -> str | None:
    """The words of every one of some writes and looks against the log."""
    site = Site(ground)
    site.prepared(plans.ONE_STEP)
    link = Link(lambda: impatient(site))
    link.start()
    link.opened()
    stop = threading.Event()
    other = threading.Thread(target=locks, args=(site.database, random.Random(dice.random()), stop))
    other.start()
    try:
        told = asyncio.run(asked(link, dice))
    finally:
        stop.set()
        other.join()
        link.close()
    with site.operator() as op:
        recorded = [event.data["text"] for event in op.events() if event.kind == "NoteAdded"]
    wrong = [text for text, well in told.items() if recorded.count(text) != well]
    return f"what was told of {wrong} is not what the log says: {recorded}" if wrong else None


def impatient(site: Site) -> Operator:
    """A dashboard's operator whose writes give up soon."""
    desk = site.desk("sam")
    desk._journal = Journal.open(desk.database, clock=desk.clock, tool=desk.tool, patience_s=PATIENCE_S)
    return Operator.open(desk, 1, is_dashboard=True)


async def asked(link: Link, dice: random.Random) -> dict[str, bool]:
    """Whether each of some notes was said to be recorded; looks that fail are asked for in between."""

    async def note(text: str) -> bool:
        await asyncio.sleep(dice.uniform(0, 0.2))
        try:
            return isinstance(await link.call(note_verbs.add, text), Receipt)
        except BackoutError as error:
            if "look" in str(error):
                raise RuntimeError(f"{text} was told what became of another: {error}") from error
            return False

    async def look(number: int) -> None:
        await asyncio.sleep(dice.uniform(0, 0.2))
        with suppress(BackoutError):
            await link.look(failing(number))

    names = [f"note {number}" for number in range(dice.randint(2, 6))]
    results = await asyncio.gather(*map(note, names), *map(look, range(3)))
    return {name: bool(result) for name, result in zip(names, results, strict=False)}


def failing(number: int) -> Callable[[Operator], None]:
    """A look that is in trouble of its own."""

    def verb(_: Operator) -> None:
        raise BackoutError(f"look {number} failed")

    return verb


def locks(database: Path, dice: random.Random, stop: threading.Event) -> None:
    """Hold the database for a moment, again and again."""
    with closing(sqlite3.connect(database, isolation_level=None, timeout=1, check_same_thread=False)) as other:
        while not stop.is_set():
            with suppress(sqlite3.OperationalError):
                other.execute(dice.choice(["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"]))
                time.sleep(dice.uniform(0, LONGEST_S))
                other.execute("ROLLBACK")
            time.sleep(dice.uniform(0, LONGEST_S / 4))


EXPERIMENTS = [Experiment("writes and looks beside somebody who locks the database", told_apart, goal=2000)]
