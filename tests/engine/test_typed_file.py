"""What was typed and not recorded outlives its terminal: real files, with what can be wrong with them."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from backout_tui.engine.typed_file import TypedFile

TYPED = {"Write a note": {"text": "half a sentence"}, "Skip step 4": {"reason": "", "agreed": "kim"}}


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database with its folder beside it."""
    tmp_path.chmod(0o700)
    (tmp_path / "b.sqlite.d").mkdir(mode=0o700)
    return tmp_path / "b.sqlite"


def test_what_is_kept_is_read_again_by_the_same_person_at_the_same_place(database: Path) -> None:
    file = TypedFile(database, "sam", "1")
    assert file.read() == {}
    file.keep({"Write a note": {"text": "h"}})
    file.keep(TYPED)
    file.finish()
    assert TypedFile(database, "sam", "1").read() == TYPED
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert TypedFile(database, "kim", "1").read() == TypedFile(database, "sam", "2").read() == {}


def test_when_all_is_recorded_nothing_stays_on_the_disk(database: Path) -> None:
    file = TypedFile(database, "sam", "1")
    file.keep(TYPED)
    file.keep({})
    file.finish()
    assert list(file.path.parent.iterdir()) == []
    TypedFile(database, "sam", "2").keep({})  # nothing was there, and nothing is made


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[1]", b'{"a": 1}', b"\xff", b'{"a": {"b": "' + b"x" * (2 << 20) + b'"}}']
)
def test_a_file_that_is_not_ours_to_read_is_nothing(database: Path, content: bytes) -> None:
    file = TypedFile(database, "sam", "1")
    file.path.parent.mkdir(mode=0o700)
    file.path.write_bytes(content)
    assert file.read() == {}


def test_a_link_or_a_pipe_in_its_place_is_neither_followed_nor_waited_for(database: Path, tmp_path: Path) -> None:
    file = TypedFile(database, "sam", "1")
    file.path.parent.mkdir(mode=0o700)
    other = tmp_path / "other.json"
    other.write_text('{"a": {"b": "c"}}')
    file.path.symlink_to(other)
    assert file.read() == {}
    file.keep(TYPED)
    file.finish()
    assert file.read() == TYPED
    assert "c" in other.read_text()
    file.path.unlink()
    os.mkfifo(file.path)
    assert file.read() == {}


def test_for_the_first_plan_the_folder_is_made(tmp_path: Path) -> None:
    database = tmp_path / "state" / "b.sqlite"
    tmp_path.chmod(0o700)
    TypedFile(database, "sam", "1").keep(TYPED)
    file = TypedFile(database, "sam", "list", begins=True)
    file.keep(TYPED)
    file.finish()
    assert TypedFile(database, "sam", "list").read() == TYPED
    assert TypedFile(database, "sam", "1").read() == {}


def test_where_it_cannot_be_written_nothing_fails(tmp_path: Path) -> None:
    file = TypedFile(tmp_path / "missing" / "b.sqlite", "sam", "1")
    file.keep(TYPED)
    file.finish()
    assert file.read() == {}
