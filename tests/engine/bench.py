"""A bench for attempts: real folders, locks and processes, and a log on paper, which is enough to settle into."""

from __future__ import annotations

import base64
import contextlib
import fcntl
import json
import os
import signal
import sys
import time
import traceback
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backout_tui.domain.events import Actor, BlobRef, Draft, Event
from backout_tui.engine import settling
from backout_tui.engine.spool import AttemptFolder, make_attempt
from backout_tui.engine.supervisor import nothing, supervise

LOG = "backout:1"
HERE = os.uname().nodename
SAM = Actor("sam", "sam", 1000, HERE)


class PaperLog:
    """A log as lines of JSON in one file: appended under a lock, by any process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.touch()

    def append(
        self, log_id: str, *, after: int, decide: Callable[[Sequence[Event]], Sequence[Draft]], actor: Actor
    ) -> list[Event]:
        """What the journal does, less the chain."""
        with self.path.open("r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            events = [_event(line) for line in file]
            appended: list[Event] = []
            for draft in decide([event for event in events if event.seq > after]):
                if draft.event_id in {event.event_id for event in events}:
                    continue
                event_id = draft.event_id or uuid.uuid4().hex
                line = json.dumps(
                    {
                        "seq": len(events) + len(appended) + 1,
                        "event_id": event_id,
                        "kind": draft.kind,
                        "data": dict(draft.data),
                        "actor": actor.record(),
                        "lease": draft.lease,
                        "blobs": {name: base64.b64encode(data).decode() for name, data in draft.blobs},
                    }
                )
                file.write(line + "\n")
                appended.append(_event(line))
            file.flush()
            os.fsync(file.fileno())
        return appended

    @property
    def events(self) -> list[Event]:
        """All that is on paper."""
        return [_event(line) for line in self.path.read_text().splitlines()]

    def output(self, event: Event) -> bytes:
        """The blob `output` of an event."""
        line = self.path.read_text().splitlines()[event.seq - 1]
        return base64.b64decode(json.loads(line)["blobs"].get("output", ""))


def _event(line: str) -> Event:
    data = json.loads(line)
    blobs = tuple(BlobRef(name, len(base64.b64decode(text)), "") for name, text in data["blobs"].items())
    return Event(
        log=LOG,
        seq=data["seq"],
        event_id=data["event_id"],
        kind=data["kind"],
        at="2026-11-23T03:00:00.000000Z",
        actor=Actor.of(data["actor"]),
        lease=data["lease"],
        data=data["data"],
        blobs=blobs,
    )


@dataclass(frozen=True)
class Begun:
    """An attempt whose intent is on paper; `lock` is the starter's descriptor."""

    folder: AttemptFolder
    lock: int
    intent: Event


class Bench:
    """Begins attempts, supervises them in processes of their own, settles what is left of them."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.database = place / "backout.sqlite"
        self.log = PaperLog(place / "log")

    def request(self, intent_id: str, script: str, **changes: Any) -> dict[str, Any]:
        """What the operator would write."""
        return {
            "database": str(self.database),
            "log": LOG,
            "intent": intent_id,
            "kind": "step",
            "subject": "4",
            "attempt": 1,
            "actor": SAM.record(),
            "after": 0,
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
        folder, lock = make_attempt(self.database, intent_id, self.request(intent_id, script, **changes))
        kind, name = {
            "step": ("StepStarted", "step"),
            "check": ("CheckStarted", "check"),
            "message": ("MessageSending", "message"),
        }[changes.get("kind", "step")]
        draft = Draft(kind, {name: "4", "attempt": 1}, event_id=intent_id, lease=7)
        (intent,) = self.log.append(LOG, after=0, decide=lambda _: [draft], actor=actor)
        return Begun(folder, lock, intent)

    def record(self, attempt: AttemptFolder, request: Mapping[str, Any], known: Mapping[str, Any]) -> None:
        """What a supervisor does at its end, on paper."""
        intent = next(event for event in self.log.events if event.event_id == attempt.id)
        settling.record(attempt, intent, self.log, known=known)

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
            supervise(begun.folder.path, secrets, at=at, record=options.pop("record", self.record), **options)
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

    def settle(self) -> list[Event]:
        """What opening the backout would do first."""
        opened = settling.open_intents(self.log.events)
        return settling.settle(self.database, LOG, opened, here=HERE, open_journal=lambda: self.log)

    def outcome(self, begun: Begun) -> Event:
        """The one outcome of an attempt."""
        (found,) = [event for event in self.log.events if event.data.get("intent") == begun.intent.event_id]
        return found


def wait_for(true: Callable[[], object], within_s: float = 10.0) -> None:
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
