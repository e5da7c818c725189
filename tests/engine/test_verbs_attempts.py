"""A step's command as it runs, by a real supervisor: to its outcome, its stop, its doubt; and in a rehearsal."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
from pathlib import Path

import pytest

from backout_tui.domain.backout.events import Draft
from backout_tui.domain.backout.states import StepStatus
from backout_tui.domain.values import replace
from backout_tui.engine.attempts import beginning, liveness, spool
from backout_tui.engine.verbs import note_verbs, run_verbs, step_verbs
from tests.engine.bench import kill, wait_for
from tests.engine.desks import ANOTHER_MACHINE, Room, attempts_on_disk, kinds, log_of, refusal, settled
from tests.engine.test_verbs_running import PLAN, TOKEN, outcome, ready

# ── what runs ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_command_runs_where_the_backout_was_started_and_its_outcome_is_recorded(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No terminal, none of our own variables; its intent stands before its outcome."""
    monkeypatch.setenv("BACKOUT_AS", "not for commands")
    op = ready(room, "1")
    before = op.backout.seq
    receipt = run_verbs.run(op, "1", reason="as planned, and on time")
    assert receipt.event is not None
    assert receipt.event.kind == "StepStarted"
    assert receipt.event.data["reason"] == "as planned, and on time"
    assert receipt.backout.steps["1"].state is StepStatus.RUNNING
    assert "is running" in refusal(op, step_verbs.skip, "1", "no").reason
    backout = settled(op)
    assert kinds(op, before) == ["StepStarted", "StepFinished"]
    attempt = backout.steps["1"].attempt
    assert attempt is not None
    assert (attempt.state, attempt.exit_code, attempt.expect_met, attempt.host) == ("done", 0, True, op.actor.host)
    assert attempt.duration_ms is not None
    lines = op.output(attempt).text.decode().splitlines()
    assert lines == ["going to blue", str(room.place), "not a tty", "clean"]
    assert log_of(op)[-1].lease == 1
    assert "is done" in refusal(op, run_verbs.run, "1").reason


def test_a_fence_whose_first_line_fails_has_failed_and_is_run_again_as_a_new_attempt(room: Room) -> None:
    op = ready(room, "2")
    run_verbs.run(op, "2")
    backout = settled(op)
    assert backout.steps["2"].state is StepStatus.FAILED
    assert (outcome(op)["exit_code"], outcome(op)["why"]) == (1, "exit code 1")
    attempt = backout.steps["2"].attempt
    assert attempt is not None
    assert op.output(attempt).text == b"before\n"
    step_verbs.change(op, "2", command="echo fixed", reason="without the line that fails")
    run_verbs.run(op, "2")
    again = settled(op).steps["2"]
    assert (again.state, [one.number for one in again.attempts]) == (StepStatus.DONE, [1, 2])
    assert [one.state for one in again.attempts] == ["failed", "done"]


def test_a_secret_reaches_the_command_and_nothing_else(room: Room) -> None:
    """Not the database, not the spool, not the output."""
    op = ready(room, "5")
    op.desk.secrets.remember("TOKEN", TOKEN)
    run_verbs.run(op, "5")
    spooled = b"".join(path.read_bytes() for path in room.place.rglob("*") if path.is_file())
    backout = settled(op)
    attempt = backout.steps["5"].attempt
    assert attempt is not None
    text = op.output(attempt).text.decode()
    assert text.endswith(f"is {len(TOKEN)} long\n")
    assert TOKEN not in text
    kept = b"".join(path.read_bytes() for path in room.place.rglob("*") if path.is_file())
    assert TOKEN.encode() not in spooled + kept


def test_a_stop_is_recorded_and_takes_the_command_down(room: Room) -> None:
    op = ready(room, "6")
    assert "not running" in refusal(op, run_verbs.stop, "6").reason
    run_verbs.run(op, "6")
    receipt = run_verbs.stop(op, "6")
    assert receipt.event is not None
    assert receipt.event.kind == "StepStopAsked"
    backout = settled(op)
    step = backout.steps["6"]
    assert (step.state, step.reason) == (StepStatus.FAILED, "stopped by sam")
    assert outcome(op)["stopped_by"] == "sam"


def test_what_runs_on_another_host_is_stopped_from_there(room: Room) -> None:
    op = ready(room, "6", desk=room.desk(host="elsewhere", machine=ANOTHER_MACHINE))
    before = op.backout.seq
    there = {**_draft().data, "machine": ANOTHER_MACHINE}
    op.append(lambda _: [replace(_draft(), data=there, event_id="ab" * 16)])
    here = room.other(op)
    assert here.backout.steps["6"].state is StepStatus.RUNNING
    assert "runs on elsewhere" in refusal(here, run_verbs.stop, "6").reason
    assert kinds(op, before) == ["StepStarted"]


