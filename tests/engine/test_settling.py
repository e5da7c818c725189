"""Settling: one outcome for every attempt that is over, none for one that may live, nothing thrown away too early."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backout_tui.domain.backout.events import Actor, Draft, Event
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.whereabouts import Lock
from backout_tui.domain.values import replace
from backout_tui.engine.attempts import processes
from backout_tui.engine.attempts.beginning import make_attempt
from backout_tui.engine.attempts.liveness import asked
from backout_tui.engine.attempts.processes import pid_namespace, somebody_locks, start_ticks
from backout_tui.engine.attempts.spool import AttemptFolder, attempt_of
from backout_tui.engine.settling import computed, open_intents, outcome_id, settle, what_settles
from backout_tui.errors import BackoutError
from tests.engine.bench import HERE, KIM, LOG, MACHINE, SAM, Begun, Bench, plant

DONE = {"result": "done", "why": "", "exit_code": 0, "expect": []}


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def left(bench: Bench, *names: str, lock: bool = False) -> Begun:
    """An attempt that somebody left, with the files of these names in it; its lock is free unless `lock`."""
    begun = bench.begin()
    if "started" in names:
        plant(begun.folder.path / "started.json", {"pid": 1, "boot_id": "another boot"})
    if "outcome" in names:
        plant(begun.folder.path / "outcome.json", DONE)
    if not lock:
        os.close(begun.lock)
    return begun


@pytest.mark.parametrize("family", ["Step", "Check", "Message"])
def test_the_whole_table_of_what_settles_an_intent(family: str) -> None:
    kind = {"Step": "StepStarted", "Check": "CheckStarted", "Message": "MessageSending"}[family]
    for lock_free, present, started, outcome in itertools.product([False, True], repeat=4):
        ending = what_settles(kind, lock_free=lock_free, folder_present=present, started=started, outcome=outcome)
        if not present:
            assert ending == family + "InDoubt"
        elif not lock_free:
            assert ending is None
        elif outcome:
            assert ending == family + "Finished"
        else:
            assert ending == family + ("InDoubt" if started else "NotStarted")


def event(seq: int, kind: str, event_id: str, **data: str) -> Event:
    return Event(LOG, seq, event_id, kind, "2026-11-23T03:00:00.000000Z", SAM, data=data)


@settings(deadline=None)  # cores are shared
@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=12))
def test_an_intent_is_open_until_an_outcome_names_it(story: list[tuple[int, bool]]) -> None:
    events, expected = [], list[str]()
    for seq, (number, ends) in enumerate(story, 1):
        name = f"intent {number}"
        if ends:
            events.append(event(seq, "StepInDoubt", f"outcome {seq}", step="4", intent=name))
            expected = [one for one in expected if one != name]
        elif name not in expected:
            events.append(event(seq, "StepStarted", name))
            expected.append(name)
    assert [intent.event_id for intent in open_intents(events)] == expected


def test_an_outcome_has_one_id_whoever_settles() -> None:
    assert outcome_id("ab") == outcome_id("ab") != outcome_id("ba")
    assert len(outcome_id("ab")) == 32


def test_an_attempt_whose_lock_is_held_is_left_alone(bench: Bench) -> None:
    begun = left(bench, "started", "outcome", lock=True)
    assert bench.settle() == []
    assert computed(bench.database, [begun.intent], here=MACHINE) == []
    assert begun.folder.path.exists()
    os.close(begun.lock)


def test_an_outcome_that_was_left_is_recorded_with_its_output_and_then_removed(bench: Bench) -> None:
    begun = left(bench, "started", "outcome")
    (begun.folder.path / "output").write_bytes(b"head")
    plant(begun.folder.path / "tail.json", {"dropped": 3, "text": "tail"})
    (outcome,) = bench.settle()
    assert outcome.kind == "StepFinished"
    assert outcome.event_id == outcome_id(begun.intent.event_id)
    found = {"settled": True, "begun_by": "sam"}
    assert outcome.data == {"intent": begun.intent.event_id, "step": "4", "attempt": 1, **DONE, **found}
    assert (outcome.actor, outcome.lease) == (KIM, 7)
    assert bench.output(outcome) == b"head\n[3 bytes are left out here]\ntail"
    assert not begun.folder.path.exists()
    assert bench.settle() == []


def test_what_never_began_is_pending_again(bench: Bench) -> None:
    begun = left(bench)
    (outcome,) = bench.settle()
    assert (outcome.kind, outcome.blobs) == ("StepNotStarted", ())
    assert not begun.folder.path.exists()


def test_what_began_and_left_no_word_is_in_doubt_with_the_output_so_far(bench: Bench) -> None:
    begun = left(bench, "started")
    (begun.folder.path / "output").write_bytes(b"half")
    (outcome,) = bench.settle()
    assert outcome.kind == "StepInDoubt"
    assert outcome.data["still_running"] is None
    assert bench.output(outcome) == b"half"


def test_a_command_that_outlived_its_supervisor_is_in_doubt_and_said_to_run(bench: Bench) -> None:
    begun = left(bench)
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    plant(begun.folder.path / "started.json", {"pid": 1, "boot_id": boot})
    plant(begun.folder.path / "process.json", {"pid": os.getpid(), "start_ticks": start_ticks(os.getpid())})
    (outcome,) = bench.settle()
    assert (outcome.data["still_running"], outcome.data["pid"]) == (True, os.getpid())
    assert "still ran then" in outcome.data["why"]


@pytest.mark.parametrize("torn", [b"", b'{"result": "perhaps"}', b'{"result": "done", "duration_ms": 1.5}'])
def test_an_outcome_that_cannot_be_read_is_in_doubt(bench: Bench, torn: bytes) -> None:
    begun = left(bench)
    (begun.folder.path / "outcome.json").write_bytes(torn)
    assert bench.settle()[0].kind == "StepInDoubt"


def test_a_folder_that_is_gone_is_in_doubt_never_not_started(bench: Bench) -> None:
    begun = left(bench)
    begun.folder.path.rename(bench.place / "taken away")  # its numbers stay taken: freed ones go to other living locks
    assert bench.settle()[0].kind == "StepInDoubt"


def test_a_folder_without_its_lock_file_proves_nothing(bench: Bench) -> None:
    begun = left(bench)
    (begun.folder.path / "lock").rename(bench.place / "taken away")
    assert bench.settle()[0].kind == "StepInDoubt"


@pytest.mark.parametrize("torn", [{}, {"pid": [1]}, {"pid": "1", "start_ticks": 5}, {"start_ticks": 5}])
def test_what_a_damaged_file_says_of_a_process_is_not_known(bench: Bench, torn: dict[str, object]) -> None:
    begun = left(bench, "started", lock=True)
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    plant(begun.folder.path / "started.json", {**torn, "boot_id": boot, "pid_ns": pid_namespace()})
    plant(begun.folder.path / "process.json", torn)
    assert bench.settle() == []
    os.close(begun.lock)
    (outcome,) = bench.settle()
    assert (outcome.kind, outcome.data["still_running"]) == ("StepInDoubt", None)


def test_a_later_attempt_in_a_folder_of_the_same_number_is_not_taken_for_one_that_is_gone(bench: Bench) -> None:
    begun = bench.begin()
    claim = begun.intent.claim.spool
    assert claim is not None
    with contextlib.closing(attempt_of(bench.database, "e" * 32, claim)) as other:
        assert not other.folder.is_there
    begun.folder.path.rename(begun.folder.path.with_name("elsewhere"))
    with contextlib.closing(attempt_of(bench.database, begun.intent.event_id, claim)) as own:
        assert own.folder.is_there
    os.close(begun.lock)


def test_an_attempt_whose_folder_is_gone_is_not_kept_alive_by_the_lock_of_a_later_one(bench: Bench) -> None:
    """The number of the lock's inode was given to the later one, which runs."""
    gone, later = bench.begin(), bench.begin()
    os.close(gone.lock)
    shutil.rmtree(gone.folder.path)
    claim = gone.intent.claim.spool
    assert claim is not None
    shared = replace(claim, lock=os.fstat(later.lock).st_ino)
    with contextlib.closing(attempt_of(bench.database, gone.intent.event_id, shared)) as attempt:
        assert asked(attempt, shared, same_boot=True)[0] is Lock.MISSING
    shutil.move(later.folder.path, bench.place / "taken away")
    with contextlib.closing(attempt_of(bench.database, gone.intent.event_id, shared)) as attempt:
        assert asked(attempt, shared, same_boot=True)[0] is Lock.HELD, "whose it is cannot be seen any more"
    os.close(later.lock)


