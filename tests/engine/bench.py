"""A bench for attempts: real folders, locks, processes and a real log, without the operator who begins them."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import signal
import sys
import time
import traceback
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from backout_tui.domain.backout.events import Actor, Draft, Event
from backout_tui.engine import settling
from backout_tui.engine.attempts.beginning import make_attempt, spooled
from backout_tui.engine.attempts.liveness import is_live
from backout_tui.engine.attempts.spool import AttemptFolder
from backout_tui.engine.attempts.supervisor import nothing, supervise
from backout_tui.engine.session.this_machine import machine, machine_id
from backout_tui.store.clock import SystemClock
from backout_tui.store.log.journal import Journal
from backout_tui.store.log.reading import Reader

LOG = "backout:1"
HERE = os.uname().nodename
MACHINE = machine(HERE, SystemClock().boot_id(), machine_id() or "cd" * 16)
SAM, KIM = Actor("sam", "sam", 1000, HERE), Actor("kim", "kim", 1001, HERE)
_NO_PLAN = {"id": 1, "revision": 1, "sha256": ""}
# Python 3.12 warns of a fork beside threads, which other tests may have left; what is forked here starts none.
FORKS = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")


@dataclass(frozen=True)
class Begun:
    """An attempt whose intent is in the log; `lock` is the starter's descriptor."""

    folder: AttemptFolder
    lock: int
    intent: Event


class Bench:
    """Begins attempts, supervises them in processes of their own, settles what is left of them."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.database = place / "backout.sqlite"
        with self.journal() as journal:
            opened = [Draft("BackoutOpened", {"mode": "live", "release": {}, "plan": _NO_PLAN})]
            journal.append_new("backout:", decide=lambda _: (hashlib.sha256(b"").hexdigest(), opened), actor=SAM)

    def journal(self) -> Journal:
        """The log, for writing; for the moment only, because no connection survives a fork."""
        return Journal.open(self.database, clock=SystemClock(), tool="bench")

    def append(self, draft: Draft, actor: Actor = SAM) -> Event:
        """Append one event, whatever it is."""
        with self.journal() as journal:
            return journal.append(LOG, after=0, decide=lambda _: [draft], actor=actor)[-1]

    @property
    def events(self) -> list[Event]:
        """The log."""
        with Reader.open(self.database) as reader:
            return reader.events_after(LOG, 0)

    def output(self, event: Event) -> bytes:
        """The blob `output` of an event."""
        with Reader.open(self.database) as reader:
            return b"".join(reader.blob(blob.sha256) or b"" for blob in event.blobs if blob.name == "output")

    def request(self, intent_id: str, script: str, **changes: Any) -> dict[str, Any]:
        """What the operator would write."""
        return {
            "database": str(self.database),
            "log": LOG,
            "intent": intent_id,
            "kind": "step",
            "subject": "4",
            "attempt": 1,
            "after": 1,
            "language": "sh",
            "script": script,
            "keep_going": False,
            "cwd": str(self.place),
            "variables": {},
            "secrets": [],
            "timeout_ms": None,
            "expects": [],
        } | changes

    def begin(self, script: str = "true", *, actor: Actor = SAM, **changes: Any) -> Begun:
        """Lock, then claim: as the operator does."""
        intent_id = uuid.uuid4().hex
        request = self.request(intent_id, script, **changes)
        folder, lock = make_attempt(self.database, intent_id, request)
        kind, name = {
            "step": ("StepStarted", "step"),
            "check": ("CheckStarted", "check"),
            "message": ("MessageSending", "message"),
        }[changes.get("kind", "step")]
        data = {name: "4", "attempt": 1, "spool": spooled(folder, request).record()}
        more: dict[str, Any] = {"recipients": []} if name == "message" else {}
        draft = Draft(kind, data | more, event_id=intent_id, lease=7)
        return Begun(folder, lock, self.append(draft, actor))

    def supervise(
        self,
        begun: Begun,
        secrets: Mapping[str, str] | None = None,
        *,
        at: Callable[[str], None] = nothing,
        environment: Mapping[str, str] | None = None,
        **options: Any,
    ) -> int:
        """A supervisor in a process of its own; its number. The lock is the supervisor's alone from now on."""
        pid = os.fork()
        if pid == 0:
            self._be_supervisor(begun, secrets or {}, at, environment or {}, options)
        os.close(begun.lock)
        return pid

    def _be_supervisor(
        self,
        begun: Begun,
        secrets: Mapping[str, str],
        at: Callable[[str], None],
        environment: Mapping[str, str],
        options: dict[str, Any],
    ) -> None:
        try:
            os.setsid()
            os.environ.update(environment)
            # What a test runner captures must not be written to by two.
            log = os.open(self.place / "supervisor.log", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
            os.dup2(log, 2)
            sys.stderr = os.fdopen(2, "w", closefd=False)
            supervise(begun.folder, secrets, at=at, **options)
        except BaseException:  # noqa: BLE001 - a forked child must never return into the test runner
            os.write(2, traceback.format_exc().encode())
            os._exit(70)
        os._exit(0)

    def run(self, script: str = "true", secrets: Mapping[str, str] | None = None, **changes: Any) -> Event:
        """Begin, supervise to the end, and return the outcome."""
        options = {name: changes.pop(name) for name in ("environment", "grace_s") if name in changes}
        begun = self.begin(script, **changes)
        code = os.waitstatus_to_exitcode(os.waitpid(self.supervise(begun, secrets, **options), 0)[1])
        assert code == 0, (self.place / "supervisor.log").read_text()
        return self.outcome(begun)

    def settle(self, intents: Sequence[Event] | None = None) -> list[Event]:
        """What opening the backout would do first."""
        opened = settling.open_intents(self.events) if intents is None else intents
        with self.journal() as journal:
            return settling.settle(self.database, LOG, opened, here=MACHINE, open_journal=lambda: journal, settler=KIM)

    def outcome(self, begun: Begun) -> Event:
        """The one outcome of an attempt."""
        (found,) = [event for event in self.events if event.data.get("intent") == begun.intent.event_id]
        return found


def plant(path: Path, data: Mapping[str, Any]) -> None:
    """Leave word in an attempt's folder, as its supervisor would."""
    path.write_text(json.dumps(data), encoding="utf-8")


@contextlib.contextmanager
def looked_at(path: Path) -> Iterator[AttemptFolder]:
    """The attempt's folder at `path`, held open for a moment."""
    with contextlib.closing(AttemptFolder.at(path)) as attempt:
        yield attempt


def alive(path: Path) -> bool:
    """Whether somebody lives in the attempt's folder at `path`."""
    with looked_at(path) as attempt:
        return is_live(attempt)


def wait_for(true: Callable[[], object], within_s: float = 60.0) -> None:
    """Wait until something is true; fails when it does not become so."""
    until = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.01)


def lives(pid: int) -> bool:
    """Whether a process is there and no mere zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0] not in (b"Z", b"X")
    except OSError:
        return False


def kill(pid: int) -> None:
    """Kill with signal 9, whether or not it is there."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
