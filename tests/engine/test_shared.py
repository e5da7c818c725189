"""One database that a group shares, two logins of it: each sees, settles and stops what the other began."""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from backout_tui.domain.backout.states import StepStatus
from backout_tui.engine.attempts import beginning
from backout_tui.engine.attempts.durable import json_bytes
from backout_tui.engine.attempts.processes import pid_namespace, start_ticks
from backout_tui.engine.attempts.spool import AttemptFolder
from backout_tui.engine.operator import Operator
from backout_tui.engine.session.session import Session
from backout_tui.engine.verbs import control_verbs, decision_verbs, note_verbs, problem_verbs, run_verbs
from backout_tui.store.clock import SystemClock
from backout_tui.store.log.verify import verify_log
from tests.engine.bench import plant
from tests.engine.desks import HEAD, Room, SetClock, attempts_on_disk, kinds, log_of, refusal
from tests.users import GROUP, acting_as, as_root, open_folder

SAM, KIM = 4001, 4002
PLAN = HEAD + "## Steps\n\n### 1. Wait\n\n```sh\necho done\n```\n"


@dataclass
class Shared:
    """The room, sam's and kim's dashboards, and the lock of the attempt that sam began."""

    room: Room
    sam: Operator
    kim: Operator
    lock: int = -1

    @property
    def attempt(self) -> AttemptFolder:
        """What sam began."""
        (folder,) = attempts_on_disk(self.sam)
        return AttemptFolder.at(folder)

    def die(self) -> None:
        """Sam's supervisor is killed: its lock is free."""
        os.close(self.lock)
        self.lock = -1