def test_only_a_lock_of_its_kind_keeps_an_attempt_alive_whose_folder_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another file may have been given the same number."""
    locks = tmp_path / "locks"
    monkeypatch.setattr(processes, "_LOCKS", locks)
    for words, shared, exclusive in (
        ("FLOCK  ADVISORY  READ 12 08:01:77 0 EOF", True, False),
        ("FLOCK  ADVISORY  WRITE 12 08:01:77 0 EOF", False, True),
        ("OFDLCK ADVISORY  READ -1 08:01:77 0 EOF", True, False),
        ("OFDLCK ADVISORY  WRITE -1 08:01:77 0 EOF", False, True),
        ("POSIX  ADVISORY  READ 12 08:01:77 0 EOF", False, False),
        ("-> FLOCK  ADVISORY  READ 12 08:01:77 0 EOF", False, False),
        ("FLOCK  ADVISORY  READ 12 08:01:177 0 EOF", False, False),
    ):
        locks.write_text(f"1: {words}\n")
        assert (somebody_locks(77, shared=True), somebody_locks(77, shared=False)) == (shared, exclusive), words


_IN_A_CONTAINER = """
import os, subprocess, sys, time
from pathlib import Path
from backout_tui.engine.attempts.beginning import make_attempt
from backout_tui.engine.attempts.processes import somebody_locks
place = Path(sys.argv[1])
until, end = os.pipe()
if os.fork() == 0:
    attempt, lock = make_attempt(place / "backout.sqlite", "ab" * 16, {})
    (place / "inode").write_text(str(os.fstat(lock).st_ino))
    subprocess.Popen(["cat"], stdin=until, pass_fds=[lock])
    os._exit(0)
