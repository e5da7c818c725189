"""A vanished supervisor, a probe, a step that is safe to repeat: with real processes, killed for good."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from backout_tui.domain.backout.items import Attempt
from backout_tui.domain.backout.states import StepStatus
from backout_tui.domain.rules.doubt import Life, doubts
from backout_tui.domain.values import replace
from backout_tui.engine.attempts.spool import attempt_of
from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import decision_verbs, probe_verbs, run_verbs, step_verbs
from backout_tui.errors import Refused
from tests.engine.bench import kill, lives, wait_for
from tests.engine.desks import ANOTHER_MACHINE, HEAD, PEOPLE, Room, kinds, log_of, refusal, settled

PLAN = (
    HEAD
    + """## Variables
- TARGET: blue
- TAG:
- TOKEN: (secret)

## Steps

### 1. Wait
- safe to repeat
- probe: `echo "looked at $TARGET"; test -e there`

```sh
echo begun; test -e again || sleep 60
```

### 2. Wait once
- probe: echo "token $TOKEN"

```sh
sleep 60
```

### 3. Break
- probe: deploy --status <tag>

```sh
exit 3
```

### 4. By hand
- probe: sleep 60
"""
    + PEOPLE
)


def begun(op: Operator, number: str) -> tuple[int, int]:
    """Run a step; the numbers of its supervisor's and its command's process."""
    run_verbs.run(op, number)
    return processes(op, attempt_in(op, number))


def processes(op: Operator, attempt: Attempt) -> tuple[int, int]:
    """Those of a running attempt."""
    folder = attempt_of(op.desk.database, attempt.intent)
    wait_for(lambda: folder.process() is not None)
    started, process = folder.started(), folder.process()
    assert started is not None
    assert process is not None
    return int(started["pid"]), int(process["pid"])


def attempt_in(op: Operator, number: str) -> Attempt:
    """The newest attempt of a step."""
    attempt = op.backout.steps[number].attempt
    assert attempt is not None
    return attempt


def orphaned(op: Operator, number: str = "1") -> int:
    """Run a step and kill its supervisor with signal 9: it is in doubt; the number of its command's process."""
    supervisor, command = begun(op, number)
    kill(supervisor)
    wait_for(lambda: not lives(supervisor))
    wait_for(lambda: op.refresh().steps[number].state is StepStatus.IN_DOUBT)
    return command


def last(op: Operator) -> dict[str, Any]:
    """The data of the newest event."""
    return dict(log_of(op)[-1].data)


# ── whether it still lives ────────────────────────────────────────────────────────────────────────────────────────


def test_after_kill_9_of_the_supervisor_it_is_known_whether_the_command_lives_although_its_folder_is_gone(
    room: Room,
) -> None:
    op = room.decided(PLAN)
    command = orphaned(op)
    try:
        attempt = attempt_in(op, "1")
        assert not attempt_of(op.desk.database, attempt.intent).path.exists()
        assert (attempt.pid, attempt.still_running) == (command, True)
        assert op.life_of(attempt) is Life.LIVES
        assert op.life_of(replace(attempt, start_ticks=1)) is Life.GONE, "another process of that number"
        assert op.life_of(replace(attempt, boot_id="an earlier boot")) is Life.GONE
        assert op.life_of(replace(attempt, start_ticks=None)) is Life.UNKNOWN
        assert op.life_of(replace(attempt, pid=None)) is Life.UNKNOWN
        assert room.other(op, machine=ANOTHER_MACHINE).life_of(attempt) is Life.ELSEWHERE
    finally:
        kill(command)
    wait_for(lambda: op.life_of(attempt) is Life.GONE)
    assert [one.item for one in doubts(op.backout)] == [("step", "1")]


def test_a_step_that_is_safe_to_repeat_is_run_again_only_once_its_old_process_is_gone(room: Room) -> None:
    op = room.decided(PLAN)
    command = orphaned(op)
    try:
        for verb in (run_verbs.refuse_run, run_verbs.run):
            refused = refusal(op, verb, "1", reason="in a hurry", break_glass=True)
            assert f"still alive: process {command}" in refused.reason
    finally:
        kill(command)
    wait_for(lambda: not lives(command))
    (room.place / "again").touch()
    assert "safe to repeat" in run_verbs.preview(op, "1").warnings[0]
    run_verbs.run(op, "1")
    step = settled(op).steps["1"]
    assert (step.state, [one.state for one in step.attempts]) == (StepStatus.DONE, ["in_doubt", "done"])
    assert "is done" in refusal(op, run_verbs.run, "1").reason


def test_any_other_step_in_doubt_is_never_run_again(room: Room) -> None:
    op = room.decided(PLAN)
    step_verbs.skip(op, "1", "not what this test is about")
    op.desk.secrets.remember("TOKEN", "hunter2-and-more")
    kill(orphaned(op, "2"))
    refused = refusal(op, run_verbs.run, "2", reason="in a hurry", break_glass=True)
    assert ("First say what is true" in refused.reason, refused.lifted_by) == (True, "")
    step_verbs.resolve(op, "2", "not-started", "its host never saw it")
    assert op.backout.steps["2"].state is StepStatus.PENDING


