"""Reading what a writer that was killed has left half done."""

from __future__ import annotations

from pathlib import Path

import pytest

from backout_tui.store.log import reading
from backout_tui.store.log.reading import Reader
from backout_tui.store.log.verify import verify_log
from tests.store import workers
from tests.store.shelf import filled, note, open_journal


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the test's database lies."""
    return tmp_path / "backout.sqlite"


def contents(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {found.name: (found.read_bytes(), found.stat().st_mtime_ns) for found in folder.iterdir() if found.is_file()}


def left_half_done(path: Path) -> None:
    worker = workers.processes().Process(target=workers.stop_in_the_middle, args=(path,))
    worker.start()
    worker.join(workers.PATIENCE_S)
    assert path.with_name(path.name + "-journal").stat().st_size > 0


def test_the_owner_undoes_what_was_left_half_done_by_reading(path: Path) -> None:
    log_id = filled(path)
    left_half_done(path)
    with Reader.open(path) as reader:
        assert reader.logs() == [log_id]
        assert len(reader.events_after(log_id, 0)) == 6
    assert not path.with_name(path.name + "-journal").exists()
    assert verify_log(path, log_id).ok


def test_whoever_may_not_write_reads_a_copy_of_what_was_left_half_done(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_id = filled(path)
    left_half_done(path)
    monkeypatch.setattr(reading, "may_write", lambda _path: False)
    before = contents(path.parent)
    with Reader.open(path) as reader:
        assert reader.logs() == [log_id]
        assert verify_log(reader, log_id).ok
        version = reader.data_version()
        assert reader.data_version() == version
        assert contents(path.parent) == before
        with open_journal(path) as journal:
            note(journal, log_id, "the owner is back")
        assert reader.data_version() != version
        assert len(reader.events_after(log_id, 0)) == 7


def test_a_reader_that_may_not_write_meets_the_half_done_while_it_is_open(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_id = filled(path)
    monkeypatch.setattr(reading, "may_write", lambda _path: False)
    with Reader.open(path) as reader:
        version = reader.data_version()
        left_half_done(path)
        assert len(reader.events_after(log_id, 0)) == 6
        assert reader.data_version() != version
    assert path.with_name(path.name + "-journal").exists()


def test_the_copy_goes_with_the_reader(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(path)
    left_half_done(path)
    copies = tmp_path / "copies"
    copies.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(copies))
    monkeypatch.setattr(reading, "may_write", lambda _path: False)
    with Reader.open(path):
        assert len(list(copies.iterdir())) == 1
    assert list(copies.iterdir()) == []