os.wait()
inode = int((place / "inode").read_text())
print(somebody_locks(inode, shared=True), flush=True)
os.close(end)
while somebody_locks(inode, shared=True):
    time.sleep(0.01)
print("let go")
"""
_CONTAINER = ("unshare", "--pid", "--mount-proc", "--fork", "--kill-child")


@pytest.mark.skipif(
    shutil.which("unshare") is None or subprocess.run([*_CONTAINER, "true"], check=False).returncode != 0,
    reason="no process namespace can be made here",
)
def test_in_a_container_a_lock_is_seen_though_whoever_took_it_has_ended(tmp_path: Path) -> None:
    """The supervisor holds it from its first moment on, before it is up and takes another in its own name."""
    command = [*_CONTAINER, sys.executable, "-c", _IN_A_CONTAINER, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.splitlines() == ["True", "let go"], done.stderr


def test_an_attempt_whose_lock_is_here_and_free_is_settled_whatever_its_host_was_called(bench: Bench) -> None:
    begun = bench.begin(actor=replace(SAM, host="elsewhere"))
    assert bench.settle() == []
    os.close(begun.lock)
    (draft,) = computed(bench.database, [begun.intent], here=MACHINE)
    assert (draft.kind, bench.settle()[0].kind) == ("StepNotStarted", "StepNotStarted")


def test_an_attempt_of_another_machine_whose_lock_is_not_here_is_left_to_that_machine(bench: Bench) -> None:
    elsewhere = Draft("StepStarted", {"step": "4", "attempt": 1, "machine": "ab" * 16}, event_id="c" * 32)
    intent = bench.append(elsewhere, replace(SAM, host="elsewhere"))
    assert bench.settle() == []
    assert computed(bench.database, [intent], here=MACHINE) == []


def test_an_id_that_names_a_folder_elsewhere_touches_nothing_there(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "victim").mkdir()
    draft = Draft("StepStarted", {"step": "1", "attempt": 1}, event_id="../../victim")
    bench.append(draft)
    assert bench.settle()[0].kind == "StepInDoubt"
    assert (tmp_path / "victim").exists()


def test_a_reader_computes_what_settling_would_append_and_writes_nothing(bench: Bench) -> None:
    begun = left(bench, "started", "outcome")
    before = bench.database.read_bytes()
    (draft,) = computed(bench.database, [begun.intent], here=MACHINE)
    assert (draft.kind, draft.event_id) == ("StepFinished", outcome_id(begun.intent.event_id))
    assert bench.database.read_bytes() == before
    (outcome,) = bench.settle()
    assert dict(outcome.data) == {**draft.data, "settled": True, "begun_by": "sam"}


def test_two_settlers_append_one_outcome(bench: Bench) -> None:
    begun = left(bench, "started", "outcome")
    stale = [begun.intent]
    bench.settle()
    bench.settle(stale)
    assert [one.kind for one in bench.events] == ["BackoutOpened", "StepStarted", "StepFinished"]


def test_settling_an_intent_that_was_folded_away_names_who_began_it(bench: Bench) -> None:
    """A view keeps of an intent no more than its id and its host; the log knows the rest."""
    begun = left(bench, "started", "outcome")
    folded = replace(begun.intent, seq=0, actor=Actor("", host=HERE), lease=0)
    (outcome,) = bench.settle([folded])
    assert (outcome.actor, outcome.lease, outcome.data["begun_by"]) == (KIM, 7, "sam")


class FullLog:
    """A journal on a full disk."""

    def append(
        self,
        log_id: str,
        *,
        after: int,
        decide: Callable[[list[Event]], Sequence[Draft]],
        actor: Actor,
        known: Backout | None = None,
    ) -> list[Event]:
        decide([])
        raise BackoutError("the disk is full")


def test_a_log_that_refuses_keeps_the_folder_and_frees_the_lock(bench: Bench) -> None:
    begun = left(bench, "started", "outcome")
    with pytest.raises(BackoutError, match="full"):
        settle(bench.database, LOG, [begun.intent], here=MACHINE, open_journal=FullLog, settler=KIM)
    assert bench.settle()[0].kind == "StepFinished"


def test_no_journal_is_opened_when_there_is_nothing_to_write(bench: Bench) -> None:
    begun = left(bench, lock=True)

    def never() -> FullLog:
        raise AssertionError("opened")

    assert settle(bench.database, LOG, [begun.intent], here=MACHINE, open_journal=never, settler=KIM) == []
    assert settle(bench.database, LOG, [], here=MACHINE, open_journal=never, settler=KIM) == []
    os.close(begun.lock)


def aged(attempt: AttemptFolder, seconds: float = 120) -> None:
    moment = time.time() - seconds
    os.utime(attempt.path, (moment, moment))


def unclaimed(bench: Bench, intent_id: str, log: str = LOG) -> Begun:
    """A folder whose claim never came into the log."""
    folder, lock = make_attempt(bench.database, intent_id, bench.request(intent_id, "true", log=log))
    return Begun(folder, lock, event(1, "StepStarted", intent_id))


def test_orphaned_folders_are_removed_after_a_minute(bench: Bench) -> None:
    """A claim that was never made, and an outcome that was recorded just before the crash."""
    young, old = unclaimed(bench, "a" * 32), unclaimed(bench, "b" * 32)
    other_log, living = unclaimed(bench, "c" * 32, log="backout:2"), unclaimed(bench, "d" * 32)
    recorded = left(bench, "started", "outcome")
    data = {"step": "4", "intent": recorded.intent.event_id, "result": "done"}
    ended = Draft("StepFinished", data, event_id=outcome_id(recorded.intent.event_id))
    bench.append(ended)
    torn = bench.database.with_name("backout.sqlite.d") / "spool" / ("e" * 32)
    torn.mkdir(0o700)
    for begun in (young, old, other_log):
        os.close(begun.lock)
    for begun in (old, other_log, living, recorded):
        aged(begun.folder)
    aged(AttemptFolder(torn.name, torn))
    assert bench.settle() == []
    gone = [not path.exists() for path in (old.folder.path, recorded.folder.path, torn)]
    kept = [begun.folder.path.exists() for begun in (young, other_log, living)]
    assert gone == kept == [True, True, True]
    os.close(living.lock)


def test_a_folder_is_no_orphan_when_the_log_knows_better_than_the_caller(bench: Bench) -> None:
    """What the caller read of the log may be older than the attempt: the outcome must not be lost to that."""
    begun = left(bench, "started", "outcome")
    aged(begun.folder)
    bench.settle([])
    assert begun.folder.path.exists()
    assert bench.settle()[0].kind == "StepFinished"


def test_what_an_older_version_left_is_settled_and_cleared_away(bench: Bench) -> None:
    """Its claim names neither owner nor inode nor hash; a stop was asked for in a folder of its own."""
    begun = left(bench, "started", "outcome")
    (begun.folder.path / "asked").mkdir()
    (begun.folder.path / "asked" / "stop").touch()
    formerly = {name: value for name, value in begun.intent.data.items() if name != "spool"}
    (outcome,) = bench.settle([replace(begun.intent, data=formerly)])
    assert outcome.kind == "StepFinished"
    assert not begun.folder.path.exists()
