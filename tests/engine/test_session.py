"""Who has the controls: by a lock that a living process holds. One database, several people, several terminals."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from backout_tui.domain.backout.holders import Holder
from backout_tui.domain.backout.state import Lease
from backout_tui.domain.backout.whereabouts import Machine
from backout_tui.domain.values import replace
from backout_tui.engine.operator import Operator
from backout_tui.engine.session.session import Session, holder_lives, holder_of, state_of
from backout_tui.engine.verbs import control_verbs, decision_verbs, note_verbs, problem_verbs
from backout_tui.errors import BackoutError
from tests.engine.bench import MACHINE, SAM
from tests.engine.desks import ANOTHER_MACHINE, Room, SetClock, kinds, log_of, nothing_written, refusal
from tests.story import THREE_AM
from tests.users import GROUP, acting_as, as_root, open_folder


def lease_of(session: str, on: Machine = MACHINE) -> Lease:
    """Controls that sam took on a machine in a session."""
    return Lease(1, type(SAM)("sam", host=on.name), session, THREE_AM, on=on)


def locks(room: Room) -> list[str]:
    """The session files that are there."""
    folder = room.database.with_name(room.database.name + ".d") / "sessions"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


# ── the lock ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_session_lives_exactly_while_it_is_held(tmp_path: Path) -> None:
    database = tmp_path / "b.sqlite"
    session = Session(database)
    assert not holder_lives(database, lease_of(session.id), MACHINE)
    session.begin()
    session.begin()
    assert holder_lives(database, lease_of(session.id), MACHINE)
    session.end()
    session.end()
    assert not holder_lives(database, lease_of(session.id), MACHINE)


def test_a_session_of_another_machine_cannot_be_asked_and_one_of_a_renamed_host_can(tmp_path: Path) -> None:
    database = tmp_path / "b.sqlite"
    session = Session(database)
    another = lease_of(session.id, replace(MACHINE, name="elsewhere", id="ab" * 16))
    renamed = lease_of(session.id, replace(MACHINE, name="elsewhere"))
    assert [holder_of(database, one, MACHINE) for one in (another, renamed)] == [Holder.AWAY, Holder.FREE]
    session.begin()
    assert [holder_of(database, one, MACHINE) for one in (another, renamed)] == [Holder.LIVES, Holder.LIVES]
    session.end(left=False)
    assert [holder_of(database, one, MACHINE) for one in (another, renamed)] == [Holder.GONE, Holder.GONE]


def test_a_lock_that_is_closed_to_us_counts_as_living(tmp_path: Path) -> None:
    database = tmp_path / "b.sqlite"
    session = Session(database)
    session.begin()
    path = tmp_path / "b.sqlite.d" / "sessions" / session.id
    path.unlink()
    path.symlink_to("/dev/null")
    assert holder_lives(database, lease_of(session.id), MACHINE)
    session.end()


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "5e55104a", "A" * 32])
def test_a_name_that_is_no_session_is_nobody_and_is_never_looked_for(tmp_path: Path, name: str) -> None:
    assert not holder_lives(tmp_path / "b.sqlite", lease_of(name), MACHINE)
    assert not Session(tmp_path / "b.sqlite").resume(name, None)
    assert not holder_lives(tmp_path / "b.sqlite", None, MACHINE)


def test_a_session_that_ended_can_be_resumed_and_one_that_lives_cannot(tmp_path: Path) -> None:
    database = tmp_path / "b.sqlite"
    first, second, third = Session(database), Session(database), Session(database)
    first.begin()
    own = second.id
    locked = first.locked
    assert not second.resume(first.id, locked)
    assert second.id == own
    first.end()
    assert second.resume(first.id, locked)
    assert second.id == first.id
    assert not third.resume(first.id, locked)
    second.end()


def test_sessions_that_were_left_are_swept_away_after_a_day_and_those_that_are_gone_are_not(tmp_path: Path) -> None:
    database = tmp_path / "b.sqlite"
    left, recent, gone = Session(database), Session(database), Session(database)
    for session in (left, recent, gone):
        session.begin()
    for session in (left, recent):
        session.end()
    gone.end(left=False)
    folder = tmp_path / "b.sqlite.d" / "sessions"
    for session in (left, gone):
        os.utime(folder / session.id, (0, 0))
    another = Session(database)
    another.begin()
    assert {path.name for path in folder.iterdir()} == {recent.id, gone.id, another.id}
    another.end()


def test_a_session_that_begins_once_more_is_another_one(tmp_path: Path) -> None:
    database = tmp_path / "b.sqlite"
    session = Session(database)
    session.begin()
    before, locked = session.id, session.locked
    session.end(left=False)
    session.begin()
    assert session.id != before
    assert state_of(database, before, locked, MACHINE, MACHINE) is Holder.GONE
    session.end()


# ── what a colleague can do to the lock ───────────────────────────────────────────────────────────────────────────


def removed(path: Path) -> None:
    path.unlink()


def replaced(path: Path) -> None:
    path.unlink()
    path.touch()


def linked(path: Path) -> None:
    path.rename(path.with_name("a" * 32))
    path.symlink_to("/dev/null")


def renamed(path: Path) -> None:
    path.rename(path.with_name("a" * 32))


def piped(path: Path) -> None:
    path.rename(path.with_name("b" * 32))
    os.mkfifo(path)


def swapped(path: Path) -> None:
    """A held lock of another session stands in its place."""
    path.rename(path.with_name("c" * 32))
    (path.with_name("other")).rename(path)


@pytest.mark.parametrize("done_to", [removed, replaced, linked, renamed, piped, swapped])
def test_a_session_lives_by_its_own_lock_whatever_stands_at_its_name(
    tmp_path: Path, done_to: Callable[[Path], None]
) -> None:
    """Whoever owns the folder makes nobody's controls look free, nor those of somebody who is gone look held."""
    database = tmp_path / "b.sqlite"
    session, other = Session(database), Session(database)
    session.begin()
    other.begin()
    locked, path = session.locked, tmp_path / "b.sqlite.d" / "sessions" / session.id
    path.with_name(other.id).rename(path.with_name("other"))
    done_to(path)
    assert state_of(database, session.id, locked, MACHINE, MACHINE) is Holder.LIVES
    session.end(left=False)
    found = state_of(database, session.id, locked, MACHINE, MACHINE)
    assert found is (Holder.FREE if done_to in (removed, replaced) else Holder.GONE)
    other.end()


