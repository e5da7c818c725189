"""Reading: what is there, what is not, and never a change to the file."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from backout_tui.domain.backout.events import Draft
from backout_tui.errors import BackoutError, Damaged
from backout_tui.store.file import ddl
from backout_tui.store.file.place import NoDatabase
from backout_tui.store.log.reading import Reader
from backout_tui.store.log.records import hash_of
from backout_tui.store.log.verify import verify_log
from tests.store.shelf import ADA, PLAN, filled, forger, note, open_backout, open_journal, store_plan


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the test's database lies."""
    return tmp_path / "backout.sqlite"


def contents(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {found.name: (found.read_bytes(), found.stat().st_mtime_ns) for found in folder.iterdir() if found.is_file()}


def read_everything(path: Path) -> None:
    with Reader.open(path) as reader:
        for log_id in reader.logs(""):
            reader.events_after(log_id, 0)


def test_what_was_appended_is_read_in_order(path: Path) -> None:
    log_id = filled(path)
    with Reader.open(path) as reader:
        events = reader.events_after(log_id, 0)
        assert [event.seq for event in events] == [1, 2, 3, 4, 5, 6]
        assert [event.kind for event in events] == ["BackoutOpened"] + ["NoteAdded"] * 5
        assert [event.seq for event in reader.events_after(log_id, 4)] == [5, 6]
        assert [event.seq for event in reader.events_after(log_id, 1, limit=2)] == [2, 3]
        assert reader.events_after(log_id, 6) == reader.events_after("backout:2", 0) == []
        assert reader.blob(events[-1].blobs[0].sha256) == b"rolled back\n"
        assert reader.blob("00" * 32) is None


def test_records_are_given_byte_for_byte(path: Path) -> None:
    log_id = filled(path)
    with Reader.open(path) as reader:
        rows = reader.records(log_id)
    assert [seq for seq, _, _ in rows] == [1, 2, 3, 4, 5, 6]
    assert all(hash_of(record) == hash_ for _, record, hash_ in rows)


def test_logs_are_listed_by_number_with_their_first_and_last_events(path: Path) -> None:
    with open_journal(path) as journal:
        plan = store_plan(journal)
        for _ in range(12):
            open_backout(journal, plan)
        note(journal, "backout:10", "later")
    with Reader.open(path) as reader:
        names = [f"backout:{number}" for number in range(1, 13)]
        assert reader.logs() == names
        assert reader.logs("plan:") == ["plan:1"]
        assert len(reader.logs("")) == 13
        assert [event.log for event in reader.first_events()] == names
        assert {event.seq for event in reader.first_events()} == {1}
        assert [one.log for one in map(reader.last_event, names) if one is not None] == names
        assert [one.seq for one in map(reader.last_event, names[8:10]) if one is not None] == [1, 2]
        assert reader.last_event("backout:99") is None


def test_a_backout_is_closed_until_it_is_opened_again(path: Path) -> None:
    with open_journal(path) as journal:
        plan = store_plan(journal)
        for log_id in (open_backout(journal, plan) for _ in range(3)):
            journal.append(log_id, after=1, decide=lambda _: [Draft("BackoutClosed", {"outcome": "partly"})], actor=ADA)
        journal.append("backout:2", after=2, decide=lambda _: [Draft("BackoutReopened", {"reason": "x"})], actor=ADA)
        note(journal, "backout:3", 'after the end: "kind":"BackoutReopened","lease":', after=2)
        with Reader.open(path) as reader:
            assert reader.closed_logs() == {"backout:1", "backout:3"}


def test_plans_are_found_by_what_their_newest_revision_says(path: Path) -> None:
    with open_journal(path) as journal:
        first = store_plan(journal, version="1")
        newest = store_plan(journal, PLAN + "\nmore\n", plan_id=first.plan_id, version="2")
        other = store_plan(journal, PLAN, version="1")
    with Reader.open(path) as reader:
        assert reader.plan_revisions() == [newest, other]
        assert reader.plan_revisions(name="payments-api", version="1") == [other]
        assert reader.plan_revisions(environment="test") == []
        assert reader.plan_text(first.plan_id) == PLAN + "\nmore\n"
        assert reader.plan_text(first.plan_id, 1) == PLAN
        assert reader.plan_text(9) is reader.plan_text(first.plan_id, 9) is None
        assert reader.revisions_of(first.plan_id) == [first, newest]
        assert reader.revisions_with_text(first.sha256) == [first, other]


def test_somebody_elses_append_is_seen_by_the_data_version(path: Path) -> None:
    log_id = filled(path)
    with Reader.open(path) as reader, open_journal(path) as journal:
        before = reader.data_version()
        assert reader.data_version() == before
        note(journal, log_id, "more")
        assert reader.data_version() != before


def test_reading_changes_nothing_in_the_folder(path: Path) -> None:
    log_id = filled(path)
    before = contents(path.parent)
    with Reader.open(path) as reader:
        reader.events_after(log_id, 0)
        reader.data_version()
        verify_log(reader, log_id)
        with pytest.raises(BackoutError):
            reader.ask(lambda connection: connection.execute("DELETE FROM picture"))
    assert contents(path.parent) == before


def test_a_missing_and_an_empty_file_are_no_database_yet(path: Path) -> None:
    with pytest.raises(NoDatabase):
        Reader.open(path)
    assert not path.exists()
    path.touch()
    with pytest.raises(NoDatabase):
        Reader.open(path)


def test_what_is_not_ours_is_named_and_left_alone(path: Path) -> None:
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(BackoutError, match="not a backout database"):
        Reader.open(path)
    path.unlink()
    with closing(sqlite3.connect(path)) as other:
        other.executescript("PRAGMA journal_mode = WAL; CREATE TABLE bookmarks (url)")
    before = path.read_bytes()
    with pytest.raises(BackoutError, match="another program"):
        Reader.open(path)
    path.chmod(0o600)
    with pytest.raises(BackoutError, match="another program"):
        open_journal(path)
    assert path.read_bytes() == before


def test_a_link_to_a_database_is_read_and_one_to_itself_is_not(path: Path) -> None:
    log_id = filled(path)
    (path.parent / "link.sqlite").symlink_to(path)
    with Reader.open(path.parent / "link.sqlite") as reader:
        assert len(reader.events_after(log_id, 0)) == 6
    (path.parent / "loop.sqlite").symlink_to(path.parent / "loop.sqlite")
    with pytest.raises(BackoutError, match="cannot be used"):
        Reader.open(path.parent / "loop.sqlite")


def test_a_url_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BackoutError, match="postgresql database cannot be used yet"):
        Reader.open(Path("postgresql://db/backout"))


