"""The clock jumps between any two things that are done: back and ahead, over a change of the hour, over boots."""

from __future__ import annotations

import contextlib
import random
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from backout_tui.domain.backout.state import Backout
from backout_tui.domain.clock.clock_reading import read
from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import (
    call_verbs,
    check_verbs,
    decision_verbs,
    message_verbs,
    note_verbs,
    problem_verbs,
    step_verbs,
)
from backout_tui.errors import BackoutError, Refused
from backout_tui.reports.brief import brief
from backout_tui.reports.log_words import sentence
from backout_tui.reports.show_json import show_json
from backout_tui.reports.show_words import lines
from backout_tui.store.clock import SystemClock
from backout_tui.store.log.verify import verify_log
from tests.campaigns.experiment import Experiment
from tests.engine.desks import HEAD, PEOPLE, Room, log_of

PLAN = (
    HEAD.rstrip("\n")
    + "\n- deployed: 2026-11-22 01:50 Europe/London\n- window: 2h after deploy\n- updates: every 20 min\n\n"
    + PEOPLE.lstrip()
    + "\n## Steps\n\n"
    + "".join(
        f"### {n}. Step {n}\n- estimate: {n}-{3 * n} min\n- waits for: nothing\n\nBy hand.\n\n" for n in range(1, 6)
    )
    + "## Verification\n\n### A. It answers\n- after: 1\n- watch: 10 min, every 30 s\n\nLook.\n\n"
    + "## Communication\n\n### Started\n- to: everybody\n- by: email\n- when: decision\n\n"
    + "> By {finish}, next at {next_update}.\n"
)
MOMENTS = (
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC),
    datetime(2026, 3, 29, 0, 59, 30, tzinfo=UTC),  # an hour is left out in London
    datetime(2026, 10, 25, 0, 59, 30, tzinfo=UTC),  # an hour comes twice
    datetime(2026, 11, 22, 2, 0, tzinfo=UTC),
    datetime(2038, 1, 19, 3, 14, 7, tzinfo=UTC),
    datetime(2106, 2, 7, 6, 28, 15, tzinfo=UTC),
    datetime(9998, 12, 31, 23, 59, 59, tzinfo=UTC),
)
_NEGATIVE = re.compile(r"(?<![\w.:+-])-\s?\d+(:\d\d|\s?(ms|s|min|h|d|days?)\b)")


class JumpingClock(SystemClock):
    """A clock that is set to another time between any two looks, and now and then boots."""

    def __init__(self, dice: random.Random) -> None:
        self._dice, self._at, self._mono, self._boot = dice, MOMENTS[4], 10**12, 0

    def jump(self) -> None:
        """Be set ahead or back by a little or by years; or boot."""
        kind = self._dice.choice(("on", "on", "ahead", "back", "moment", "boot"))
        by = timedelta(seconds=self._dice.choice((1, 59, 3600, 86_400, 40 * 86_400)) * self._dice.random())
        if kind == "moment":
            self._at = self._dice.choice(MOMENTS)
        elif kind == "boot":
            self._boot, self._mono = self._boot + 1, self._dice.choice((0, 1, 10**9))
        elif kind != "on":
            with contextlib.suppress(OverflowError):
                self._at += -by if kind == "back" else by
        self._mono += self._dice.choice((0, 1, 10**9, 10**13))

    def now(self) -> datetime:
        """Where it was set."""
        return self._at

    def mono_ns(self) -> int:
        """Never less than before, within a boot."""
        return self._mono

    def boot_id(self) -> str:
        """The boot it is in."""
        return f"boot-{self._boot}"


def _verbs(dice: random.Random, clock: JumpingClock) -> list[Callable[[Operator], object]]:
    """Things that an operator does; what is not possible just then is refused."""
    step = str(dice.randint(1, 5))
    return [
        lambda op: problem_verbs.log(op, "5xx"),
        lambda op: decision_verbs.decide(
            op, by="release manager", reason="errors above two percent", agreed="by phone"
        ),
        lambda op: step_verbs.done(op, step),
        lambda op: step_verbs.fail(op, step, "it does not answer"),
        lambda op: step_verbs.skip(op, step, "not needed tonight"),
        lambda op: step_verbs.reopen(op, step, "needed after all"),
        lambda op: check_verbs.record(op, "A", dice.choice(("pass", "fail")), "looked at it"),
        lambda op: call_verbs.log(op, "web lead", "no-answer", "", clock.now() + timedelta(minutes=5)),
        lambda op: message_verbs.preview(op, "Started"),
        lambda op: note_verbs.add(op, "a note"),
    ]


def nothing_negative_nothing_out_of_order(dice: random.Random, ground: Path) -> str | None:
    """Every report can be made at any time, no duration is negative, the log is in the order in which it happened."""
    clock = JumpingClock(dice)
    with contextlib.closing(Room(ground, clock)) as room:
        op = room.start(PLAN)
        for _ in range(12):
            clock.jump()
            verb = dice.choice(_verbs(dice, clock))
            with contextlib.suppress(BackoutError, Refused):
                verb(op)
            clock.jump()
            if why := _why_wrong(op.refresh(), clock.now()):
                return why
        events = log_of(op)
        said = [sentence(event) for event in events]
    if [event.seq for event in events] != list(range(1, len(events) + 1)) or not verify_log(
        room.database, "backout:1"
    ).ok:
        return "the log is out of order"
    return _negative("log", said)


def _why_wrong(backout: Backout, now: datetime) -> str | None:
    reading = read(backout, now)
    return (
        _negative("brief", brief(backout, now))
        or _negative("show", lines(backout, reading))
        or _negative("show --json", _durations(show_json(backout, reading)))
    )


def _negative(where: str, said: Iterable[str]) -> str | None:
    return next((f"a negative time in {where}: {line}" for line in said if _NEGATIVE.search(line)), None)


def _durations(value: object, key: str = "") -> Iterator[str]:
    """The durations in a document, as text: what is called `..._s` or `..._ms`."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _durations(inner, str(name))
    elif isinstance(value, list):
        for inner in value:
            yield from _durations(inner, key)
    elif key.endswith(("_s", "_ms")) and isinstance(value, int):
        yield f"{value} s in {key}"


EXPERIMENTS = [Experiment("clock jumps", nothing_negative_nothing_out_of_order, goal=10_000, share=2.0)]