@contextlib.contextmanager
def private_umask() -> Iterator[None]:
    """As careful people have it: nothing for the group, unless the program sees to it."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shared]:
    """Sam has run step 1, whose supervisor is this test; kim looks on."""
    locks: list[int] = []
    monkeypatch.setattr(beginning, "spawn_supervisor", lambda _attempt, lock, *_: locks.append(lock))
    with contextlib.closing(Room(tmp_path)) as first:
        first.decided(PLAN)  # imports everything, as root: another login may not
    with private_umask(), open_folder() as place:
        os.chown(place, 0, GROUP)
        place.chmod(0o2770)
        room = Room(place, SetClock())
        with acting_as(SAM):
            started = room.start(PLAN)
            sam = Operator.open(room.desk("sam"), started.backout.id, is_dashboard=True)
            problem_verbs.log(sam, "5xx")
            decision_verbs.decide(sam, by="release manager", reason="errors above two percent")
            run_verbs.run(sam, "1")
        with acting_as(KIM):
            kim = Operator.open(room.desk("kim"), started.backout.id, is_dashboard=True)
        found = Shared(room, sam, kim, locks[0])
        yield found
        if found.lock >= 0:
            found.die()
        room.close()


def state(op: Operator) -> StepStatus:
    """What step 1 is for somebody who looks again."""
    return op.refresh().steps["1"].state


@as_root
def test_what_stands_in_the_place_of_the_folder_is_named_and_never_believed(shared: Shared) -> None:
    path = shared.attempt.path
    with acting_as(SAM):
        shared.attempt.folder.create("started.json", json_bytes({"boot_id": "x"}))
    path.rename(path.parent.parent / "taken")
    path.mkdir(0o777)
    os.chown(path, KIM, GROUP)
    plant(path / "outcome.json", {"result": "done", "exit_code": 0})
    (path / "lock").touch()
    whose = f"what stands there belongs to uid {KIM} and is not the folder that was claimed"
    with acting_as(KIM):
        assert state(shared.kim) is StepStatus.RUNNING
        words = f"step 1 runs, but somebody took its folder {path} away ({whose}); a stop still reaches it"
        assert shared.kim.closed_to_us() == words
    shared.die()
    with acting_as(KIM):
        assert state(shared.kim) is StepStatus.IN_DOUBT
        why = shared.kim.backout.steps["1"].reason
    assert why == f"its folder {path} is not there any more ({whose}): nobody knows whether it ran"
    assert (path / "outcome.json").exists()


@as_root
def test_a_folder_that_was_renamed_is_found_and_settled_as_what_it_holds(shared: Shared) -> None:
    path = shared.attempt.path
    with acting_as(SAM):
        shared.attempt.folder.create("started.json", json_bytes({"boot_id": "x"}))
        shared.attempt.folder.write_json("outcome.json", {"result": "done", "exit_code": 0})
    path.rename(path.with_name("elsewhere"))
    with acting_as(KIM):
        assert state(shared.kim) is StepStatus.RUNNING
    shared.die()
    with acting_as(SAM):
        assert state(shared.sam) is StepStatus.DONE
    assert list(path.parent.iterdir()) == []


@as_root
@pytest.mark.parametrize("supervisor_lives", [True, False])
def test_who_holds_the_lock_of_another_keeps_nothing_running(shared: Shared, supervisor_lives: bool) -> None:
    """The group can open the lock to see whether it is held, and so hold it."""
    supervisor = subprocess.Popen(["sleep", "60"])
    word = {"pid": supervisor.pid, "start_ticks": start_ticks(supervisor.pid), "pid_ns": pid_namespace()}
    with acting_as(SAM):
        shared.attempt.folder.create("started.json", json_bytes(word | {"boot_id": SystemClock().boot_id()}))
    with acting_as(KIM), (shared.attempt.path / "lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        shared.die()
        if not supervisor_lives:
            supervisor.kill()
            supervisor.wait()
        expected = StepStatus.RUNNING if supervisor_lives else StepStatus.IN_DOUBT
        assert state(shared.kim) is expected
    supervisor.kill()
    supervisor.wait()


@as_root
def test_the_other_sees_that_it_lives_and_settles_it_when_it_does_not(shared: Shared) -> None:
    with acting_as(KIM):
        assert state(shared.kim) is StepStatus.RUNNING
    with acting_as(SAM):
        shared.attempt.folder.create("started.json", json_bytes({"boot_id": "x"}))
        shared.attempt.folder.create("output", b"all drained\n")
        shared.attempt.folder.write_json("outcome.json", {"result": "done", "exit_code": 0})
    shared.die()
    with acting_as(KIM):
        assert state(shared.kim) is StepStatus.DONE
        assert shared.kim.output(shared.kim.backout.steps["1"].attempts[0]).text == b"all drained\n"
    assert [event.lease for event in log_of(shared.sam)][-1] == 1
    assert verify_log(shared.room.database, "backout:1").ok


@as_root
def test_what_began_and_left_no_outcome_is_in_doubt_for_the_other_too(shared: Shared) -> None:
    with acting_as(SAM):
        shared.attempt.folder.create("started.json", json_bytes({"boot_id": "x"}))
    shared.die()
    with acting_as(KIM):
        assert state(shared.kim) is StepStatus.IN_DOUBT
        assert shared.attempt.path.is_dir(), "what is sam's stays until sam looks"


@as_root
def test_what_the_other_took_over_it_can_stop(shared: Shared) -> None:
    with acting_as(KIM):
        assert refusal(shared.kim, run_verbs.stop, "1").reason.startswith("sam has the controls")
        shared.room.unanswered(shared.kim)
        control_verbs.take_over(shared.kim, "sam is not answering")
        run_verbs.stop(shared.kim, "1")
    with acting_as(SAM):
        assert shared.attempt.stop_asked() == {"by": "kim"}
        assert refusal(shared.sam, note_verbs.add, "me?").reason.startswith("kim has the controls")


@as_root
def test_both_operate_in_turn(shared: Shared) -> None:
    with acting_as(KIM):
        control_verbs.ask(shared.kim)
    with acting_as(SAM):
        shared.sam.refresh()
        control_verbs.agree(shared.sam)
    with acting_as(KIM):
        shared.kim.refresh()
        assert shared.kim.take_what_is_given()
        note_verbs.add(shared.kim, "kim's")
        control_verbs.hand_over(shared.kim, "sam")
    with acting_as(SAM):
        note_verbs.add(shared.sam, "sam's again")
    assert kinds(shared.sam)[-2:] == ["ControlsTaken", "NoteAdded"]
    assert verify_log(shared.room.database, "backout:1").ok


@as_root
def test_the_group_reads_what_lies_in_the_spool_and_writes_nothing_but_a_stop(shared: Shared) -> None:
    folder = shared.attempt.path
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o3770
    assert stat.S_IMODE(folder.stat().st_mode) == 0o710
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {
        "lock": 0o640, "request.json": 0o600, "stop": 0o620,
    }  # fmt: skip
    assert {path.stat().st_gid for path in (folder, folder / "lock", folder / "stop")} == {GROUP}
    with acting_as(KIM):
        for name in ("outcome.json", "lock", "request.json"):
            with pytest.raises(PermissionError):
                (folder / name).write_text("{}", encoding="utf-8")
        for refused in (folder.iterdir, folder.rmdir, (folder / "stop").unlink, (folder / "stop").read_bytes):
            with pytest.raises(PermissionError):
                list(refused() or ())
        with pytest.raises(PermissionError):
            folder.rename(folder.with_name("elsewhere"))
    with acting_as(4003, 4003), pytest.raises(PermissionError):
        (folder / "lock").read_text(encoding="utf-8")


@as_root
def test_a_session_that_is_closed_to_us_is_not_taken_for_our_own(shared: Shared) -> None:
    """Kim comes under sam's name: sam's session is gone, and its lock is another login's file."""
    shared.sam.session.end(left=False)
    with acting_as(KIM):
        again = Operator.open(shared.room.desk("sam"), 1, is_dashboard=True)
        own = again.session.id
        note_verbs.add(again, "under a new number")
        assert again.session.id == own
        assert again.backout.leases == 2


def test_in_a_folder_of_our_own_nobody_else_reads_anything(tmp_path: Path) -> None:
    attempt, lock = beginning.make_attempt(tmp_path / "b.sqlite", "ab" * 16, {})
    beginning.abandon(attempt, lock)
    session = Session(tmp_path / "b.sqlite")
    session.begin()
    path = tmp_path / "b.sqlite.d" / "sessions" / session.id
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    session.end()


@as_root
def test_an_attempt_that_is_closed_to_us_is_named_with_whose_it_is(shared: Shared) -> None:
    """As one from before the database was shared: nobody but sam can say whether it lives."""
    with acting_as(KIM):
        assert shared.kim.closed_to_us() == ""
    shared.attempt.path.chmod(0o700)
    with acting_as(KIM):
        assert shared.kim.closed_to_us() == f"only uid {SAM} can see whether step 1 still runs, and settle it"
    with acting_as(SAM):
        assert shared.sam.closed_to_us() == ""
    shared.die()
    with acting_as(KIM):
        assert state(shared.kim) is StepStatus.RUNNING
    with acting_as(SAM):
        assert state(shared.sam) is StepStatus.PENDING