def test_a_newer_database_is_read_and_says_why_it_is_only_read(path: Path) -> None:
    log_id = filled(path)
    with Reader.open(path) as reader:
        assert reader.why_read_only is None
        with closing(sqlite3.connect(path)) as newer:
            newer.execute(f"PRAGMA user_version = {ddl.SCHEMA_VERSION + 1}")
        reader.data_version()
        assert "newer backout-tui" in str(reader.why_read_only)
    with Reader.open(path) as reader:
        assert len(reader.events_after(log_id, 0)) == 6
        assert "newer backout-tui" in str(reader.why_read_only)


def test_a_locked_database_is_waited_for_and_then_said_to_be_locked(path: Path) -> None:
    log_id = filled(path)
    with Reader.open(path, patience_s=0.1) as reader, closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(BackoutError, match="keeps the database locked") as locked:
            reader.events_after(log_id, 0)
        assert "nothing was recorded" not in str(locked.value)
        other.rollback()
        assert len(reader.events_after(log_id, 0)) == 6


def test_a_damaged_record_is_named_with_its_event(path: Path) -> None:
    log_id = filled(path)
    with forger(path) as forged:
        forged.execute("UPDATE event SET record = CAST('{}' AS BLOB) WHERE log_id = ? AND seq = 3", (log_id,))
    said = r"damaged at event 3 of backout 1: `log` is missing.*verify"
    with Reader.open(path) as reader, pytest.raises(Damaged, match=said):
        reader.events_after(log_id, 0)


def test_damaged_pages_are_said_to_be_damaged(path: Path) -> None:
    log_id = filled(path, notes=100)
    raw = bytearray(path.read_bytes())
    raw[4096 * 3 : 4096 * 12] = os.urandom(4096 * 9)
    path.write_bytes(raw)
    with pytest.raises(BackoutError, match="damaged"):
        read_everything(path)
    assert not verify_log(path, log_id).ok


def test_a_name_in_the_file_that_is_no_text_any_more_is_damage(path: Path) -> None:
    """One bit in the type of a column: SQLite names that type in what it says, and its bytes cannot be read."""
    filled(path)
    data = path.read_bytes()
    at = data.index(b"CREATE TABLE event")
    broken = data[at:].replace(b" TEXT", b" \xd4EXT", 1)
    path.write_bytes(data[:at] + broken)
    with pytest.raises(Damaged), Reader.open(path) as reader:
        reader.last_event("backout:1")
