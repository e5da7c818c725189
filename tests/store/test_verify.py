"""Verifying: one changed byte anywhere is found, and named with its event."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from backout_tui.domain.values import replace
from backout_tui.errors import BackoutError
from backout_tui.store.file import backup
from backout_tui.store.log.reading import Reader
from backout_tui.store.log.records import canonical, genesis, hash_of
from backout_tui.store.log.verify import Verification, first_fault, verify_log, why_not_sound
from tests.store.shelf import PLAN, filled, forger, open_backout, open_journal, store_plan

LOG = "backout:1"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with one backout of six events, the last with an output."""
    found = tmp_path / "backout.sqlite"
    assert filled(found) == LOG
    return found


def rules(verification: Verification) -> set[tuple[str, int]]:
    return {(finding.rule, finding.seq) for finding in verification.findings}


def forge(path: Path, statement: str, *values: object) -> None:
    with forger(path) as forged:
        assert forged.execute(statement, values).rowcount == 1


def forge_record(path: Path, at: int, /, *, hash_too: bool = True, **changes: object) -> None:
    """Write another record in the place of one, in the right form, with the right hash."""
    with forger(path) as forged:
        was = forged.execute("SELECT record FROM event WHERE log_id = ? AND seq = ?", (LOG, at)).fetchone()[0]
        record = canonical({**json.loads(was), **changes})
        forged.execute("UPDATE event SET record = ? WHERE log_id = ? AND seq = ?", (record, LOG, at))
        if hash_too:
            forged.execute("UPDATE event SET hash = ? WHERE log_id = ? AND seq = ?", (hash_of(record), LOG, at))


def test_a_log_that_nobody_touched_is_sound(path: Path) -> None:
    verified = verify_log(path, LOG)
    assert (verified.ok, verified.events, verified.first_bad, verified.findings) == (True, 6, None, ())
    with Reader.open(path) as reader:
        assert verified.head == reader.events_after(LOG, 5)[0].head
        assert verify_log(reader, LOG, anchor=verified.head) == verified
    assert verify_log(path, "plan:1").ok
    assert why_not_sound(path) is why_not_sound(path, at_most_s=1) is first_fault(path) is None


def test_a_changed_record_is_named(path: Path) -> None:
    forge_record(path, 3, hash_too=False, data={"text": "all was well"})
    verified = verify_log(path, LOG)
    assert rules(verified) == {("hash", 3)}
    assert verified.first_bad == 3
    assert first_fault(path) == "backout:1: event 3 does not match its hash"


@pytest.mark.parametrize("at", [2, 3, 4, 5])
def test_a_changed_record_with_a_new_hash_is_named_and_not_the_event_behind_it(path: Path, at: int) -> None:
    forge_record(path, at, data={"text": "all was well"})
    verified = verify_log(path, LOG)
    assert (rules(verified), verified.first_bad) == ({("prev", at)}, at)
    assert verified.findings[0].message.endswith(f"event {at} was changed")


@pytest.mark.parametrize("at", [1, 2, 3, 4, 5, 6])
@pytest.mark.parametrize("column", ["record", "hash"])
def test_of_an_event_with_one_column_changed_nothing_is_said_of_the_one_behind_it(
    path: Path, at: int, column: str
) -> None:
    if column == "record":
        forge_record(path, at, hash_too=False, data={"text": "all was well"})
    else:
        forge(path, "UPDATE event SET hash = ? WHERE log_id = ? AND seq = ?", b"\0" * 32, LOG, at)
    assert {seq for rule, seq in rules(verify_log(path, LOG)) if rule != "plan"} == {at}


@pytest.mark.parametrize("at", [2, 3, 4, 5])
def test_an_event_that_names_another_before_it_is_named_itself(path: Path, at: int) -> None:
    forge_record(path, at, prev="00" * 32)
    assert {seq for _, seq in rules(verify_log(path, LOG))} == {at}


def test_a_changed_last_record_with_a_new_hash_is_found_by_an_anchor_alone(path: Path) -> None:
    head = verify_log(path, LOG).head
    forge_record(path, 6, data={"text": "all was well"}, blobs=[])
    assert verify_log(path, LOG).ok
    assert rules(verify_log(path, LOG, anchor=head)) == {("anchor", 6)}


