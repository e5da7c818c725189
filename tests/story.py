"""A story: events told one after another at fixed times, chained like a real log, and the backout they make."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from backout_tui.domain.backout import fold
from backout_tui.domain.backout.events import Actor, BlobRef, Event
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.codec import encode, rfc3339
from backout_tui.domain.plan.plan import Plan

THREE_AM = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SAM = Actor("sam", login="sam", uid=1001, host="ops-1", tty="pts/3", ssh_client="192.0.2.7 51422 22")
KIM = Actor("kim", login="kim", uid=1002, host="ops-1", tty="pts/5", ssh_client="192.0.2.9 40110 22")
LOG = "backout:3"


def at(minute: float) -> datetime:
    """The moment `minute` minutes after 03:00 UTC."""
    return THREE_AM + timedelta(minutes=minute)


@dataclass
class Story:
    """What was told so far. `minute` counts from 03:00 UTC, and stays where it is until another one is given."""

    events: list[Event] = field(default_factory=list)
    minute: float = 0.0
    _folded: Backout = field(default_factory=lambda: Backout(fold.number_of(LOG)), repr=False)

    def tell(
        self,
        kind: str,
        minute: float | None = None,
        /,
        *,
        actor: Actor = SAM,
        blobs: Sequence[BlobRef] = (),
        event_id: str = "",
        **data: Any,
    ) -> Event:
        """Append one event."""
        self.minute = self.minute if minute is None else minute
        seq = len(self.events) + 1
        prev = self.events[-1].hash if self.events else hashlib.sha256(LOG.encode()).hexdigest()
        chained = f"{prev}{seq}{kind}{data}".encode("utf-8", "surrogatepass")
        event = Event(
            log=LOG,
            seq=seq,
            event_id=event_id or f"{seq:032x}",
            kind=kind,
            at=rfc3339(at(self.minute)),
            actor=actor,
            lease=1,
            data=data,
            blobs=tuple(blobs),
            mono_ns=int(self.minute * 60e9),
            boot_id="5f1c6a9e-0000-4000-8000-000000000001",
            tool="backout-tui 0.1.0",
            prev=prev,
            hash=hashlib.sha256(chained).hexdigest(),
        )
        self.events.append(event)
        return event

    def open(self, plan: Plan, minute: float = 0.0, /, *, actor: Actor = SAM, **more: Any) -> None:
        """The backout is opened with `plan`, and `actor` takes the controls."""
        name, version = plan.release
        release = {"name": name, "version": version, "returns_to": plan.fact("returns to") or ""}
        data: dict[str, Any] = {
            "mode": "live",
            "release": {**release, "environment": plan.fact("environment") or ""},
            "plan": {"id": 7, "revision": 2, "sha256": "ab" * 32, "approved": True},
            "content": encode(plan),
            "cwd": "/srv/deploy",
        }
        self.tell("BackoutOpened", minute, actor=actor, **{**data, **more})
        self.tell("ControlsTaken", minute, actor=actor, session="5e55104a")

    def start(self, number: str, minute: float, **more: Any) -> Event:
        """The command of step `number` is claimed."""
        step = self.backout.steps[number]
        data: dict[str, Any] = {
            "step": number,
            "attempt": len(step.attempts) + 1,
            "command": step.command,
            "shell": step.language,
        }
        return self.tell("StepStarted", minute, **data, cwd="/srv/deploy", **more)

    def finish(self, number: str, minute: float, *, exit_code: int | None = 0, **more: Any) -> Event:
        """The command of step `number` ended; failed unless `exit_code` is 0 and nothing in `more` says otherwise."""
        attempt = self.backout.steps[number].attempts[-1]
        result = "done" if exit_code == 0 else "failed"
        why = "" if exit_code == 0 else f"exit {exit_code}"
        data: dict[str, Any] = {"result": result, "exit_code": exit_code, "signal": None, "expect": [], "why": why}
        return self.tell(
            "StepFinished",
            minute,
            **{
                "step": number,
                **_ended(attempt.intent, attempt.number, attempt.started_at, at(minute)),
                **data,
                **more,
            },
        )

    def run(self, number: str, minute: float, took: float, **more: Any) -> Event:
        """The command of step `number` is claimed and ends `took` minutes later."""
        self.start(number, minute)
        return self.finish(number, minute + took, **more)

    def resolve(self, number: str, minute: float, true: str, reason: str) -> Event:
        """A person says what is `true` of a step in doubt: done, failed or not-started."""
        data: dict[str, Any] = {"step": number, "as": true, "reason": reason}
        return self.tell("StepResolved", minute, **data)

    def check(self, letter: str, minute: float, *, exit_code: int = 0, took: float = 0.1) -> Event:
        """The command of a check runs and ends."""
        check = self.backout.checks[letter]
        number = len(check.attempts) + 1
        began = self.tell("CheckStarted", minute, check=letter, attempt=number, command=check.command, shell="sh")
        result, why = ("done", "") if exit_code == 0 else ("failed", f"exit {exit_code}")
        ended = _ended(began.event_id, number, at(minute), at(minute + took))
        data: dict[str, Any] = {"result": result, "exit_code": exit_code, "signal": None, "expect": [], "why": why}
        return self.tell("CheckFinished", minute + took, check=letter, **ended, **data)

    def send(
        self, message: str, minute: float, told: Mapping[str, str], *, subject: str = "Backing out payments-api 4.12.0"
    ) -> None:
        """A message leaves; `told` says how it went for each name: sent, failed or in_doubt."""
        to = [{"name": name, "address": f"{name.replace(' ', '-')}@example.org"} for name in told]
        text = "We are backing out payments-api 4.12.0.\n\n--\nLog head: 9:00aa"
        begun = self.tell(
            "MessageSending", minute, message=message, attempt=1, recipients=to, subject=subject, text=text
        )
        details = {"sent": "250 queued", "failed": "550 no such user", "in_doubt": "the connection was lost"}
        recipients = [{**one, "state": told[one["name"]], "detail": details[told[one["name"]]]} for one in to]
        result = "done" if set(told.values()) == {"sent"} else "failed"
        data: dict[str, Any] = {
            "intent": begun.event_id,
            "message": message,
            "result": result,
            "recipients": recipients,
        }
        self.tell("MessageFinished", minute + 0.1, **data)

    @property
    def backout(self) -> Backout:
        """The fold of what was told."""
        self._folded = fold.fold(self._folded, self.events[self._folded.seq :])
        return self._folded


def _ended(intent: str, number: int, began: datetime, ended: datetime) -> dict[str, Any]:
    return {
        "intent": intent,
        "attempt": number,
        "started_at": rfc3339(began),
        "ended_at": rfc3339(ended),
        "duration_ms": round((ended - began).total_seconds() * 1000),
        "bytes": 412,
        "dropped": 0,
        "stopped_by": None,
    }
