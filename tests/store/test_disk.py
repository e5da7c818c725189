"""When the disk or somebody else is in the way: it is told plainly, and nothing acknowledged is lost."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from backout_tui.errors import BackoutError
from backout_tui.store.file.connection import explained
from backout_tui.store.log.reading import Reader
from backout_tui.store.log.verify import verify_log
from tests.store import workers
from tests.store.shelf import filled, note, open_journal, raw_of

MIB = 1024 * 1024


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the test's database lies."""
    return tmp_path / "backout.sqlite"


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of one MiB, where this system lets us have one."""
    with tempfile.TemporaryDirectory() as folder:
        made = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=1m,mode=700", "tmpfs", folder], capture_output=True, check=False
        )
        if made.returncode:
            pytest.skip("a disk can only be mounted by root")
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", folder], check=True)


def test_a_database_that_stays_locked_is_said_to_be_locked(path: Path) -> None:
    log_id = filled(path)
    with open_journal(path, patience_s=0.3) as journal, closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        with pytest.raises(BackoutError, match="keeps the database locked; nothing was recorded") as locked:
            note(journal, log_id, "x")
        assert 0.3 <= time.monotonic() - began < 9  # without saying how long, it is ten
        assert locked.value.where == str(path)
        assert locked.value.todo
        other.rollback()
        assert note(journal, log_id, "x", after=6)[0].seq == 7


def test_a_reader_that_does_not_let_go_is_waited_for_and_the_append_is_whole(path: Path) -> None:
    """The lock is only missing at the commit: what was decided before is taken back, and decided again later."""
    log_id = filled(path)
    with open_journal(path, patience_s=0.3) as journal, closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM event").fetchone()
        with pytest.raises(BackoutError, match="nothing was recorded"):
            note(journal, log_id, "x")
        other.rollback()
        assert note(journal, log_id, "y", after=6)[0].seq == 7
    assert verify_log(path, log_id).ok


def test_a_database_that_is_locked_from_the_start_is_said_to_be_locked(path: Path) -> None:
    filled(path)
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(BackoutError, match="keeps the database locked"):
            open_journal(path, patience_s=0.2)


def test_a_full_disk_is_told_and_what_was_acknowledged_stays(small_disk: Path) -> None:
    path = small_disk / "backout.sqlite"
    log_id = filled(path)
    with open_journal(path) as journal:
        with pytest.raises(BackoutError, match="disk is full; nothing was recorded") as full:
            note(journal, log_id, "too much", output=os.urandom(2 * MIB))
        assert "Make room" in full.value.todo
        (small_disk / "rest").write_bytes(b"x" * (small_disk_left(small_disk)))
        with pytest.raises(BackoutError, match="nothing was recorded"):
            note(journal, log_id, "not even this", output=os.urandom(10_000))
        (small_disk / "rest").unlink()
        assert note(journal, log_id, "room again", after=6)[0].seq == 7
    assert verify_log(path, log_id).ok


def small_disk_left(folder: Path) -> int:
    found = os.statvfs(folder)
    return found.f_bavail * found.f_bsize


def test_no_room_for_a_new_database_leaves_one_that_can_be_made_later(small_disk: Path) -> None:
    (small_disk / "rest").write_bytes(b"x" * (small_disk_left(small_disk)))
    path = small_disk / "backout.sqlite"
    with pytest.raises(BackoutError, match=r"full|No space left"):
        open_journal(path)
    (small_disk / "rest").unlink()
    assert verify_log(path, filled(path)).ok


def test_a_disk_that_became_read_only_is_told_and_the_log_is_still_read(small_disk: Path) -> None:
    path = small_disk / "backout.sqlite"
    log_id = filled(path)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with open_journal(path) as journal, pytest.raises(BackoutError, match="cannot be written; nothing was recorded"):
        note(journal, log_id, "x")
    with Reader.open(path) as reader:
        assert len(reader.events_after(log_id, 0)) == 6
    assert verify_log(path, log_id).ok


def test_a_file_that_may_no_longer_grow_is_told_as_an_error_of_the_disk(path: Path) -> None:
    log_id = filled(path)
    context = workers.processes()
    receive, send = context.Pipe(duplex=False)
    worker = context.Process(target=workers.append_with_file_limit, args=(path, log_id, send))
    worker.start()
    send.close()
    with receive:
        told = receive.recv()
    worker.join(workers.PATIENCE_S)
    assert worker.exitcode == 0
    assert "nothing was recorded" in told
    assert "disk" in told
    verified = verify_log(path, log_id)
    assert (verified.ok, verified.events) == (True, 7)


def test_a_database_that_has_reached_its_size_is_told(path: Path) -> None:
    """The same for whoever may not mount a disk: SQLite itself says that it is full."""
    log_id = filled(path)
    with open_journal(path) as journal:
        raw = raw_of(journal)
        raw.execute("PRAGMA max_page_count = 1")  # raised by SQLite to what the file has already
        with pytest.raises(BackoutError, match="disk is full; nothing was recorded"):
            note(journal, log_id, "too much", output=b"x" * MIB)
        assert note(journal, log_id, "a new connection", after=6, output=b"x" * MIB)[0].seq == 7
    assert verify_log(path, log_id).ok


def test_a_failure_after_the_commit_point_does_not_claim_that_nothing_was_recorded(path: Path) -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_DIR_FSYNC
    assert "may or may not have been recorded" in str(explained(error, path, writing=True))
