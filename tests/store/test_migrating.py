"""The road from version 1 to today: backed up, in one transaction, with everything that guards the log."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from backout_tui.errors import BackoutError
from backout_tui.store.file import backup, ddl
from backout_tui.store.file.connection import connect_to_write
from backout_tui.store.file.origin import settle_in
from backout_tui.store.file.place import beside, prepare
from backout_tui.store.file.transaction import engine_on
from backout_tui.store.log.reading import Reader
from backout_tui.store.log.verify import first_fault, verify_log, why_not_sound
from backout_tui.store.migrations import migrating
from backout_tui.store.state.asking_state import closed_rows, open_numbers
from backout_tui.store.state.state_findings import state_findings, stray_rows
from tests.store import workers
from tests.store.shelf import filled, forger, note, open_journal


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the test's database lies."""
    return tmp_path / "backout.sqlite"


@pytest.fixture
def old(path: Path) -> Path:
    """A database of version 1, with what `filled` puts into one of today's."""
    return aged(path, 1)


def aged(path: Path, version: int) -> Path:
    """A database with what `filled` puts into one, made by the migrations up to that version."""
    filled(path)
    with closing(sqlite3.connect(path)) as today:
        rows = {table: today.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchall() for table in KEPT}
    path.unlink()
    prepare(path)
    make_version(path, version)
    with closing(sqlite3.connect(path)) as connection:
        for table, found in rows.items():
            connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(found[0]))})", found)
        if version >= ddl.ORIGIN_VERSION:
            settle_in(connection, path)
        connection.commit()
    return path


KEPT = ("event", "blob", "plan_revision")


def make_version(path: Path, version: int) -> None:
    engine = engine_on(lambda: connect_to_write(path))
    with engine.begin() as connection:
        migrating.upgrade(connection, version)
    engine.dispose()


