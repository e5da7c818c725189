"""Appending: under a gate, in one transaction, all or nothing."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.dialects.sqlite import dialect

from backout_tui.domain.backout.events import Draft, Event
from backout_tui.errors import BackoutError, Damaged, Refused
from backout_tui.store.file.models import UtcTime
from backout_tui.store.log.journal import Journal
from backout_tui.store.log.reading import Reader
from backout_tui.store.log.records import genesis
from backout_tui.store.log.verify import verify_log
from tests.store.shelf import ADA, PLAN, TOOL, filled, note, open_backout, open_journal, raw_of, store_plan


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the test's database lies."""
    return tmp_path / "backout.sqlite"


def count(path: Path, table: str = "event") -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_every_record_says_who_when_and_with_what(path: Path) -> None:
    with open_journal(path) as journal:
        log_id = open_backout(journal)
        event = journal.append(
            log_id, after=1, decide=lambda _: [Draft("NoteAdded", {"text": "x"}, lease=3)], actor=ADA
        )[0]
    assert (event.log, event.seq, event.kind, event.data) == (log_id, 2, "NoteAdded", {"text": "x"})
    assert (event.actor, event.lease, event.tool, event.boot_id) == (ADA, 3, TOOL, "boot-1")
    assert event.at.startswith("2026-11-22T03:00:0")
    assert len(event.event_id) == 32


def test_the_chain_begins_with_the_plans_text_and_goes_on_with_each_hash(path: Path) -> None:
    log_id = filled(path)
    with Reader.open(path) as reader:
        events = reader.events_after(log_id, 0)
    assert events[0].prev == genesis(log_id, hashlib.sha256(PLAN.encode()).hexdigest())
    assert [event.prev for event in events[1:]] == [event.hash for event in events[:-1]]


def test_the_gate_sees_what_came_since_and_the_answer_holds_it_too(path: Path) -> None:
    with open_journal(path) as mine, open_journal(path) as theirs:
        log_id = open_backout(mine)
        note(theirs, log_id, "theirs")
        seen: list[Event] = []

        def gate(events: list[Event]) -> list[Draft]:
            seen.extend(events)
            return [Draft("NoteAdded", {"text": "mine"}), Draft("NoteAdded", {"text": "and mine"})]

        given = mine.append(log_id, after=1, decide=gate, actor=ADA)
    assert [event.data["text"] for event in seen] == ["theirs"]
    assert [event.data["text"] for event in given] == ["theirs", "mine", "and mine"]
    assert [event.seq for event in given] == [2, 3, 4]


def test_what_the_gate_refuses_leaves_nothing_behind(path: Path) -> None:
    def gate(_seen: list[Event]) -> list[Draft]:
        raise Refused("step 4 is running")

    log_id = filled(path)
    with open_journal(path) as journal:
        with pytest.raises(Refused, match="step 4 is running"):
            journal.append(log_id, after=0, decide=gate, actor=ADA)
        assert note(journal, log_id, "the lock is free again", after=6)[0].seq == 7


def test_a_draft_that_cannot_be_recorded_takes_the_others_with_it(path: Path) -> None:
    log_id = filled(path)
    drafts = [Draft("NoteAdded", {"text": "x"}, (("output", b"kept?"),)), Draft("NoteAdded", {"seconds": 1.5})]
    with open_journal(path) as journal, pytest.raises(TypeError, match="float"):
        journal.append(log_id, after=0, decide=lambda _: drafts, actor=ADA)
    assert (count(path), count(path, "blob")) == (7, 1)


def test_a_gate_that_wants_nothing_writes_nothing(path: Path) -> None:
    log_id = filled(path)
    with open_journal(path) as journal:
        assert [event.seq for event in journal.append(log_id, after=4, decide=lambda _: [], actor=ADA)] == [5, 6]
    assert count(path) == 7


def test_an_event_that_somebody_appended_already_is_appended_once(path: Path) -> None:
    """Two who settle the same attempt derive the same id; the second finds it done."""
    outcome = Draft("SomethingFinished", {"thing": "4"}, event_id="ab" * 16)
    log_id = filled(path)
    with open_journal(path) as mine, open_journal(path) as theirs:
        first = theirs.append(log_id, after=6, decide=lambda _: [outcome], actor=ADA)
        second = mine.append(log_id, after=6, decide=lambda _: [outcome, outcome, Draft("NoteAdded")], actor=ADA)
    assert [event.seq for event in first] == [7]
    assert [(event.seq, event.kind) for event in second] == [(7, "SomethingFinished"), (8, "NoteAdded")]
    assert verify_log(path, log_id).ok


def test_the_same_output_is_kept_once(path: Path) -> None:
    log_id = filled(path)
    twice = [Draft("NoteAdded", {}, (("output", b"same"), ("error", b"same")))] * 2
    with open_journal(path) as journal:
        journal.append(log_id, after=0, decide=lambda _: twice, actor=ADA)
    assert count(path, "blob") == 2
    assert verify_log(path, log_id).ok


