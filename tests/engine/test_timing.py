"""How long commands took before, read from real logs; and which running ones are silent, seen in real spools."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backout_tui.domain.clock import forecast
from backout_tui.domain.clock.past import NO_PAST
from backout_tui.engine import alive, timing
from backout_tui.engine.attempts.spool import attempt_of
from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import run_verbs, step_verbs
from backout_tui.store.clock import SystemClock
from tests.cli.lines import COMMANDS
from tests.engine.desks import ANOTHER_MACHINE, Room, settled
from tests.hands import by_hand

SLOW = COMMANDS.replace('echo "rolled back to $TARGET" | tee -a ran', "echo begun; sleep 60")
AGAIN = {"reason": "the first one was of the other region"}


def ran(room: Room, text: str = COMMANDS, **how: Any) -> Operator:
    """A backout in which step 2 ran to a good end."""
    op = room.decided(text, **(AGAIN | how))
    step_verbs.done(op, "1")
    run_verbs.run(op, "2")
    settled(op)
    return op


def runs(op: Operator) -> list[int]:
    """How often each command is known to have run before this backout."""
    return [len(durations) for durations in op.learn_past().durations.values()]


def test_what_ran_in_earlier_backouts_of_the_service_is_known_in_the_next_ones(room: Room) -> None:
    first = ran(room)
    assert runs(first) == []
    ran(room)
    third = room.decided(COMMANDS, **AGAIN)
    assert runs(third) == [2]
    assert forecast.expected_times(third.backout, third.past)["2"].typical_s < 60
    assert forecast.expected_times(third.backout, NO_PAST)["2"].typical_s == 60


def test_of_another_release_only_the_same_command_is_known(room: Room) -> None:
    ran(room)
    newer = room.decided(COMMANDS.replace("web 2.0", "web 2.1"))
    assert "2" in forecast.expected_times(newer.backout, newer.learn_past())
    assert forecast.expected_times(newer.backout, newer.past)["2"].typical_s < 60
    other = room.decided(COMMANDS.replace("web 2.0", "web 2.2").replace("tee -a ran", "tee ran"))
    assert forecast.expected_times(other.backout, other.learn_past())["2"].typical_s == 60


def test_another_service_and_a_rehearsal_that_only_showed_it_tell_nothing(room: Room) -> None:
    ran(room, COMMANDS.replace("web 2.0", "shop 2.0"))
    ran(room, rehearsal=True)
    assert runs(room.decided(COMMANDS, **AGAIN)) == []


def test_only_so_many_are_read(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        ran(room)
    monkeypatch.setattr(timing, "BACKOUTS", 2)
    assert runs(room.decided(COMMANDS, **AGAIN)) == [2]
    monkeypatch.setattr(timing, "LOOKED_AT", 1)
    assert runs(room.decided(COMMANDS, **AGAIN)) == []


def test_a_log_that_cannot_be_understood_takes_nothing_from_the_others(room: Room) -> None:
    ran(room)
    spoilt, third = ran(room), room.decided(COMMANDS, **AGAIN)
    other = "CAST(replace(record, '\"release\"', '\"no one\"') AS BLOB)"
    with by_hand(room.database) as hand:
        hand.execute("DROP TRIGGER event_no_update")
        hand.execute(f"UPDATE event SET record = {other} WHERE log_id = ? AND seq = 1", (spoilt.log_id,))
    assert runs(third) == [1]


# ── silence ───────────────────────────────────────────────────────────────────────────────────────────────────────


class LaterClock(SystemClock):
    """The real clock, put on by some minutes."""

    minutes = 0.0

    def now(self) -> datetime:
        return super().now() + timedelta(minutes=self.minutes)


@pytest.fixture
def slow(room: Room) -> Iterator[Operator]:
    """Step 2 runs, and has printed one line."""
    room.clock = LaterClock()
    op = room.decided(SLOW)
    step_verbs.done(op, "1")
    run_verbs.run(op, "2")
    until = time.monotonic() + 60
    while attempt_of(room.database, op.backout.steps["2"].attempts[-1].intent).printed_at() is None:
        assert time.monotonic() < until
        time.sleep(0.02)
    yield op
    LaterClock.minutes = 0.0
    run_verbs.stop(op, "2")
    settled(op)


def put_on(minutes: float) -> None:
    """Let time pass."""
    LaterClock.minutes = minutes


def test_a_running_step_is_silent_once_it_has_printed_nothing_for_too_long(room: Room, slow: Operator) -> None:
    folder = attempt_of(room.database, slow.backout.steps["2"].attempts[-1].intent)
    assert slow.silent_steps() == {}
    put_on(2.5)
    assert slow.silent_steps().keys() == {"2"}
    printed = time.time() + 60
    os.utime(folder.path / "tail.json", (printed, printed))  # one line may still be replaced: it lies in the tail
    assert slow.silent_steps() == {}
    put_on(4)
    assert slow.silent_steps() == {"2": datetime.fromtimestamp(printed, UTC)}
    assert slow.refresh().steps["2"].state.value == "running", "it is never stopped for it"


def test_of_what_runs_elsewhere_or_left_no_folder_nothing_is_said(room: Room, slow: Operator) -> None:
    put_on(30)
    elsewhere = room.desk(host="another-host", machine=ANOTHER_MACHINE)
    assert alive.silent_steps(elsewhere, slow.backout) == {}
    moved = room.place / "moved"
    folder = attempt_of(room.database, slow.backout.steps["2"].attempts[-1].intent).path
    folder.rename(moved)
    assert slow.silent_steps() == {}
    moved.rename(folder)
