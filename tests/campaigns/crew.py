"""The workers of a campaign, a process each: given a trial, asked for the answer, ended when they hang."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from select import select

from tests.campaigns.descendants import end_descendants
from tests.campaigns.experiment import HERE, Experiment

ROOT = Path(__file__).parents[2]
DIED = "the worker died"


@dataclass(frozen=True, slots=True)
class Order:
    """One trial: an experiment, with a seed."""

    experiment: Experiment
    seed: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it: the violation, None when every promise held; and the seconds that it took."""

    order: Order
    violation: str | None
    took_s: float


class Worker:
    """One process that does trials; busy while it has an order."""

    def __init__(self, home: Path, *, package: str = HERE, keep: bool = False) -> None:
        self.order: Order | None = None
        self._ready = False
        self._home, self._since = home, 0.0
        self._told = [package, *(["--keep"] if keep else [])]
        self._process = self._begun()

    @property
    def is_free(self) -> bool:
        """Whether it can take an order: it has none, and has imported everything."""
        if not self._ready and self._has_spoken():
            self._ready = self._heard() == b"ready\n"
        return self._ready and self.order is None

    def take(self, order: Order) -> None:
        """Begin a trial."""
        place = tempfile.mkdtemp(prefix="trial-", dir=self._home)
        told = {"name": order.experiment.name, "seed": order.seed, "place": place}
        self.order, self._since = order, time.monotonic()
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(told).encode() + b"\n")
        self._process.stdin.flush()

    def answer(self) -> Answer | None:
        """What came of its trial; None while it goes on. A worker that hangs or died is replaced."""
        assert self.order is not None
        took_s = time.monotonic() - self._since
        if self._has_spoken():
            said = json.loads(self._heard() or json.dumps({"violation": DIED, "took_s": took_s}))
        elif took_s > self.order.experiment.limit_s:
            said = {"violation": f"hung: no end after {took_s:.0f} s", "took_s": took_s}
        else:
            return None
        order, self.order = self.order, None
        if said["violation"] == DIED or took_s > order.experiment.limit_s:
            self.end()
            self._process, self._ready = self._begun(), False
        return Answer(order, said["violation"], said["took_s"])

    def end(self) -> None:
        """End it, and everything that it started."""
        end_descendants(self._process.pid)
        self._process.kill()
        self._process.communicate()

    def _has_spoken(self) -> bool:
        assert self._process.stdout is not None
        return bool(select([self._process.stdout], [], [], 0)[0])

    def _heard(self) -> bytes:
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def _begun(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.campaigns.worker", *self._told]
        # Every program of a trial is started from compiled bytecode: that is a third of its time.
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(self._home / "bytecode"), "TMPDIR": str(self._home)}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, env=environment, bufsize=0
        )


@contextlib.contextmanager
def crew(number: int, *, package: str = HERE, keep: bool = False) -> Iterator[list[Worker]]:
    """So many workers; at the end all are gone, with everything that they started and, unless kept, left behind."""
    home = Path(tempfile.mkdtemp(prefix="backout-campaign-"))
    home.chmod(0o755)  # trials as other users find their way through it
    workers = [Worker(home, package=package, keep=keep) for _ in range(number)]
    try:
        yield workers
    finally:
        for worker in workers:
            worker.end()
        if keep:
            sys.stderr.write(f"the grounds are kept in {home}\n")
        else:
            shutil.rmtree(home, ignore_errors=True)