# ── probes ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_probe_is_a_record_of_its_own_and_changes_nothing_of_its_step(room: Room) -> None:
    op = room.decided(PLAN)
    kill(orphaned(op))
    before, seq = op.backout.steps["1"], op.backout.seq
    assert probe_verbs.preview(op, "1").command == 'echo "looked at $TARGET"; test -e there'
    receipt = probe_verbs.run(op, "1", shown=probe_verbs.preview(op, "1"))
    assert receipt.event is not None
    assert (receipt.event.kind, receipt.event.data["attempt"]) == ("ProbeStarted", 1)
    step = settled(op).steps["1"]
    assert kinds(op, seq) == ["ProbeStarted", "ProbeFinished"]
    assert (last(op)["result"], last(op)["exit_code"], last(op)["last"]) == ("failed", 1, "looked at blue")
    (room.place / "there").touch()
    probe_verbs.run(op, "1")
    step = settled(op).steps["1"]
    assert [(one.number, one.state, one.last) for one in step.probes] == [
        (1, "failed", "looked at blue"),
        (2, "done", "looked at blue"),
    ]
    assert replace(step, probes=()) == before
    assert step.state is StepStatus.IN_DOUBT
    assert op.output(step.probes[-1]).text == b"looked at blue\n"


def test_a_secret_of_a_probe_is_hidden_in_what_is_kept_of_its_output(room: Room) -> None:
    op = room.decided(PLAN)
    step_verbs.skip(op, "1", "not what this test is about")
    kill(orphaned(op, "2"))
    assert "needs the secret TOKEN" in refusal(op, probe_verbs.run, "2").reason
    probe_verbs.refuse_run(op, "2")  # it can still be asked for
    op.desk.secrets.remember("TOKEN", "hunter2-and-more")
    probe_verbs.run(op, "2")
    settled(op)
    assert "hunter2" not in last(op)["last"]
    assert last(op)["last"].startswith("token ")
    kept = b"".join(path.read_bytes() for path in room.place.rglob("*") if path.is_file())
    assert b"hunter2" not in kept


def test_a_probe_is_refused_where_there_is_nothing_to_find_out(room: Room) -> None:
    op = room.decided(PLAN)
    assert "is pending" in refusal(op, probe_verbs.run, "1").reason
    step_verbs.skip(op, "1", "not what this test is about")
    step_verbs.skip(op, "2", "not what this test is about")
    assert "is skipped" in refusal(op, probe_verbs.run, "1").reason
    run_verbs.run(op, "3")
    settled(op)
    assert "<tag>" in refusal(op, probe_verbs.run, "3").reason
    assert "sam has the controls" in refusal(room.other(op, "kim"), probe_verbs.refuse_run, "3").reason


def test_a_variable_that_was_changed_after_it_was_shown_is_looked_at_again(room: Room) -> None:
    op = room.decided(PLAN)
    kill(orphaned(op))
    shown = probe_verbs.preview(op, "1")
    step_verbs.set_variable(room.other(op), "TARGET", "green")
    with pytest.raises(Refused, match="changed meanwhile"):
        probe_verbs.run(op, "1", shown=shown)
    assert kinds(op)[-1] == "VariableSet"


def test_a_probe_whose_supervisor_is_killed_is_in_doubt_and_stands_in_nobodys_way(room: Room) -> None:
    op = room.decided(PLAN)
    step_verbs.skip(op, "1", "not what this test is about")
    step_verbs.skip(op, "2", "not what this test is about")
    step_verbs.skip(op, "3", "not what this test is about")
    step_verbs.fail(op, "4", "the phone is dead")
    probe_verbs.run(op, "4")
    assert "probe of step 4 is running" in refusal(op, decision_verbs.close, outcome="failed", reason="enough").reason
    assert "is running" in refusal(op, probe_verbs.run, "4").reason
    probe = op.backout.steps["4"].last_probe
    assert probe is not None
    supervisor, command = processes(op, probe)
    kill(supervisor)
    kill(command)
    wait_for(lambda: kinds(room.other(op))[-1] == "ProbeInDoubt")
    op.refresh()
    assert doubts(op.backout) == ()
    assert op.backout.steps["4"].state is StepStatus.FAILED
    step_verbs.skip(op, "4", "nothing is lost by that")
    decision_verbs.verdict(op, "backed-out")


def test_a_rehearsal_only_shows_a_probe(room: Room) -> None:
    op = room.decided(PLAN, rehearsal=True)
    step_verbs.fail(op, "1", "as the exercise says")
    before = op.backout.seq
    probe_verbs.run(op, "1")
    assert kinds(op, before) == ["ProbeShown"]
    assert not (room.place / "backout.sqlite.d" / "spool").exists() or not list(_spool(room).iterdir())
    assert op.backout.steps["1"].probes[-1].state == "shown"


def _spool(room: Room) -> Path:
    return Path(os.fspath(room.database) + ".d") / "spool"
