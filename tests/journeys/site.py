"""A place where backouts happen: a folder with a database, settings and a small cluster, and the program itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from backout_tui.engine import starting
from backout_tui.engine.desk import Desk
from backout_tui.engine.operator import Operator
from backout_tui.engine.session.identity import whoami
from backout_tui.engine.starting import Start
from backout_tui.engine.verbs import decision_verbs, problem_verbs
from backout_tui.settings import operator_environment, read_settings
from tests.journeys.terminal import Terminal
from tests.smtp import MailServer

LONG_AGO = "2026-11-22T01:50:00Z"
"""When every release was deployed: nobody has to be asked for it."""

ROOT = Path(__file__).parents[2]
PROGRAM = (sys.executable, "-m", "backout_tui")


class Site:
    """Everything of one journey lies in `folder`; nothing of the machine's own state is read or written."""

    def __init__(self, folder: Path, mail: MailServer | None = None) -> None:
        """Make it; messages leave through `mail`, or not at all."""
        self.folder, self.database = folder, folder / "state" / "backout.sqlite"
        self.program: tuple[str, ...] = PROGRAM
        self.work = folder / "work"
        self.work.mkdir(parents=True)
        (folder / "state").mkdir(mode=0o700)
        self.config = folder / "config.toml"
        port = f'port = {mail.port}\nfrom = "backout@example.org"\n' if mail is not None else ""
        self.config.write_text(f'[mail]\nhost = "127.0.0.1"\n{port}deadline_s = 20\n', encoding="utf-8")

    def environ(self, name: str = "sam") -> dict[str, str]:
        """What the program is told by its environment; `name` is who acts."""
        return {
            "BACKOUT_AS": name,
            "BACKOUT_DATABASE": str(self.database),
            "BACKOUT_CONFIG": str(self.config),
            "HOME": str(self.folder),
            "PYTHONPATH": str(ROOT),
            "TZ": "Europe/London",
            "TMPDIR": str(self.folder),
            "ESCDELAY": "20",  # ms until a lone ESC is the Escape key: 100 by default, a second for every eight
        }

    def run(self, *arguments: str, code: int = 0, name: str = "sam") -> str:
        """One command line; what it printed. AssertionError unless it ends with `code`."""
        done = subprocess.run(
            [*self.program, *arguments],
            env={**os.environ, **self.environ(name)},
            cwd=self.work,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == code, f"{arguments} ended with {done.returncode}: {done.stdout}{done.stderr}"
        return done.stdout

    def start(self, plan: str, *options: str) -> int:
        """Start a backout of the plan text, from the command line; its number."""
        path = self.folder / "plan.md"
        path.write_text(plan, encoding="utf-8")
        return int(json.loads(self.run("start", str(path), "--deployed-at", LONG_AGO, *options, "--json"))["id"])

    def do(self, *arguments: str) -> str:
        """One thing done to backout 1 from the command line."""
        return self.run("do", "1", *arguments)

    def prepared(self, plan: str, *, decided: bool = True, rehearsal: bool = False) -> None:
        """Start backout 1 of the plan text, and bring it as far as its first step, without a terminal."""
        path = self.folder / "plan.md"
        path.write_text(plan, encoding="utf-8")
        op = starting.start(self.desk("sam"), str(path), Start(rehearsal=rehearsal))
        if decided:
            problem_verbs.log(op, "5xx on /charge", assign="payments lead")
            decision_verbs.decide(op, by="release manager", reason="errors above two percent", agreed="by phone")
        op.close()

    @contextmanager
    def operator(self, name: str = "sam") -> Iterator[Operator]:
        """Backout 1 in this process, without a terminal."""
        op = Operator.open(self.desk(name), 1)
        try:
            yield op
        finally:
            op.close()

    def desk(self, name: str) -> Desk:
        """What `name` works with here."""
        environment = {**os.environ, **self.environ(name)}
        return Desk(
            database=self.database,
            actor=whoami(name, environment),
            settings=read_settings(self.config, environment),
            environment=operator_environment(environment),
            cwd=self.work,
            tool="journey",
            whole_environment=environment,
        )

    def dashboard(self, *arguments: str, name: str = "sam", width: int = 80, height: int = 24) -> Terminal:
        """The program in a terminal of its own, with nothing else said: the dashboard of the one open backout."""
        command = [*self.program, *arguments]
        return Terminal(command, width=width, height=height, environ=self.environ(name), cwd=str(self.work))

    def show(self) -> dict[str, Any]:
        """Where backout 1 stands, as other programs are told."""
        shown: dict[str, Any] = json.loads(self.run("show", "1", "--json"))
        return shown

    def state(self, number: int | str) -> str:
        """The state of one step of it, settled as whoever opens it settles."""
        with self.operator() as op:
            return op.backout.steps[str(number)].state.value

    def log(self) -> list[dict[str, Any]]:
        """The log of backout 1, record by record."""
        printed = self.run("log", "1", "--json")
        return list(json.loads(printed))

    def kinds(self) -> list[str]:
        """The kinds of the events of backout 1, in order."""
        return [record["kind"] for record in self.log()]

    def touch(self, name: str) -> None:
        """Make a file in the folder that commands run in: what a waiting command waits for."""
        (self.work / name).touch()

    def lines(self, name: str = "ran") -> list[str]:
        """The lines of a file that commands write to, each one time they ran."""
        path = self.work / name
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def wait_for(true: Callable[[], object], within_s: float = 60.0) -> None:
    """Wait until something is true; fails when it does not become so."""
    until = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)
