"""Settling: one outcome for every attempt that is over, none for one that may live, nothing thrown away too early."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backout_tui.domain.events import Actor, Draft, Event
from backout_tui.engine.durable import create_json, write_json
from backout_tui.engine.settling import computed, open_intents, outcome_id, settle, what_settles
from backout_tui.engine.spool import AttemptFolder, start_ticks
from backout_tui.errors import BackoutError
from tests.engine.bench import HERE, LOG, SAM, Begun, Bench

DONE = {"result": "done", "why": "", "exit_code": 0, "expect": []}


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def left(bench: Bench, *names: str, lock: bool = False) -> Begun:
    """An attempt that somebody left, with the files of these names in it; its lock is free unless `lock`."""
    begun = bench.begin()
    if "started" in names:
        create_json(begun.folder.path / "started.json", {"pid": 1, "boot_id": "another boot"})
    if "outcome" in names:
        write_json(begun.folder.path / "outcome.json", DONE)
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
            events.append(event(seq, "StepInDoubt", f"outcome {seq}", intent=name))
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
    assert computed(bench.database, [begun.intent], here=HERE) == []
    assert begun.folder.path.exists()
    os.close(begun.lock)


def test_an_outcome_that_was_left_is_recorded_with_its_output_and_then_removed(bench: Bench) -> None:
    begun = left(bench, "started", "outcome")
    (begun.folder.path / "output").write_bytes(b"head")
    write_json(begun.folder.path / "tail.json", {"dropped": 3, "text": "tail"})
    (outcome,) = bench.settle()
    assert outcome.kind == "StepFinished"
    assert outcome.event_id == outcome_id(begun.intent.event_id)
    assert outcome.data == {"intent": begun.intent.event_id, "step": "4", "attempt": 1, **DONE}
    assert (outcome.actor, outcome.lease) == (SAM, 7)
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
    create_json(begun.folder.path / "started.json", {"pid": 1, "boot_id": boot})
    write_json(begun.folder.path / "process.json", {"pid": os.getpid(), "start_ticks": start_ticks(os.getpid())})
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
    for file in begun.folder.path.iterdir():
        file.unlink()
    begun.folder.path.rmdir()
    assert bench.settle()[0].kind == "StepInDoubt"


def test_a_folder_without_its_lock_file_proves_nothing(bench: Bench) -> None:
    begun = left(bench)
    (begun.folder.path / "lock").unlink()
    assert bench.settle()[0].kind == "StepInDoubt"


def test_an_attempt_of_another_host_is_left_to_that_host(bench: Bench) -> None:
    begun = bench.begin(actor=replace(SAM, host="elsewhere"))
    os.close(begun.lock)
    assert bench.settle() == []
    assert computed(bench.database, [begun.intent], here=HERE) == []
    assert begun.folder.path.exists()


def test_an_id_that_names_a_folder_elsewhere_touches_nothing_there(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "victim").mkdir()
    draft = Draft("StepStarted", {"step": "1", "attempt": 1}, event_id="../../victim")
    bench.append(draft)
    assert bench.settle()[0].kind == "StepInDoubt"
    assert (tmp_path / "victim").exists()


def test_a_reader_computes_what_settling_would_append_and_writes_nothing(bench: Bench) -> None:
    begun = left(bench, "started", "outcome")
    before = bench.database.read_bytes()
    (draft,) = computed(bench.database, [begun.intent], here=HERE)
    assert (draft.kind, draft.event_id) == ("StepFinished", outcome_id(begun.intent.event_id))
    assert bench.database.read_bytes() == before
    (outcome,) = bench.settle()
    assert dict(outcome.data) == draft.data


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
    assert (outcome.actor, outcome.lease) == (SAM, 7)


class FullLog:
    """A journal on a full disk."""

    def append(
        self, log_id: str, *, after: int, decide: Callable[[list[Event]], Sequence[Draft]], actor: Actor
    ) -> list[Event]:
        decide([])
        raise BackoutError("the disk is full")


def test_a_log_that_refuses_keeps_the_folder_and_frees_the_lock(bench: Bench) -> None:
    begun = left(bench, "started", "outcome")
    with pytest.raises(BackoutError, match="full"):
        settle(bench.database, LOG, [begun.intent], here=HERE, open_journal=FullLog)
    assert bench.settle()[0].kind == "StepFinished"


def test_no_journal_is_opened_when_there_is_nothing_to_write(bench: Bench) -> None:
    begun = left(bench, lock=True)

    def never() -> FullLog:
        raise AssertionError("opened")

    assert settle(bench.database, LOG, [begun.intent], here=HERE, open_journal=never) == []
    assert settle(bench.database, LOG, [], here=HERE, open_journal=never) == []
    os.close(begun.lock)


def aged(attempt: AttemptFolder, seconds: float = 120) -> None:
    moment = time.time() - seconds
    os.utime(attempt.path, (moment, moment))


def unclaimed(bench: Bench, intent_id: str, log: str = LOG) -> Begun:
    """A folder whose claim never came into the log."""
    from backout_tui.engine.spool import make_attempt

    folder, lock = make_attempt(bench.database, intent_id, bench.request(intent_id, "true", log=log))
    return Begun(folder, lock, event(1, "StepStarted", intent_id))


def test_orphaned_folders_are_removed_after_a_minute(bench: Bench) -> None:
    """A claim that was never made, and an outcome that was recorded just before the crash."""
    young, old = unclaimed(bench, "a" * 32), unclaimed(bench, "b" * 32)
    other_log, living = unclaimed(bench, "c" * 32, log="backout:2"), unclaimed(bench, "d" * 32)
    recorded = left(bench, "started", "outcome")
    ended = Draft("StepFinished", {"intent": recorded.intent.event_id}, event_id=outcome_id(recorded.intent.event_id))
    bench.append(ended)
    torn = bench.database.with_name("backout.sqlite.d") / "spool" / ("e" * 32)
    torn.mkdir(0o700)
    for begun in (young, old, other_log):
        os.close(begun.lock)
    for begun in (old, other_log, living, recorded):
        aged(begun.folder)
    aged(AttemptFolder(torn))
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
