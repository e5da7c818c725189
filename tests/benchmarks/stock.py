"""The data: plans and logs of any size, made by the program's own modules in this process."""

from __future__ import annotations

import functools
import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlmodel import Session

from backout_tui import __version__
from backout_tui.domain.backout.events import Draft
from backout_tui.engine import pictures, starting
from backout_tui.engine.desk import Desk
from backout_tui.engine.operator import Operator
from backout_tui.engine.session.identity import whoami
from backout_tui.engine.verbs import check_verbs, decision_verbs, note_verbs, problem_verbs, step_verbs
from backout_tui.settings import Settings
from backout_tui.store.file.connection import connect_to_write
from backout_tui.store.file.transaction import engine_on
from backout_tui.store.log.appending import Stamp, append_drafts
from backout_tui.store.log.records import genesis

STEPS = 9
UNPICTURED = pictures.EVERY // 2
"""Events behind the stored picture of a long log: as many as there are behind it on average."""

_HEAD = """# Backout plan: shards 4.12.0

- release: shards 4.12.0
- returns to: 4.11.3
- environment: production
- team: payments
- window: 2h after deploy
- authoriser: release manager

## When to back out
- 5xx on /charge above 2 % for 5 minutes

## Steps
"""
_TAIL = """
## Verification
{checks}

## Communication
{messages}

## Contacts

| name | role | groups | zone | quiet | reach |
|---|---|---|---|---|---|
| release manager | authoriser | stakeholders | Europe/London | | email:rm@example.org |
| payments lead | development team | stakeholders | America/New_York | | email:lead@example.org |
"""


def plan_text(steps: int, first_command: str = "") -> str:
    """A plan of so many steps, six checks and four messages; `first_command` is what its first step runs."""
    bodies = [
        f"### {n}. Move shard {n} back\n- estimate: 2 min\n\nSay so in the channel, and wait for the bot's answer.\n"
        for n in range(1, steps + 1)
    ]
    if first_command:
        bodies[0] = f"### 1. Move shard 1 back\n- estimate: 2 min\n\n```sh\n{first_command}\n```\n"
    looked_at = "\n".join(f"### {chr(64 + n)}. Shard group {n} answers\nIt answers.\n" for n in range(1, 7))
    told = "\n".join(
        f"### Word number {n}\n- to: stakeholders\n- by: email\n\n> We are backing out {{release}}.\n"
        for n in range(1, 5)
    )
    return _HEAD + "\n".join(bodies) + _TAIL.format(checks=looked_at, messages=told)


def opened(folder: Path, steps: int = STEPS, first_command: str = "") -> Operator:
    """A live backout in a new database in `folder`: two problems, a decision to back out, no step done."""
    folder.mkdir(mode=0o700)
    (folder / "plan.md").write_text(plan_text(steps, first_command), encoding="utf-8")
    return _begun(_desk(folder / "backout.sqlite"))


def crowded(folder: Path, backouts: int) -> Operator:
    """The same among so many: all others are finished, each with its own log."""
    op = opened(folder)
    other = _begun(op.desk)
    _finish(other)
    _multiply(other, backouts)
    return op


def _begun(desk: Desk) -> Operator:
    plan = desk.database.with_name("plan.md")
    op = starting.start(
        desk, str(plan), starting.Start(reason="the other one is of the other region", deployed_at=desk.clock.now())
    )
    problem_verbs.log(op, "5xx on /charge", assign="payments lead")
    problem_verbs.log(op, "Ledger lag")
    decision_verbs.decide(op, by="release manager", reason="the criteria of the plan are met")
    return op


def _finish(op: Operator) -> None:
    for number in list(op.backout.steps):
        step_verbs.done(op, number)
    for check in list(op.backout.checks):
        check_verbs.record(op, check, "pass", "it answers as it did before")
    decision_verbs.verdict(op, "backed-out")
    decision_verbs.close(op, reason="the messages go out tomorrow, from the office")


def half_done(op: Operator) -> None:
    """Do the first half of the steps, in one transaction."""
    numbers = list(op.backout.steps)
    _append(op, (Draft("StepDone", {"step": number, "note": ""}) for number in numbers[: len(numbers) // 2]))


def lengthened(op: Operator, events: int) -> None:
    """Grow the log to so many events as a long watch would: checks looked at again and again, and notes."""
    before = op.backout.seq
    for verb in _LIVELY:
        verb(op)
    lively = op.events(after=before)
    drafts = itertools.cycle(Draft(event.kind, event.data, lease=event.lease) for event in lively)
    _append(op, itertools.islice(drafts, max(0, events - UNPICTURED - op.backout.seq)))
    pictures.keep(op.desk, op.backout, 0)
    _append(op, itertools.islice(drafts, max(0, events - op.backout.seq)))


_LIVELY: tuple[Callable[[Operator], object], ...] = (
    *(functools.partial(check_verbs.record, letter=letter, verdict="fail", note="5xx at 3 %") for letter in "ABC"),
    functools.partial(note_verbs.add, text="The replica set is still draining; looking again in a minute."),
)


def _multiply(op: Operator, backouts: int) -> None:
    """Store the backout of `op` again and again, as others with the same events, until there are so many."""
    told = [Draft(event.kind, event.data, lease=event.lease) for event in op.events()]
    stamp = Stamp(op.actor, op.desk.clock, op.desk.tool)
    begun = op.backout.id + 1
    engine = engine_on(functools.partial(connect_to_write, op.desk.database))
    with Session(engine) as session, session.begin():
        for number in range(begun, backouts + 1):
            log_id = f"backout:{number}"
            append_drafts(session, log_id, (0, genesis(log_id, op.backout.ref.sha256)), told, stamp)
    engine.dispose()
    op.desk.journal().rebuild_state()  # these came past the journal


def _append(op: Operator, drafts: Iterator[Draft]) -> None:
    if told := list(drafts):
        op.append(lambda _: told)


def _desk(database: Path) -> Desk:
    return Desk(
        database=database,
        actor=whoami("sam", os.environ),
        settings=Settings(),
        environment={},
        cwd=database.parent,
        tool=f"backout-tui {__version__}",
    )
