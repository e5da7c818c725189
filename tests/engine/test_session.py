"""Who has the controls: by a lock that a living process holds. One database, several people, several terminals."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from backout_tui.domain.backout import Lease
from backout_tui.engine.operator import Operator
from backout_tui.engine.session import Session, holder_lives
from backout_tui.engine.verbs import controls, decisions, notes, problems
from backout_tui.errors import BackoutError
from tests.engine.bench import SAM
from tests.engine.desks import HERE, Room, kinds, log_of, nothing_written, refusal
from tests.story import THREE_AM
from tests.users import GROUP, acting_as, as_root, open_folder


def lease_of(session: str, host: str = HERE) -> Lease:
    """Controls that sam took on `host` in a session."""
    return Lease(1, type(SAM)("sam", host=host), session, THREE_AM)


def locks(room: Room) -> list[str]:
    """The session files that are there."""
    folder = room.database.with_name(room.database.name + ".d") / "sessions"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


# ── the lock ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_session_lives_exactly_while_it_is_held(tmp_path: Path) -> None:
    database = tmp_path / "b.sqlite"
    session = Session(database)
    assert not holder_lives(database, lease_of(session.id), HERE)
    session.begin()
    session.begin()
    assert holder_lives(database, lease_of(session.id), HERE)
    session.end()
    session.end()
    assert not holder_lives(database, lease_of(session.id), HERE)


def test_what_is_not_known_counts_as_living(tmp_path: Path) -> None:
    """A session of another host; a lock that is closed to us."""
    database = tmp_path / "b.sqlite"
    session = Session(database)
    assert holder_lives(database, lease_of(session.id, "elsewhere"), HERE)
    session.begin()
    path = tmp_path / "b.sqlite.d" / "sessions" / session.id
    path.unlink()
    path.symlink_to("/dev/null")
    assert holder_lives(database, lease_of(session.id), HERE)
    session.end()


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "5e55104a", "A" * 32])
def test_a_name_that_is_no_session_is_nobody_and_is_never_looked_for(tmp_path: Path, name: str) -> None:
    assert not holder_lives(tmp_path / "b.sqlite", lease_of(name), HERE)
    assert not Session(tmp_path / "b.sqlite").resume(name)
    assert not holder_lives(tmp_path / "b.sqlite", None, HERE)


def test_a_session_that_ended_can_be_resumed_and_one_that_lives_cannot(tmp_path: Path) -> None:
    database = tmp_path / "b.sqlite"
    first, second, third = Session(database), Session(database), Session(database)
    first.begin()
    own = second.id
    assert not second.resume(first.id)
    assert second.id == own
    first.end()
    assert second.resume(first.id)
    assert second.id == first.id
    assert not third.resume(first.id)
    second.end()


def test_ended_sessions_leave_no_files_behind(tmp_path: Path) -> None:
    session = Session(tmp_path / "b.sqlite")
    session.begin()
    session.end()
    assert list((tmp_path / "b.sqlite.d" / "sessions").iterdir()) == []


def test_two_who_look_at_once_do_not_take_each_other_for_the_holder(tmp_path: Path) -> None:
    database = tmp_path / "b.sqlite"
    session = Session(database)
    session.begin()
    path = tmp_path / "b.sqlite.d" / "sessions" / session.id
    session.end()
    path.touch()
    with path.open() as other:
        fcntl.flock(other, fcntl.LOCK_SH)
        assert not holder_lives(database, lease_of(session.id), HERE)


# ── who may act ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_person_at_another_terminal_acts_under_the_living_session(room: Room) -> None:
    dashboard = room.start()
    problems.log(dashboard, "5xx")
    command = room.other(dashboard)
    problems.log(command, "slow")
    assert kinds(dashboard).count("ControlsTaken") == 1
    assert log_of(dashboard)[-1].lease == 1
    command.close()
    assert dashboard.has_controls
    assert dashboard.refresh().problems[1].title == "slow"


def test_another_is_refused_while_the_holder_lives_and_takes_the_controls_silently_when_it_is_gone(room: Room) -> None:
    sam = room.start()
    problems.log(sam, "5xx")
    kim = room.other(sam, "kim")
    refused = refusal(kim, problems.log, "slow")
    assert refused.reason.startswith("sam has the controls since ")
    assert kim.take_controls() is False
    sam.close()
    problems.log(kim, "slow")
    assert kinds(kim)[-2:] == ["ControlsTaken", "ProblemLogged"]
    assert [event.lease for event in log_of(kim)[-2:]] == [2, 2]
    assert "reason" not in log_of(kim)[-2].data
    assert kim.has_controls


def test_who_comes_back_goes_on_under_the_controls_they_had(room: Room) -> None:
    """One `do` after another is one session in the log."""
    first = room.start()
    problems.log(first, "5xx")
    first.close()
    second = room.other(first)
    problems.log(second, "slow")
    assert kinds(second).count("ControlsTaken") == 1
    assert log_of(second)[-1].lease == 1
    assert second.has_controls
    assert refusal(room.other(first, "kim"), notes.add, "hello").reason.startswith("sam has the controls")


def test_the_same_name_on_another_host_takes_the_controls_anew(room: Room) -> None:
    here = room.start()
    problems.log(here, "5xx")
    there = room.other(here, host="elsewhere")
    problems.log(there, "slow")
    assert log_of(there)[-1].lease == 2


def test_looking_takes_nothing(room: Room) -> None:
    sam = room.start()
    room.other(sam, "kim").refresh()
    assert kinds(sam) == ["BackoutOpened"]
    assert not sam.has_controls
    assert sam.take_controls()
    assert sam.take_controls()
    assert kinds(sam) == ["BackoutOpened", "ControlsTaken"]
    assert sam.has_controls


def test_controls_are_taken_over_with_a_reason_and_the_one_before_observes(room: Room) -> None:
    sam = room.start()
    problems.log(sam, "5xx")
    kim = room.other(sam, "kim")
    with nothing_written(kim), pytest.raises(BackoutError, match="reason is missing"):
        controls.take_over(kim, " ")
    controls.take_over(kim, "sam lost the line")
    taken = log_of(kim)[-1]
    assert (taken.kind, taken.lease, taken.data["reason"]) == ("ControlsTaken", 2, "sam lost the line")
    assert "kim has the controls" in refusal(sam, notes.add, "hello").reason
    assert "have the controls already" in refusal(kim, controls.take_over, "once more").reason
    notes.add(kim, "went on")
    kim.close()
    notes.add(sam, "back again")
    assert [event.lease for event in log_of(sam)[-3:]] == [2, 3, 3]


def test_nobody_takes_over_what_is_closed(room: Room) -> None:
    sam = room.decided()
    decisions.close(sam, outcome="failed", reason="the snapshot is restored by hand")
    assert "closed" in refusal(room.other(sam, "kim"), controls.take_over, "to go on").reason
    assert not sam.has_controls
    assert sam.take_controls() is False


def test_the_gate_is_asked_again_when_somebody_was_faster(room: Room) -> None:
    """Kim saw free controls; sam took them before kim wrote."""
    sam = room.start()
    kim = room.other(sam, "kim")
    assert kim.why_not_act() is None
    notes.add(sam, "mine")
    assert "sam has the controls" in refusal(kim, notes.add, "late").reason
    fresh = room.other(sam, "lee")
    fresh.backout = kim.backout
    assert fresh.take_controls() is False


def test_a_killed_process_holds_nothing(room: Room) -> None:
    sam = room.start()
    script = textwrap.dedent(
        f"""
        import os, signal
        from pathlib import Path
        from backout_tui.engine.session import Session
        session = Session(Path({str(room.database)!r}))
        session.begin()
        print(session.id, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
        """
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    session = done.stdout.strip()
    assert done.returncode == -9
    assert session in locks(room)
    assert not holder_lives(room.database, lease_of(session), HERE)
    assert Operator.open(sam.desk, 1).why_not_act() is None


def test_when_the_session_cannot_be_held_nothing_is_written_and_the_folder_is_named(room: Room) -> None:
    sam = room.start()
    shutil.rmtree(f"{room.database}.d")
    Path(f"{room.database}.d").mkdir(mode=0o700)
    (Path(f"{room.database}.d") / "sessions").touch()
    with nothing_written(sam), pytest.raises(BackoutError, match=r"backout\.sqlite\.d.*session's lock cannot be made"):
        notes.add(sam, "hello")


@as_root
def test_a_group_that_shares_a_database_sees_who_has_the_controls() -> None:
    """Two users of one group: the second is refused while the first lives, and goes on when it is gone."""
    with open_folder() as place:
        os.chown(place, 0, GROUP)
        place.chmod(0o2770)
        room = Room(place)
        with acting_as(4001):
            sam = room.start()
            notes.add(sam, "hello from sam")
        with acting_as(4002):
            kim = room.other(sam, "kim")
            assert refusal(kim, notes.add, "hello").reason.startswith("sam has the controls")
        sam.close()
        with acting_as(4002):
            notes.add(kim, "hello from kim")
            assert log_of(kim)[-1].lease == 2
        room.close()