def test_a_stop_that_comes_just_after_the_end_is_no_trouble(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder went between the record and the word in it."""
    op = ready(room, "6")
    op.append(lambda _: [replace(_draft(), event_id="ab" * 16)])
    monkeypatch.setattr(op, "refresh", lambda: op.backout)
    receipt = run_verbs.stop(op, "6")
    assert receipt.event is not None
    assert receipt.event.kind == "StepStopAsked"


def _draft() -> Draft:
    return Draft("StepStarted", {"step": "6", "attempt": 1, "command": "sleep 60", "shell": "sh"})


# ── a rehearsal, doubts ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_rehearsal_shows_the_command_and_runs_nothing(room: Room) -> None:
    """Neither a gap nor a secret is needed for it."""
    op = room.decided(PLAN, rehearsal=True)
    assert "step-condition 5" in refusal(op, run_verbs.run, "5").reason
    step_verbs.answer(op, "5", "yes")
    for number in "123456":
        receipt = run_verbs.run(op, number)
        assert receipt.event is not None
        assert receipt.event.kind == "StepShown"
    assert attempts_on_disk(op) == []
    assert all(op.backout.steps[number].state is StepStatus.DONE for number in "123456")
    assert "<tag>" in log_of(op)[-4].data["command"]


def test_an_attempt_whose_supervisor_vanished_is_in_doubt_until_a_person_says_what_is_true(room: Room) -> None:
    op = ready(room, "6")
    receipt = run_verbs.run(op, "6")
    assert receipt.event is not None
    folder = spool.attempt_of(op.desk.database, receipt.event.event_id)
    command = _kill_supervisor(folder)
    backout = settled(op)
    kill(command)
    assert backout.steps["6"].state is StepStatus.IN_DOUBT
    assert outcome(op)["still_running"] is True
    assert outcome(op)["pid"] == command
    assert log_of(op)[-1].actor.name == "sam"
    assert log_of(op)[-1].lease == 1
    for verb in (run_verbs.run, step_verbs.done):
        assert "in doubt" in refusal(op, verb, "6", reason="go on").reason
    assert "in doubt" in refusal(op, step_verbs.done, "7", reason="go on").reason
    step_verbs.resolve(op, "6", "failed", "looked: nothing was changed")
    step = op.backout.steps["6"]
    assert (step.state, step.reason) == (StepStatus.FAILED, "looked: nothing was changed")


def test_a_resolved_step_that_never_started_can_be_run_again(room: Room) -> None:
    op = ready(room, "6")
    receipt = run_verbs.run(op, "6")
    assert receipt.event is not None
    kill(_kill_supervisor(spool.attempt_of(op.desk.database, receipt.event.event_id)))
    settled(op)
    step_verbs.resolve(op, "6", "not-started", "the host was down")
    assert op.backout.steps["6"].state is StepStatus.PENDING
    run_verbs.refuse_run(op, "6")


def test_what_ended_without_a_word_is_settled_by_whoever_looks_next(room: Room) -> None:
    """Not started, because the one who claimed it went away before anything began."""
    op = ready(room, "1")
    intent = "cd" * 16
    folder, lock = beginning.make_attempt(op.desk.database, intent, {"log": op.log_id, "after": op.backout.seq})
    op.append(lambda _: [Draft("StepStarted", {"step": "1", "attempt": 1, "command": "x"}, event_id=intent)])
    kim = room.other(op, "kim")
    assert kim.backout.steps["1"].state is StepStatus.RUNNING
    fcntl.flock(lock, fcntl.LOCK_UN)
    os.close(lock)
    assert kim.refresh().steps["1"].state is StepStatus.PENDING
    assert log_of(op)[-1].kind == "StepNotStarted"
    assert (log_of(op)[-1].actor.name, log_of(op)[-1].data["begun_by"]) == ("kim", "sam")
    assert not folder.path.exists()


def test_a_crash_before_the_claim_leaves_nothing_that_counts_and_is_swept_in_time(room: Room) -> None:
    op = ready(room, "1")
    folder, lock = beginning.make_attempt(op.desk.database, "ef" * 16, {"log": op.log_id, "after": 0})
    os.close(lock)
    room.other(op)
    assert folder.path.exists()
    os.utime(folder.path, (0, 0))
    room.other(op)
    assert not folder.path.exists()
    note_verbs.add(op, "nothing was recorded of it")
    assert "StepNotStarted" not in kinds(op)


def _kill_supervisor(folder: spool.AttemptFolder) -> int:
    """Kill it once its command runs; the command's process, which goes on."""
    wait_for(lambda: folder.process() is not None)
    started = folder.started()
    process = folder.process()
    assert started is not None
    assert process is not None
    kill(started["pid"])
    wait_for(lambda: not liveness.is_live(folder))
    return int(process["pid"])


def test_the_claim_names_the_folder_and_what_is_run_by_hash(room: Room) -> None:
    op = ready(room, "6")
    receipt = run_verbs.run(op, "6")
    assert receipt.event is not None
    path = spool.attempt_of(op.desk.database, receipt.event.event_id).path
    claim = receipt.event.data
    script, request = claim["command"].encode(), (path / "request.json").read_bytes()
    assert claim["spool"] == {
        "uid": os.getuid(),
        "folder": path.stat().st_ino,
        "lock": (path / "lock").stat().st_ino,
        "script": hashlib.sha256(script).hexdigest(),
        "request": hashlib.sha256(request).hexdigest(),
        "database": op.desk.reader.id,
    }


def test_the_request_of_an_attempt_is_private_and_holds_no_secret(room: Room) -> None:
    op = ready(room, "6")
    receipt = run_verbs.run(op, "6")
    assert receipt.event is not None
    folder = spool.attempt_of(op.desk.database, receipt.event.event_id).path
    request = json.loads((folder / "request.json").read_text())
    assert {key: request[key] for key in ("log", "kind", "subject", "attempt", "timeout_ms", "keep_going")} == {
        "log": "backout:1", "kind": "step", "subject": "6", "attempt": 1, "timeout_ms": None, "keep_going": False,
    }  # fmt: skip
    assert 0 < request["after"] < receipt.event.seq
    for path in (folder, *folder.iterdir()):
        assert path.stat().st_mode & 0o077 == 0, path
    assert re.fullmatch(r"[0-9a-f]{32}", folder.name)
    assert Path(request["database"]).is_absolute()
    run_verbs.stop(op, "6")
    settled(op)