def schema(path: Path) -> list[tuple[str, str, str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(ddl.SCHEMA).fetchall()


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def backups(path: Path) -> Iterator[Path]:
    return (beside(path) / "backups").glob("*")


def stamps(path: Path) -> tuple[int, int, str]:
    with closing(sqlite3.connect(path)) as connection:
        return (
            connection.execute("PRAGMA application_id").fetchone()[0],
            connection.execute("PRAGMA user_version").fetchone()[0],
            connection.execute("SELECT version_num FROM alembic_version").fetchone()[0],
        )


def test_a_new_database_and_one_migrated_from_version_1_are_the_same(old: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.sqlite"
    filled(new)
    open_journal(old).close()
    assert schema(old) == schema(new)
    assert stamps(old) == stamps(new) == (ddl.APPLICATION_ID, ddl.SCHEMA_VERSION, f"{ddl.SCHEMA_VERSION:04}")


def test_the_fingerprints_are_those_of_the_versions(old: Path, tmp_path: Path) -> None:
    """A change to the tables needs a migration, a version and a fingerprint; this is where it is noticed."""
    made = {1: old}
    for version in range(2, ddl.SCHEMA_VERSION):
        made[version] = tmp_path / f"version{version}.sqlite"
        prepare(made[version])
        make_version(made[version], version)
    made[ddl.SCHEMA_VERSION] = tmp_path / "new.sqlite"
    filled(made[ddl.SCHEMA_VERSION])
    assert {version: ddl.fingerprint(schema(path)) for version, path in made.items()} == ddl.FINGERPRINTS


def test_migrating_keeps_every_record_and_goes_on_behind_it(old: Path) -> None:
    with Reader.open(old) as reader:
        before = reader.records("backout:1")
        assert reader.version == 1
        assert reader.picture("backout:1") is None
        assert reader.closed_logs() == frozenset()
    with open_journal(old) as journal, Reader.open(old) as reader:
        assert reader.records("backout:1") == before
        assert note(journal, "backout:1", "x", after=6)[0].seq == 7
        journal.save_picture("backout:1", 7, "aa", "{}", "0.1")
    assert why_not_sound(old) is first_fault(old) is None


@pytest.mark.parametrize("version", [1, 2, 3])
def test_migrating_fills_the_state_tables_from_the_logs(path: Path, version: int) -> None:
    aged(path, version)
    with Reader.open(path) as reader:
        assert reader.version == version
        assert list(state_findings(reader, "backout:1")) == list(stray_rows(reader)) == []
        assert open_numbers(reader) is None, "tables that are not there cannot tell"
        assert closed_rows(reader, [1]) == {}
    with open_journal(path) as journal, Reader.open(path) as reader:
        assert list(state_findings(reader, "backout:1")) == list(stray_rows(reader)) == []
        assert open_numbers(reader) == [1]
        note(journal, "backout:1", "x", after=6)
        assert list(state_findings(reader, "backout:1")) == []
    assert why_not_sound(path) is first_fault(path) is None


def test_the_backup_is_the_database_as_it_was_and_private(old: Path) -> None:
    before = dump(old)
    open_journal(old).close()
    found = list(backups(old))
    assert len(found) == 1
    assert "-v1-2026" in found[0].name
    assert dump(found[0]) == before
    assert found[0].stat().st_mode & 0o777 == 0o600
    assert verify_log(found[0], "backout:1").ok


def test_a_database_of_today_is_neither_migrated_nor_backed_up(path: Path) -> None:
    filled(path)
    open_journal(path).close()
    assert list(backups(path)) == []


def test_what_guards_the_log_is_there_again_afterwards(old: Path) -> None:
    open_journal(old).close()
    with closing(sqlite3.connect(old)) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute("DELETE FROM event")


def test_a_migration_that_fails_leaves_everything_as_it_was(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = dump(old)
    monkeypatch.setattr(
        ddl, "TRIGGERS", (*ddl.TRIGGERS, "CREATE TRIGGER broken BEFORE INSERT ON nothing BEGIN SELECT 1; END")
    )
    with pytest.raises(BackoutError, match="nothing was recorded"):
        open_journal(old)
    assert dump(old) == before
    assert stamps(old)[1:] == (1, "0001")


def test_without_a_backup_there_is_no_migration(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = dump(old)
    (beside(old) / "backups").write_text("in the way")
    with pytest.raises(BackoutError, match="backup cannot be made"):
        open_journal(old)
    assert dump(old) == before


def test_a_damaged_log_is_not_migrated(old: Path) -> None:
    with closing(sqlite3.connect(old)) as connection:
        trigger = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'event_no_update'").fetchone()[0]
        connection.execute("DROP TRIGGER event_no_update")
        connection.execute("UPDATE event SET hash = zeroblob(32) WHERE seq = 3")
        connection.execute(trigger)
        connection.commit()
    with pytest.raises(BackoutError, match=r"not sound: backout:1: event 3 does not match its hash"):
        open_journal(old)
    assert list(backups(old)) == []


def test_a_database_without_its_guards_is_not_migrated(old: Path) -> None:
    with forger(old):
        pass
    with pytest.raises(BackoutError, match="not sound: its tables or the triggers"):
        open_journal(old)


def test_many_programs_that_meet_an_old_database_migrate_it_once(old: Path) -> None:
    context = workers.processes()
    together = context.Barrier(4)
    answers = [context.Pipe(duplex=False) for _ in range(4)]
    crew = [context.Process(target=workers.begin, args=(old, 2, together, send)) for _, send in answers]
    for worker in crew:
        worker.start()
    numbers = sorted(log_id for receive, _ in answers for log_id in receive.recv())
    for worker in crew:
        worker.join(workers.PATIENCE_S)
    assert numbers == [f"backout:{number}" for number in range(2, 10)]
    assert len(list(backups(old))) == 1
    assert why_not_sound(old) is first_fault(old) is None


def test_a_backup_can_be_made_while_somebody_writes(path: Path, tmp_path: Path) -> None:
    log_id = filled(path)
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        backup.backup(path, tmp_path / "backups" / "copy.sqlite")
    assert verify_log(tmp_path / "backups" / "copy.sqlite", log_id).ok


def test_a_backup_never_replaces_a_file(path: Path, tmp_path: Path) -> None:
    filled(path)
    (tmp_path / "copy.sqlite").write_text("mine")
    with pytest.raises(BackoutError, match="backup cannot be made"):
        backup.backup(path, tmp_path / "copy.sqlite")
    assert (tmp_path / "copy.sqlite").read_text() == "mine"


def test_a_backup_of_what_is_damaged_is_not_left_behind(path: Path, tmp_path: Path) -> None:
    filled(path, notes=50)
    raw = bytearray(path.read_bytes())
    raw[4096 * 3 : 4096 * 8] = b"\xff" * (4096 * 5)
    path.write_bytes(raw)
    with pytest.raises(BackoutError, match="damaged"):
        backup.backup(path, tmp_path / "copy.sqlite")
    assert not (tmp_path / "copy.sqlite").exists()
