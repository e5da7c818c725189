"""The spool: private, durable, locked; and the hand-over to a detached supervisor."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from backout_tui.engine.attempts.beginning import abandon, make_attempt, remove, spawn_supervisor
from backout_tui.engine.attempts.folder import Folder
from backout_tui.engine.attempts.liveness import is_live, process_lives, take_lock
from backout_tui.engine.attempts.processes import start_ticks
from backout_tui.engine.attempts.spool import AttemptFolder, KeptOutput, attempt_of
from backout_tui.engine.attempts.stopping import ask_to_stop
from backout_tui.errors import BackoutError
from tests.engine.bench import FORKS, Begun, Bench, plant, wait_for

pytestmark = FORKS

ID = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "backout.sqlite"


def test_an_attempt_is_private_and_holds_its_request_and_its_lock(database: Path) -> None:
    attempt, lock = make_attempt(database, ID, {"script": "echo ünï \x1b"})
    assert attempt.path == database.with_name("backout.sqlite.d") / "spool" / ID
    assert attempt.id == ID
    for path in (attempt.path.parent.parent, attempt.path.parent, attempt.path):
        assert path.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in attempt.path.iterdir()} == {0o600}
    assert attempt.request() == {"script": "echo ünï \x1b"}
    assert is_live(attempt)
    assert take_lock(attempt) is None
    assert not attempt.began
    os.close(lock)
    assert not is_live(attempt)


def test_an_attempt_that_is_there_already_is_refused_and_left_alone(database: Path) -> None:
    attempt, lock = make_attempt(database, ID, {})
    with pytest.raises(BackoutError, match="cannot be made: file exists"):
        make_attempt(database, ID, {"other": 1})
    assert attempt.request() == {}
    assert is_live(attempt)
    os.close(lock)


def test_a_link_in_the_place_of_the_attempt_is_refused(database: Path, tmp_path: Path) -> None:
    attempt, lock = make_attempt(database, ID, {})
    abandon(attempt, lock)
    (tmp_path / "elsewhere").mkdir()
    attempt.path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BackoutError):
        make_attempt(database, ID, {})
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_what_cannot_be_prepared_leaves_nothing_behind(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A claim is never made on an attempt whose request is not durable."""

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    attempt, lock = make_attempt(database, "f" * 32, {})
    abandon(attempt, lock)
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(BackoutError, match="no space left on device"):
        make_attempt(database, ID, {})
    assert list(attempt.path.parent.iterdir()) == []


@pytest.mark.parametrize("name", ["../../etc", "ABC", "", "0" * 31, "0" * 32 + "\n"])
def test_an_id_from_a_foreign_log_names_no_folder_elsewhere(database: Path, name: str) -> None:
    assert attempt_of(database, name).path.name == "nameless"


