"""What keeps the log from being changed: triggers, pragmas, and the refusal to write what a newer program wrote."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from backout_tui.errors import BackoutError
from backout_tui.store.file import ddl
from backout_tui.store.log.reading import Reader
from backout_tui.store.log.verify import verify_log
from tests.store.shelf import filled, note, open_backout, open_journal, raw_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the test's database lies."""
    return tmp_path / "backout.sqlite"


def count(path: Path, table: str = "event") -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE event SET record = x'00'",
        "DELETE FROM event WHERE seq = 6",
        "INSERT OR REPLACE INTO event SELECT log_id, seq, event_id, x'00', hash FROM event WHERE seq = 2",
        "INSERT OR REPLACE INTO event SELECT log_id, 7, event_id, x'00', hash FROM event WHERE seq = 2",
        "INSERT INTO event SELECT log_id, 9, 'new', record, hash FROM event WHERE seq = 2",
        "UPDATE blob SET bytes = x'00'",
        "DELETE FROM blob",
        "INSERT OR REPLACE INTO blob SELECT sha256, x'00', 1 FROM blob",
        "UPDATE plan_revision SET text = ''",
        "DELETE FROM plan_revision",
        "INSERT OR REPLACE INTO plan_revision VALUES (1, 1, '', '', '', '', '', '', '', '')",
    ],
)
def test_what_is_recorded_is_not_changed_by_anybody_who_leaves_the_triggers(path: Path, deed: str) -> None:
    """Also not with INSERT OR REPLACE, through a connection that has not switched recursive triggers on."""
    filled(path)
    with (
        closing(sqlite3.connect(path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match=r"what is recorded|only g"),
    ):
        connection.execute(deed)


def test_the_connection_that_writes_is_as_careful_as_it_can_be(path: Path) -> None:
    with open_journal(path) as journal:
        raw = raw_of(journal)
        found = {name: raw.execute(f"PRAGMA {name}").fetchone()[0] for name in EXPECTED}
    assert found == EXPECTED


EXPECTED = {
    "journal_mode": "delete",
    "synchronous": 3,  # EXTRA
    "foreign_keys": 1,
    "trusted_schema": 0,
    "cell_size_check": 1,
    "recursive_triggers": 1,
    "busy_timeout": 500,
    "application_id": ddl.APPLICATION_ID,
    "user_version": ddl.SCHEMA_VERSION,
}


def test_a_database_of_a_newer_program_is_not_written_to(path: Path) -> None:
    """Also not by a program that had it open before it was migrated."""
    log_id = filled(path)
    with open_journal(path) as journal:
        with closing(sqlite3.connect(path)) as newer:
            newer.execute(f"PRAGMA user_version = {ddl.SCHEMA_VERSION + 1}")
        with pytest.raises(BackoutError, match="newer backout-tui"):
            note(journal, log_id, "x")
    with pytest.raises(BackoutError, match="newer backout-tui"):
        open_journal(path)
    assert count(path) == 7


def test_the_file_is_never_made_by_opening_a_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BackoutError, match="postgresql"):
        open_journal(Path("postgresql://db/backout"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a b", "50%25", "q?mode=memory", "h#x", "ünï", "'; --"])
def test_any_character_of_a_path_is_only_a_character(tmp_path: Path, name: str) -> None:
    path = tmp_path / f"{name}.sqlite"
    assert verify_log(path, filled(path)).ok


def test_a_relative_path_stays_what_it_was_when_the_folder_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with open_journal(Path("backout.sqlite")) as journal, Reader.open(Path("backout.sqlite")) as reader:
        monkeypatch.chdir("/")
        note(journal, open_backout(journal), "x")
        assert reader.logs() == ["backout:1"]
    assert (tmp_path / "backout.sqlite").exists()
