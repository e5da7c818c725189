"""Desks for tests of the verbs: several people in one process on one real database, and what they find there."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from backout_tui.domain.backout.events import Actor, Event
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.rules.outstanding import under_way
from backout_tui.engine import starting
from backout_tui.engine.desk import Desk
from backout_tui.engine.operator import Operator
from backout_tui.engine.session.this_machine import machine_id
from backout_tui.engine.starting import Start
from backout_tui.engine.verbs import control_verbs, decision_verbs, problem_verbs
from backout_tui.errors import Refused
from backout_tui.settings import MailSettings, Settings, operator_environment
from backout_tui.store.clock import SystemClock
from backout_tui.store.file.place import spool_root
from backout_tui.store.log.reading import Reader
from tests.story import THREE_AM

HERE = os.uname().nodename
THIS_MACHINE, ANOTHER_MACHINE = machine_id() or "cd" * 16, "ab" * 16
HEAD = """# Backout plan: web 2.0

- release: web 2.0
- returns to: 1.9
- environment: production
- authoriser: release manager
- proxy: web lead after 10 min

"""
PEOPLE = """
## Contacts

| name | role | groups | zone | quiet | reach |
|---|---|---|---|---|---|
| release manager | authoriser | everybody | Europe/London | | email:rm@example.org |
| web lead | development | everybody | Asia/Tokyo | 22:00-07:00 | email:lead@example.org |
| desk | support | everybody | UTC | | phone:+44 20 7946 0000 |
"""
BY_HAND = (
    HEAD
    + PEOPLE.lstrip()
    + """
## Steps

### 1. Freeze
- before the decision

### 2. Tell the desk

### 3. Restore
- required

### 4. Lift the freeze
"""
)


class SetClock(SystemClock):
    """A clock that stands at 03:00 UTC until it is put on."""

    def __init__(self) -> None:
        self.at = THREE_AM

    def now(self) -> datetime:
        """The moment it was set to."""
        return self.at

    def mono_ns(self) -> int:
        """It goes on as it is put on."""
        return super().mono_ns() + int((self.at - THREE_AM).total_seconds() * 1e9)

    def put_on(self, minutes: float) -> None:
        """Let time pass."""
        self.at += timedelta(minutes=minutes)


@dataclass
class Room:
    """One database and those who sit before it; every desk is closed at the end."""

    place: Path
    clock: SystemClock = field(default_factory=SystemClock)
    _desks: list[Desk] = field(default_factory=list)
    _operators: list[Operator] = field(default_factory=list)

    @property
    def database(self) -> Path:
        """The file they share."""
        return self.place / "backout.sqlite"

    def desk(
        self,
        name: str = "sam",
        *,
        mail_port: int = 0,
        host: str = HERE,
        machine: str = THIS_MACHINE,
        clock: SystemClock | None = None,
        secrets: Mapping[str, str] | None = None,
    ) -> Desk:
        """A desk for `name`; with a mail server on `mail_port` when one is given.

        It stands on this machine, whatever its `host` is called, unless another `machine` is said, and goes by the
        clock of all unless another one is.
        """
        mail = (
            MailSettings(port=mail_port, sender="backout@example.org", deadline_s=20) if mail_port else MailSettings()
        )
        desk = Desk(
            database=self.database,
            actor=Actor(name, name, os.getuid(), host),
            settings=Settings(mail=mail),
            environment=operator_environment(os.environ),
            cwd=self.place,
            tool="backout-tui test",
            clock=clock or self.clock,
            machine_id=machine,
            whole_environment={**os.environ, **(secrets or {})},
        )
        self._desks.append(desk)
        return desk

    def start(self, text: str = BY_HAND, *, desk: Desk | None = None, **how: Any) -> Operator:
        """Start a backout of the plan `text` from a file."""
        plan = self.place / "plan.md"
        plan.write_text(text, encoding="utf-8")
        return self._kept(starting.start(desk or self.desk(), str(plan), Start(**how)))

    def decided(self, text: str = BY_HAND, **options: Any) -> Operator:
        """Started, with a problem and the decision to back out."""
        op = self.start(text, **options)
        problem_verbs.log(op, "5xx everywhere")
        decision_verbs.decide(op, by="release manager", reason="errors above two percent", agreed="by phone")
        return op

    def other(self, op: Operator, name: str = "sam", **options: Any) -> Operator:
        """Somebody else, or the same person again, at another terminal."""
        return self._kept(Operator.open(self.desk(name, **options), op.backout.id))

    def _kept(self, operator: Operator) -> Operator:
        self._operators.append(operator)
        return operator

    def unanswered(self, op: Operator, seconds: float = 61) -> None:
        """Somebody asks for the controls, and that long nobody answers."""
        assert isinstance(self.clock, SetClock)
        control_verbs.ask(op)
        self.clock.put_on(seconds / 60)

    def close(self) -> None:
        """Let go of every desk, and of what its sessions hold."""
        for operator in self._operators:
            operator.session.end(left=False)
        for desk in self._desks:
            desk.close()


def log_of(op: Operator) -> list[Event]:
    """The log as another reader sees it."""
    with Reader.open(op.desk.database) as reader:
        return reader.events_after(op.log_id, 0)


def kinds(op: Operator, after: int = 0) -> list[str]:
    """The kinds of all events behind `after`."""
    return [event.kind for event in log_of(op) if event.seq > after]


def attempts_on_disk(op: Operator) -> list[Path]:
    """The spool folders that are there."""
    root = spool_root(op.desk.database)
    return sorted(root.iterdir()) if root.exists() else []


@contextlib.contextmanager
def nothing_written(op: Operator) -> Iterator[None]:
    """Whatever happens inside leaves no event and no attempt behind."""
    before, there = log_of(op), attempts_on_disk(op)
    yield
    assert log_of(op) == before
    assert set(attempts_on_disk(op)) <= set(there), "one that was over may be swept away meanwhile, none may come"


def refusal(op: Operator, verb: Callable[..., object], *args: Any, **kwargs: Any) -> Refused:
    """The refusal of a verb; it must not have written anything."""
    with nothing_written(op), pytest.raises(Refused) as refused:
        verb(op, *args, **kwargs)
    return refused.value


def settled(op: Operator, within_s: float = 60.0) -> Backout:
    """Wait until nothing runs and nothing is being sent."""
    until = time.monotonic() + within_s
    while under_way(op.refresh()):
        assert time.monotonic() < until, f"still under way: {under_way(op.backout)}"
        time.sleep(0.02)
    return op.backout