def test_a_removed_event_is_named(path: Path) -> None:
    forge(path, "DELETE FROM event WHERE log_id = ? AND seq = 3", LOG)
    verified = verify_log(path, LOG)
    assert rules(verified) == {("gap", 3)}
    assert (verified.events, verified.first_bad) == (5, 3)


def test_several_removed_events_are_named_together(path: Path) -> None:
    for seq in (1, 2, 4, 5):
        forge(path, "DELETE FROM event WHERE log_id = ? AND seq = ?", LOG, seq)
    assert [finding.message for finding in verify_log(path, LOG).findings] == [
        "events 1 to 2 are missing",
        "events 4 to 5 are missing",
    ]


def test_a_cut_end_is_named_against_an_anchor(path: Path) -> None:
    head = verify_log(path, LOG).head
    forge(path, "DELETE FROM event WHERE log_id = ? AND seq = 6", LOG)
    assert verify_log(path, LOG).ok
    verified = verify_log(path, LOG, anchor=head)
    assert rules(verified) == {("anchor", 6)}
    assert "its end was cut" in verified.findings[0].message


def test_an_anchor_in_the_middle_holds_and_a_wrong_one_does_not(path: Path) -> None:
    with Reader.open(path) as reader:
        event = reader.events_after(LOG, 2)[0]
    assert verify_log(path, LOG, anchor=event.head).ok
    assert verify_log(path, LOG, anchor=f"3:{event.hash.upper()}").ok
    assert rules(verify_log(path, LOG, anchor=replace(event, seq=4).head)) == {("anchor", 4)}


@pytest.mark.parametrize(
    "anchor", ["", "3", "3:", "3:12ab", "0:" + "a" * 20, "x:" + "a" * 20, "3:" + "g" * 20, "3:" + "a" * 65]
)
def test_what_is_no_head_is_refused_as_anchor(path: Path, anchor: str) -> None:
    """A short one would fit many events by chance."""
    with pytest.raises(BackoutError, match="not a head"):
        verify_log(path, LOG, anchor=anchor)


def test_a_whole_log_that_is_gone_is_said_to_be_gone(path: Path) -> None:
    assert rules(verify_log(path, "backout:2")) == {("missing", 0)}
    assert rules(verify_log(path, "backout:2", anchor="4:" + "a" * 20)) == {("missing", 0), ("anchor", 1)}


def test_events_that_changed_places_are_named(path: Path) -> None:
    for seq, to in ((2, 100), (3, 2), (100, 3)):
        forge(path, "UPDATE event SET seq = ? WHERE log_id = ? AND seq = ?", to, LOG, seq)
    assert {("columns", 2), ("columns", 3), ("prev", 2), ("prev", 3)} <= rules(verify_log(path, LOG))


def test_an_event_moved_to_another_log_is_named_also_when_it_was_the_last(path: Path) -> None:
    forge(path, "UPDATE event SET log_id = 'backout:2' WHERE log_id = ? AND seq = 6", LOG)
    assert rules(verify_log(path, LOG)) == {("columns", 6)}


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"v": 2}, "form"),
        ({"log": "backout:7"}, "columns"),
        ({"seq": 4}, "columns"),
        ({"event_id": "another"}, "columns"),
        ({"blobs": [{"name": "output", "len": 3, "sha256": "00"}]}, "blob"),
    ],
)
def test_a_record_that_says_something_else_than_its_place_is_named(
    path: Path, changes: dict[str, Any], rule: str
) -> None:
    forge_record(path, 3, **changes)
    assert (rule, 3) in rules(verify_log(path, LOG))


@pytest.mark.parametrize(
    "record",
    [
        b'{"seq": 3}',
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"ms":1.0}',
        b'{"text":"\\u0041"}',
        '{"text":"\u202e"}'.encode(),
        b"\xff\xfe",
        b"[]",
        b"[" * 100_000,
        b"",
        b'{"data":3,"blobs":7}',
        b'{"blobs":[7,{"sha256":null}]}',
    ],
)
def test_a_record_in_another_form_is_named_even_with_the_right_hash(path: Path, record: bytes) -> None:
    """One event has one sequence of bytes: else two logs that read alike could have different heads."""
    with forger(path) as forged:
        forged.execute(
            "UPDATE event SET record = ?, hash = ? WHERE log_id = ? AND seq = 3", (record, hash_of(record), LOG)
        )
    assert {("prev", 3)} < rules(verify_log(path, LOG))
    assert verify_log(path, LOG).first_bad == 3