def test_a_collision_reads_again_and_asks_the_gate_again(path: Path) -> None:
    """On SQLite the lock prevents it; the rule is for whoever comes by another way, so a row is slipped in by hand."""
    log_id = filled(path)
    asked: list[int] = []
    with open_journal(path) as journal:
        raw = raw_of(journal)

        def gate(seen: list[Event]) -> list[Draft]:
            asked.append(len(seen))
            if len(asked) == 1:
                raw.execute("INSERT INTO event VALUES (?, 7, 'slipped in', x'00', x'00')", (log_id,))
            return [Draft("NoteAdded", {"text": "x"})]

        assert [event.seq for event in journal.append(log_id, after=6, decide=gate, actor=ADA)] == [7]
    assert asked == [0, 0]
    assert verify_log(path, log_id).ok


def test_a_collision_that_does_not_end_is_given_up(path: Path) -> None:
    log_id = filled(path)
    asked: list[int] = []
    with open_journal(path) as journal:
        raw = raw_of(journal)

        def gate(seen: list[Event]) -> list[Draft]:
            asked.append(len(seen))
            raw.execute("INSERT INTO event VALUES (?, 7, 'slipped in', x'00', x'00')", (log_id,))
            return [Draft("NoteAdded", {"text": "x"})]

        with pytest.raises(Damaged, match="does not fit"):
            journal.append(log_id, after=6, decide=gate, actor=ADA)
    assert 2 < len(asked) < 20
    assert count(path) == 7


def test_a_log_that_is_not_there_or_shorter_than_it_was_is_not_appended_to(path: Path) -> None:
    log_id = filled(path)
    with open_journal(path) as journal:
        with pytest.raises(BackoutError, match="no backout:9"):
            note(journal, "backout:9", "x")
        with pytest.raises(Damaged, match="ends at event 6, and event 7 of it was seen before"):
            note(journal, log_id, "x", after=7)


def test_each_kind_of_log_has_its_own_numbers(path: Path) -> None:
    with open_journal(path) as journal:
        plan = store_plan(journal)
        assert [open_backout(journal, plan) for _ in range(11)][-2:] == ["backout:10", "backout:11"]
        assert store_plan(journal).plan_id == 2

        def refused(number: int) -> tuple[str, list[Draft]]:
            assert number == 12
            raise Refused("there is one already")

        with pytest.raises(Refused):
            journal.append_new("backout:", decide=refused, actor=ADA)
        assert open_backout(journal, plan) == "backout:12"


def test_a_log_does_not_begin_without_an_event(path: Path) -> None:
    with open_journal(path) as journal, pytest.raises(ValueError, match="without an event"):
        journal.append_new("backout:", decide=lambda _: ("", []), actor=ADA)


def test_a_plan_gains_a_revision_only_when_its_text_changes(path: Path) -> None:
    with open_journal(path) as journal:
        first = store_plan(journal)
        assert store_plan(journal, plan_id=first.plan_id) == first
        second = store_plan(journal, PLAN + "x", plan_id=first.plan_id)
        back = store_plan(journal, plan_id=first.plan_id)
        with pytest.raises(BackoutError, match="no plan 9"):
            store_plan(journal, plan_id=9)
    assert [one.revision for one in (first, second, back)] == [1, 2, 3]
    assert first.sha256 == back.sha256 == hashlib.sha256(PLAN.encode()).hexdigest()
    with Reader.open(path) as reader:
        events = reader.events_after("plan:1", 0)
    assert [(event.kind, event.data["stored"]["revision"]) for event in events] == [
        ("PlanStored", n) for n in (1, 2, 3)
    ]
    assert [one.stored_at for one in (first, second, back)] == [event.when for event in events]
    assert verify_log(path, "plan:1").ok


def test_a_picture_replaces_the_one_before(path: Path) -> None:
    log_id = filled(path)
    with open_journal(path) as journal, Reader.open(path) as reader:
        assert reader.picture(log_id) is None
        journal.save_picture(log_id, 5, "aa", '{"old":1}', "0.1")
        journal.save_picture(log_id, 6, "bb", '{"new":1}', "0.2")
        picture = reader.picture(log_id)
    assert picture is not None
    assert (picture.log, picture.seq, picture.hash, picture.state, picture.program) == (
        log_id,
        6,
        "bb",
        '{"new":1}',
        "0.2",
    )


def test_a_closed_journal_lets_go_of_the_file(path: Path) -> None:
    filled(path)
    journal: Journal = open_journal(path)
    journal.close()
    path.unlink()


def test_a_time_without_a_zone_is_not_stored() -> None:
    kind, here = UtcTime(), dialect()
    with pytest.raises(ValueError, match="without a zone"):
        kind.process_bind_param(datetime(2026, 11, 22), here)  # noqa: DTZ001 - that is the point
    assert kind.process_bind_param(None, here) is None
    assert kind.process_result_value(None, here) is None