def test_a_later_session_whose_file_was_given_the_same_number_is_not_taken_for_one_that_is_gone(tmp_path: Path) -> None:
    """The file of the first was removed when it had ended, and the kernel gives the number of an inode again."""
    database = tmp_path / "b.sqlite"
    later = Session(database)
    later.begin()
    locked = later.locked
    assert state_of(database, later.id, locked, MACHINE, MACHINE) is Holder.LIVES
    assert state_of(database, "a" * 32, locked, MACHINE, MACHINE) is Holder.FREE
    later.end(left=False)
    assert state_of(database, later.id, locked, MACHINE, MACHINE) is Holder.GONE
    assert state_of(database, "a" * 32, locked, MACHINE, MACHINE) is Holder.FREE


@pytest.mark.parametrize("left", [True, False])
def test_a_lock_of_an_older_version_bears_no_name_and_is_known_by_its_number(tmp_path: Path, left: bool) -> None:
    session = Session(tmp_path / "b.sqlite")
    session.begin()
    path = tmp_path / "b.sqlite.d" / "sessions" / session.id
    os.truncate(path, 0)
    path.rename(path.with_name("moved"))
    locked = session.locked
    assert state_of(session.database, session.id, locked, MACHINE, MACHINE) is Holder.LIVES
    session.end(left=left)
    expected = Holder.FREE if left else Holder.GONE
    assert state_of(session.database, session.id, locked, MACHINE, MACHINE) is expected


def test_two_who_look_at_once_do_not_take_each_other_for_the_holder(tmp_path: Path) -> None:
    database = tmp_path / "b.sqlite"
    session = Session(database)
    session.begin()
    path = tmp_path / "b.sqlite.d" / "sessions" / session.id
    session.end()
    path.touch()
    with path.open() as other:
        fcntl.flock(other, fcntl.LOCK_SH)
        assert not holder_lives(database, lease_of(session.id), MACHINE)


# ── who may act ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_person_at_another_terminal_acts_under_the_living_session(room: Room) -> None:
    dashboard = room.start()
    problem_verbs.log(dashboard, "5xx")
    command = room.other(dashboard)
    problem_verbs.log(command, "slow")
    assert kinds(dashboard).count("ControlsTaken") == 1
    assert log_of(dashboard)[-1].lease == 1
    command.close()
    assert dashboard.has_controls
    assert dashboard.refresh().problems[1].title == "slow"


def test_another_is_refused_while_the_holder_lives_and_takes_the_controls_silently_when_it_is_gone(room: Room) -> None:
    sam = room.start()
    problem_verbs.log(sam, "5xx")
    kim = room.other(sam, "kim")
    refused = refusal(kim, problem_verbs.log, "slow")
    assert refused.reason.startswith("sam has the controls since ")
    assert kim.take_controls() is False
    sam.close()
    problem_verbs.log(kim, "slow")
    assert kinds(kim)[-2:] == ["ControlsTaken", "ProblemLogged"]
    assert [event.lease for event in log_of(kim)[-2:]] == [2, 2]
    assert "reason" not in log_of(kim)[-2].data
    assert kim.has_controls


def test_who_comes_back_goes_on_under_the_controls_they_had(room: Room) -> None:
    """One `do` after another is one session in the log."""
    first = room.start()
    problem_verbs.log(first, "5xx")
    first.close()
    second = room.other(first)
    problem_verbs.log(second, "slow")
    assert kinds(second).count("ControlsTaken") == 1
    assert log_of(second)[-1].lease == 1
    assert second.has_controls
    assert refusal(room.other(first, "kim"), note_verbs.add, "hello").reason.startswith("sam has the controls")