def test_a_lock_whose_folder_was_just_removed_is_not_taken(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another settler removed the folder between our open and our lock: what we hold guards nothing."""
    attempt, lock = make_attempt(database, ID, {})

    def open_then_lose(path: str, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        monkeypatch.undo()
        descriptor = os.open(path, flags, mode, dir_fd=dir_fd)
        remove(attempt)
        os.close(lock)
        return descriptor

    monkeypatch.setattr("os.open", open_then_lose)
    assert take_lock(attempt) is None


@pytest.mark.parametrize(
    "torn", [b"", b"{", b"[1]", b'{"a": 1.5}', b'{"a": NaN}', b"\xff", pytest.param(b"[" * 100_000, id="deep")]
)
def test_a_file_that_is_torn_or_no_record_reads_as_none(tmp_path: Path, torn: bytes) -> None:
    (tmp_path / "outcome.json").write_bytes(torn)
    assert AttemptFolder.at(tmp_path).outcome() is None
    assert AttemptFolder.at(tmp_path).began


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Folder]:
    """The attempt's folder."""
    folder = Folder.open(tmp_path)
    yield folder
    folder.close()


def test_a_file_is_replaced_whole_or_not_at_all(held: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    held.write_json("outcome.json", {"n": 1})

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        held.write_json("outcome.json", {"n": 2})
    assert held.read_json("outcome.json") == {"n": 1}
    assert held.names() == ["outcome.json"]


def test_what_must_not_exist_is_made_once(held: Folder) -> None:
    held.create("started.json", b'{"pid": 1}')
    with pytest.raises(FileExistsError):
        held.create("started.json", b'{"pid": 2}')
    assert held.read_json("started.json") == {"pid": 1}


def test_what_is_no_file_of_the_folders_owner_is_not_read_and_nobody_waits_for_it(held: Folder, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text('{"result": "done"}')
    (tmp_path / "linked").symlink_to(tmp_path / "elsewhere")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("linked", "pipe", "folder", "missing"):
        assert held.read_json(name) is None
    assert held.read_json("elsewhere") == {"result": "done"}


def test_a_stop_is_read_even_when_its_file_is_torn(tmp_path: Path) -> None:
    attempt = AttemptFolder.at(tmp_path)
    assert attempt.stop_asked() is None
    ask_to_stop(attempt, "sam")
    ask_to_stop(attempt, "kim")
    assert attempt.stop_asked() == {"by": "sam"}, "the first one counts"
    for torn in ("{", "\n", '{"by": 7}', '{"by": ""}', "x" * 1_000_000):
        (tmp_path / "stop").write_text(torn)
        assert attempt.stop_asked() == {}
    (tmp_path / "stop").write_text('{"by": "' + "k" * 1000 + '"}')
    assert attempt.stop_asked() == {"by": "k" * 200}
    (tmp_path / "stop").write_text("")
    assert attempt.stop_asked() is None


def test_what_follows_the_first_part_is_read_from_where_it_goes_on(tmp_path: Path) -> None:
    (tmp_path / "output").write_bytes(b"one two three")
    attempt = AttemptFolder.at(tmp_path)
    assert attempt.output() == KeptOutput(b"one two three")
    plant(tmp_path / "tail.json", {"after": 7, "dropped": 9, "text": "end"})
    assert attempt.output() == KeptOutput(b"one two", b"end", 9)
    assert attempt.output().whole == b"one two\n[9 bytes are left out here]\nend"
    assert AttemptFolder.at(tmp_path / "gone").output() == KeptOutput()


def test_a_process_that_has_ended_does_not_live_because_nobody_asked_how(tmp_path: Path) -> None:
    """A zombie: its supervisor was killed, and whoever inherited it is slow."""
    attempt, boot = AttemptFolder.at(tmp_path), Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    plant(tmp_path / "started.json", {"boot_id": boot})
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    plant(tmp_path / "process.json", {"pid": child, "start_ticks": start_ticks(child)})
    assert process_lives(attempt) is False
    os.waitpid(child, 0)


def test_a_process_is_told_from_another_that_got_its_number(tmp_path: Path) -> None:
    attempt, boot = AttemptFolder.at(tmp_path), Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    assert process_lives(attempt) is None
    plant(tmp_path / "started.json", {"boot_id": boot})
    ticks = start_ticks(os.getpid())
    assert ticks is not None
    plant(tmp_path / "process.json", {"pid": os.getpid(), "start_ticks": ticks})
    assert process_lives(attempt) is True
    plant(tmp_path / "process.json", {"pid": os.getpid(), "start_ticks": ticks + 1})
    assert process_lives(attempt) is False


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def ended(bench: Bench, begun: Begun) -> bool:
    return any(event.data.get("intent") == begun.intent.event_id for event in bench.events)


def test_the_supervisor_takes_over_lock_secrets_and_environment(bench: Bench) -> None:
    """And leaves neither a folder nor a zombie."""
    begun = bench.begin('echo "$GREETING $TOKEN"; echo "${BACKOUT_AS-none}"; sleep 1')
    environment = {**os.environ, "GREETING": "hi", "BACKOUT_AS": "sam"}
    spawn_supervisor(begun.folder, begun.lock, {"TOKEN": "hunter22"}, environment)
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(begun.lock)
    assert is_live(begun.folder)
    wait_for(lambda: begun.folder.output().whole == b"hi ***\nnone\n")
    assert (begun.folder.path / "supervisor.log").read_bytes() == b""
    started = begun.folder.started()
    assert started is not None
    command_line = Path(f"/proc/{started['pid']}/cmdline").read_bytes().split(b"\0")
    assert command_line[1:4] == [b"-m", b"backout_tui.engine.attempts.supervisor", str(begun.folder.path).encode()]
    assert os.getsid(started["pid"]) == started["pid"]
    wait_for(lambda: ended(bench, begun))
    assert bench.outcome(begun).data["result"] == "done"
    wait_for(lambda: not Path(f"/proc/{started['pid']}").exists())
    assert not begun.folder.path.exists()


def test_the_command_survives_when_its_starter_is_killed(bench: Bench) -> None:
    """Killed with signal 9, and the whole process group of the terminal with it."""
    word, spawned = bench.place / "word", bench.place / "spawned"
    begun = bench.begin(f"sleep 1; echo survived >> {word}")
    starter = os.fork()
    if starter == 0:
        os.setsid()
        spawn_supervisor(begun.folder, begun.lock, {}, os.environ)
        spawned.touch()
        time.sleep(60)
        os._exit(0)
    os.close(begun.lock)
    wait_for(spawned.exists)
    os.killpg(starter, 9)
    os.waitpid(starter, 0)
    wait_for(lambda: ended(bench, begun))
    assert bench.outcome(begun).data["result"] == "done"
    assert word.read_text() == "survived\n"


def test_without_an_interpreter_nothing_runs_and_the_lock_is_free(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = bench.begin()
    monkeypatch.setattr("sys.executable", "/no/such/python")
    with pytest.raises(BackoutError, match="cannot be started"):
        spawn_supervisor(begun.folder, begun.lock, {}, os.environ)
    (outcome,) = bench.settle()
    assert outcome.kind == "StepNotStarted"


def test_a_supervisor_that_dies_at_once_is_told(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = bench.begin()
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(BackoutError, match="did not take over"):
        spawn_supervisor(begun.folder, begun.lock, {"TOKEN": "x" * 1_000_000}, os.environ)
    wait_for(lambda: not is_live(begun.folder))
    (outcome,) = bench.settle()
    assert outcome.kind == "StepNotStarted"


def test_starting_many_leaves_no_zombies(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/true")
    names = set()
    for _ in range(10):
        begun = bench.begin()
        names.add(f"supervisor of {begun.folder.id}")
        with contextlib.suppress(BackoutError):
            spawn_supervisor(begun.folder, begun.lock, {}, os.environ)
    wait_for(lambda: names.isdisjoint(thread.name for thread in threading.enumerate()))
    with contextlib.suppress(ChildProcessError):
        assert os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