def test_a_changed_output_is_named_with_the_event_it_belongs_to(path: Path) -> None:
    forge(path, "UPDATE blob SET bytes = CAST('rolled Back' || char(10) AS BLOB)")
    verified = verify_log(path, LOG)
    assert rules(verified) == {("blob", 6)}
    assert "was changed" in verified.findings[0].message


def test_a_removed_output_is_named(path: Path) -> None:
    forge(path, "DELETE FROM blob")
    assert [finding.message for finding in verify_log(path, LOG).findings] == ["the output of event 6 is missing"]


def test_a_changed_plan_is_named_by_every_log_that_stands_on_it(path: Path) -> None:
    forge(path, "UPDATE plan_revision SET text = text || ' '")
    assert rules(verify_log(path, LOG)) == {("plan", 1)}
    assert rules(verify_log(path, "plan:1")) == {("plan", 1)}


def test_a_changed_plan_is_named_even_when_its_digest_was_changed_with_it(path: Path) -> None:
    other = PLAN + "and another step\n"
    forge(path, "UPDATE plan_revision SET text = ?, sha256 = ?", other, hashlib.sha256(other.encode()).hexdigest())
    assert rules(verify_log(path, LOG)) == {("plan", 1)}
    assert rules(verify_log(path, "plan:1")) == {("plan", 1)}


def test_a_log_bound_to_another_plan_is_named(path: Path) -> None:
    forge_record(path, 1, prev=genesis(LOG, "00" * 32))
    assert {("prev", 1)} == rules(verify_log(path, LOG))


def test_a_plan_that_is_gone_is_named(path: Path) -> None:
    forge(path, "DELETE FROM plan_revision")
    assert rules(verify_log(path, LOG)) == {("plan", 1)}
    assert rules(verify_log(path, "plan:1")) == {("plan", 1)}


def test_a_plan_that_was_slipped_in_is_named(path: Path) -> None:
    with forger(path) as forged:
        forged.execute("CREATE TEMP TABLE other AS SELECT * FROM plan_revision")
        forged.execute("UPDATE other SET revision = 2")
        forged.execute("INSERT INTO plan_revision SELECT * FROM other")
    assert rules(verify_log(path, "plan:1")) == {("plan", 0)}


def test_a_later_revision_is_verified_too(path: Path) -> None:
    with open_journal(path) as journal:
        revision = store_plan(journal, PLAN + "more\n", plan_id=1)
        open_backout(journal, revision)
    assert first_fault(path) is None
    forge(path, "UPDATE plan_revision SET name = 'Payments-api' WHERE revision = 2")
    assert rules(verify_log(path, "plan:1")) == {("plan", 2)}


def test_an_exported_file_is_verified_without_being_written_to(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere" / "night.sqlite"
    backup.backup(path, copy)
    copy.chmod(0o444)
    copy.parent.chmod(0o555)
    before = (copy.read_bytes(), copy.stat().st_mtime_ns)
    assert verify_log(copy, LOG).ok
    assert why_not_sound(copy) is None
    assert (copy.read_bytes(), copy.stat().st_mtime_ns) == before
    assert list(copy.parent.iterdir()) == [copy]
    copy.parent.chmod(0o755)


def test_tables_and_guards_that_are_not_ours_are_named(path: Path) -> None:
    with forger(path):
        pass
    assert "triggers" in str(why_not_sound(path))


def test_broken_pages_are_named(tmp_path: Path) -> None:
    path = tmp_path / "long.sqlite"
    filled(path, notes=200)
    raw = bytearray(path.read_bytes())
    for page in range(5, 15):
        raw[4096 * page : 4096 * page + 8] = b"\xff" * 8
    path.write_bytes(raw)
    assert why_not_sound(path)
    assert why_not_sound(path, at_most_s=10)
    assert not verify_log(path, LOG).ok


def test_a_look_that_runs_out_of_time_finds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "long.sqlite"
    filled(path, notes=20)
    assert why_not_sound(path, at_most_s=0) is None


def test_a_file_that_is_no_database_is_an_error_and_not_a_finding(tmp_path: Path) -> None:
    (tmp_path / "x.sqlite").write_text("hello")
    for look in (lambda path: verify_log(path, LOG), why_not_sound):
        with pytest.raises(BackoutError, match="not a backout database"):
            look(tmp_path / "x.sqlite")