def test_the_same_person_on_another_machine_takes_the_controls_anew(room: Room) -> None:
    here = room.start()
    problem_verbs.log(here, "5xx")
    here.close()
    (name,) = locks(room)
    # Over there it never was. The file stays somewhere, or else its number may become that of a lock somebody holds.
    (room.place / "backout.sqlite.d" / "sessions" / name).rename(room.place / "taken away")
    there = room.other(here, host="elsewhere", machine=ANOTHER_MACHINE)
    problem_verbs.log(there, "slow")
    assert log_of(there)[-1].lease == 2


def test_a_host_that_was_renamed_goes_on_under_the_controls_it_had(room: Room) -> None:
    here = room.start()
    problem_verbs.log(here, "5xx")
    renamed = room.other(here, host="another-name")
    problem_verbs.log(renamed, "slow")
    assert log_of(renamed)[-1].lease == 1


def test_looking_takes_nothing(room: Room) -> None:
    sam = room.start()
    room.other(sam, "kim").refresh()
    assert kinds(sam) == ["BackoutOpened"]
    assert not sam.has_controls
    assert sam.take_controls()
    assert sam.take_controls()
    assert kinds(sam) == ["BackoutOpened", "ControlsTaken"]
    assert sam.has_controls


def test_controls_are_taken_over_with_a_reason_and_the_one_before_observes(tmp_path: Path) -> None:
    room = Room(tmp_path, SetClock())
    sam = room.start()
    problem_verbs.log(sam, "5xx")
    kim = room.other(sam, "kim")
    room.unanswered(kim)
    with nothing_written(kim), pytest.raises(BackoutError, match="reason is missing"):
        control_verbs.take_over(kim, " ")
    control_verbs.take_over(kim, "sam lost the line")
    taken = log_of(kim)[-1]
    assert (taken.kind, taken.lease, taken.data["reason"]) == ("ControlsTaken", 2, "sam lost the line")
    assert "kim has the controls" in refusal(sam, note_verbs.add, "hello").reason
    assert "have the controls already" in refusal(kim, control_verbs.take_over, "once more").reason
    note_verbs.add(kim, "went on")
    kim.close()
    note_verbs.add(sam, "back again")
    assert [event.lease for event in log_of(sam)[-3:]] == [2, 3, 3]
    room.close()


def test_nobody_takes_over_what_is_closed(room: Room) -> None:
    sam = room.decided()
    decision_verbs.close(sam, outcome="failed", reason="the snapshot is restored by hand")
    assert "closed" in refusal(room.other(sam, "kim"), control_verbs.take_over, "to go on").reason
    assert not sam.has_controls
    assert sam.take_controls() is False


def test_the_gate_is_asked_again_when_somebody_was_faster(room: Room) -> None:
    """Kim saw free controls; sam took them before kim wrote."""
    sam = room.start()
    kim = room.other(sam, "kim")
    assert kim.why_not_act() is None
    note_verbs.add(sam, "mine")
    assert "sam has the controls" in refusal(kim, note_verbs.add, "late").reason
    fresh = room.other(sam, "lee")
    fresh.backout = kim.backout
    assert fresh.take_controls() is False


def test_a_killed_process_holds_nothing(room: Room) -> None:
    sam = room.start()
    script = textwrap.dedent(
        f"""
        import os, signal
        from pathlib import Path
        from backout_tui.engine.session.session import Session
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
    assert not holder_lives(room.database, lease_of(session), MACHINE)
    assert Operator.open(sam.desk, 1).why_not_act() is None


def test_when_the_session_cannot_be_held_nothing_is_written_and_the_folder_is_named(room: Room) -> None:
    sam = room.start()
    shutil.rmtree(f"{room.database}.d")
    Path(f"{room.database}.d").mkdir(mode=0o700)
    (Path(f"{room.database}.d") / "sessions").touch()
    with nothing_written(sam), pytest.raises(BackoutError, match=r"backout\.sqlite\.d/sessions: this is not a"):
        note_verbs.add(sam, "hello")


@as_root
def test_a_group_that_shares_a_database_sees_who_has_the_controls() -> None:
    """Two users of one group: the second is refused while the first lives, and goes on when it is gone."""
    with open_folder() as place:
        os.chown(place, 0, GROUP)
        place.chmod(0o2770)
        room = Room(place)
        with acting_as(4001):
            sam = room.start()
            note_verbs.add(sam, "hello from sam")
        with acting_as(4002):
            kim = room.other(sam, "kim")
            assert refusal(kim, note_verbs.add, "hello").reason.startswith("sam has the controls")
        sam.close()
        with acting_as(4002):
            note_verbs.add(kim, "hello from kim")
            assert log_of(kim)[-1].lease == 2
        room.close()
