"""Where it is measured: a temporary folder, an environment of its own with compiled bytecode, the sizes, the data."""

from __future__ import annotations

import compileall
import functools
import os
import subprocess
import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import backout_tui
from backout_tui.engine.operator import Operator
from tests.benchmarks import bare, stock
from tests.benchmarks.program import Program

T = TypeVar("T")

PACKAGE = Path(backout_tui.__file__).parent
PICTURE = ("5xx on /charge", "Move shard 1 back", "Shard group 1 answers", "Word number 1")
"""A row of each pane: when all of them are there, so is the picture."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of everything. `runs` is how often a program is started, `keys` how many are pressed."""

    runs: int = 11
    keys: int = 400
    idle_s: float = 60.0
    lines: int = 100_000
    events: int = 100_000
    few_events: int = 100
    backouts: int = 10_000
    steps: int = 10_000
    plan_steps: int = 21_000
    contacts: int = 70_000


SMALL = Sizes(runs=1, keys=6, idle_s=1.0, lines=300, events=600, backouts=4, steps=30, plan_steps=30, contacts=30)
"""Enough to see that each benchmark runs."""


class Lab:
    """Starts the programs that are compared, each with the same environment; makes each database once."""

    def __init__(self, folder: Path, sizes: Sizes) -> None:
        """Work in `folder`, which is the caller's to remove."""
        self.folder, self.sizes = folder, sizes
        home = folder / "home"
        home.mkdir()
        self.environ = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "PYTHONPATH": str(PACKAGE.parent),
            "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
            "TEXTUAL_ANIMATIONS": "none",
        }
        self._databases: dict[str, Path] = {}

    def compile(self) -> None:
        """Compile both programs; what they import is compiled by the first run of each, which is never counted."""
        before, sys.pycache_prefix = sys.pycache_prefix, self.environ["PYTHONPYCACHEPREFIX"]
        try:
            compileall.compile_dir(PACKAGE, quiet=1)
            compileall.compile_dir(Path(__file__).parent, quiet=1)
        finally:
            sys.pycache_prefix = before

    def database(self, name: str, make: Callable[[Path], Operator]) -> Path:
        """The database of that name, made by `make` in an empty folder the first time; a backout of it is number 1."""
        if name not in self._databases:
            op = make(self.folder / name)
            self._databases[name] = op.desk.database
            op.close()
        return self._databases[name]

    @functools.cached_property
    def usual(self) -> Path:
        """A database with one open backout of the usual size."""
        return self.database("usual", stock.opened)

    @functools.cached_property
    def crowded(self) -> Path:
        """The same with many finished backouts beside it."""
        return self.database("crowded", functools.partial(stock.crowded, backouts=self.sizes.backouts))

    def ours(self, database: Path, *arguments: str) -> list[str]:
        """The command line of our program."""
        script = Path(sys.executable).with_name("backout-tui")
        program = [str(script)] if script.exists() else [sys.executable, "-m", "backout_tui"]
        return [*program, "--database", str(database), "--as", "sam", *arguments]

    def yardstick(self, steps: int = stock.STEPS) -> list[str]:
        """The command line of the bare app."""
        return [sys.executable, str(bare.__file__), str(steps)]

    def program(self, command: Sequence[str]) -> Program:
        """A program in a terminal."""
        return Program(command, environ=self.environ, cwd=self.folder)

    def dashboard(self, database: Path) -> Program:
        """Our dashboard on the first backout of `database`, in a terminal."""
        return self.program(self.ours(database, "open", "1"))

    def bare(self) -> Program:
        """The yardstick, in a terminal."""
        return self.program(self.yardstick())

    def run(self, command: Sequence[str], codes: Collection[int] = (0,)) -> None:
        """Run a program that needs no terminal to its end; CalledProcessError when its exit is none of `codes`."""
        done = subprocess.run(command, env=self.environ, cwd=self.folder, capture_output=True, check=False)
        if done.returncode not in codes:
            raise subprocess.CalledProcessError(done.returncode, command, done.stdout, done.stderr)

    def in_turn(self, *measures: Callable[[], T]) -> list[list[T]]:
        """What each of `measures` gives, taken in turn as often as there are runs, after one that does not count."""
        rounds = [[measure() for measure in measures] for _ in range(self.sizes.runs + 1)]
        return [list(column) for column in zip(*rounds[1:], strict=True)]
