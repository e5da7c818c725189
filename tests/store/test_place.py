"""Where the database lies: what is made, and what is refused."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from backout_tui.errors import BackoutError
from backout_tui.store.file import place
from tests.store.shelf import filled

NOBODY = 65534
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can make another user's file")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A private folder."""
    private = tmp_path / "state"
    private.mkdir(mode=0o700)
    return private


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users can reach."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o7777


def test_everything_that_is_made_is_private(tmp_path: Path) -> None:
    path = tmp_path / "new" / "deep" / "backout.sqlite"
    before = os.umask(0)
    try:
        place.prepare(path)
    finally:
        os.umask(before)
    assert mode(path.parent) == 0o700
    assert mode(path) == 0o600
    assert mode(place.beside(path)) == mode(place.spool_root(path)) == 0o700


def test_the_journal_and_the_backups_folder_of_a_private_file_are_private(folder: Path) -> None:
    path = folder / "backout.sqlite"
    filled(path)
    assert {mode(found) for found in folder.rglob("*") if found.is_file()} == {0o600}
    assert {mode(found) for found in folder.rglob("*") if found.is_dir()} == {0o700}


def test_a_setgid_folder_of_a_group_is_shared_with_it(folder: Path) -> None:
    folder.chmod(0o2770)
    path = folder / "backout.sqlite"
    before = os.umask(0o077)
    try:
        place.prepare(path)
    finally:
        os.umask(before)
    assert mode(path) == 0o660
    assert mode(place.beside(path)) == mode(place.spool_root(path)) == 0o3770
    place.prepare(path)


def test_preparing_twice_changes_nothing(folder: Path) -> None:
    path = folder / "backout.sqlite"
    place.prepare(path)
    path.chmod(0o400)
    place.prepare(path)
    assert mode(path) == 0o400


def test_a_symbolic_link_is_refused_as_file_and_as_folder(folder: Path) -> None:
    real = folder / "real.sqlite"
    place.prepare(real)
    link = folder / "link.sqlite"
    link.symlink_to(real)
    with pytest.raises(BackoutError, match="symbolic link"):
        place.prepare(link)
    (folder / "dangling.sqlite").symlink_to(folder / "nowhere")
    with pytest.raises(BackoutError, match="symbolic link"):
        place.prepare(folder / "dangling.sqlite")
    assert not (folder / "nowhere").exists()
    (folder.parent / "other").symlink_to(folder)
    with pytest.raises(BackoutError, match="symbolic link"):
        place.prepare(folder.parent / "other" / "backout.sqlite")


def test_a_spool_that_somebody_put_there_as_a_link_is_refused(folder: Path) -> None:
    (folder / "elsewhere").mkdir()
    (folder / "backout.sqlite.d").symlink_to(folder / "elsewhere")
    with pytest.raises(BackoutError, match="symbolic link"):
        place.prepare(folder / "backout.sqlite")


@pytest.mark.parametrize("rights", [0o602, 0o620, 0o666])
def test_a_file_that_others_may_write_is_refused(folder: Path, rights: int) -> None:
    path = folder / "backout.sqlite"
    place.prepare(path)
    path.chmod(rights)
    with pytest.raises(BackoutError, match=r"others may write .*chmod 600"):
        place.prepare(path)


def test_a_file_that_all_the_world_may_write_is_refused_in_a_shared_folder_too(folder: Path) -> None:
    folder.chmod(0o2770)
    path = folder / "backout.sqlite"
    place.prepare(path)
    path.chmod(0o666)
    with pytest.raises(BackoutError, match=r"others may write .*chmod o-w"):
        place.prepare(path)


def test_a_folder_that_everybody_may_write_is_refused_unless_it_is_sticky(folder: Path) -> None:
    folder.chmod(0o777)
    with pytest.raises(BackoutError, match="everybody may write"):
        place.prepare(folder / "backout.sqlite")
    assert list(folder.iterdir()) == []
    folder.chmod(0o1777)
    place.prepare(folder / "backout.sqlite")


@as_root
def test_the_file_of_another_user_is_refused(folder: Path) -> None:
    path = folder / "backout.sqlite"
    place.prepare(path)
    os.chown(path, NOBODY, -1)
    with pytest.raises(BackoutError, match="belongs to another user"):
        place.prepare(path)


@as_root
def test_the_folder_of_another_user_is_refused_unless_it_is_shared(folder: Path) -> None:
    os.chown(folder, NOBODY, -1)
    with pytest.raises(BackoutError, match="belongs to another user"):
        place.prepare(folder / "backout.sqlite")
    folder.chmod(0o2770)
    place.prepare(folder / "backout.sqlite")


@as_root
def test_a_journal_that_somebody_else_put_there_is_not_played_back(folder: Path) -> None:
    path = folder / "backout.sqlite"
    place.prepare(path)
    planted = folder / "backout.sqlite-journal"
    planted.write_bytes(b"x" * 512)
    os.chown(planted, NOBODY, -1)
    for use in (place.prepare, place.check_readable):
        with pytest.raises(BackoutError, match="journal that is not yours"):
            use(path)


def test_a_journal_that_is_a_link_is_not_played_back(folder: Path) -> None:
    path = folder / "backout.sqlite"
    place.prepare(path)
    (folder / "backout.sqlite-journal").symlink_to(path)
    with pytest.raises(BackoutError, match="journal that is not yours"):
        place.prepare(path)


def test_what_is_no_regular_file_is_refused_at_once(folder: Path) -> None:
    """A pipe would hang whoever opened it."""
    os.mkfifo(folder / "pipe")
    (folder / "folder").mkdir()
    for name in ("pipe", "folder"):
        with pytest.raises(BackoutError, match="not a regular file"):
            place.prepare(folder / name)
        with pytest.raises(BackoutError, match="not a regular file"):
            place.check_readable(folder / name)


def test_a_file_in_the_place_of_the_folder_is_said_to_be_one(folder: Path) -> None:
    (folder / "file").touch()
    with pytest.raises(BackoutError, match="not a folder"):
        place.prepare(folder / "file" / "backout.sqlite")


@pytest.mark.parametrize(
    "url", ["postgresql://ada:s3cret@db/backout", "postgresql+psycopg://db/x", "POSTGRES:/x", "sqlite:///x"]
)
def test_a_url_is_refused_in_one_sentence_that_shows_no_password(url: str) -> None:
    for given in (url, Path(url)):
        with pytest.raises(BackoutError, match="cannot be used yet") as refused:
            place.refuse_url(given)
        assert "s3cret" not in str(refused.value)
    with pytest.raises(BackoutError, match="cannot be used yet"):
        place.prepare(Path(url))
    with pytest.raises(BackoutError, match="cannot be used yet"):
        place.check_readable(Path(url))


@pytest.mark.parametrize("path", ["a:b", "backout.sqlite", "/x/postgresql.sqlite", "./c:/x"])
def test_a_path_is_not_taken_for_a_url(path: str) -> None:
    place.refuse_url(path)


def test_a_missing_file_is_told_apart_from_one_that_cannot_be_read(folder: Path) -> None:
    with pytest.raises(place.NoDatabase, match="no database here"):
        place.check_readable(folder / "backout.sqlite")


@as_root
def test_whoever_may_not_read_is_told_so(open_folder: Path) -> None:
    path = open_folder / "backout.sqlite"
    place.prepare(path)
    os.seteuid(NOBODY)
    try:
        with pytest.raises(BackoutError, match="may not read this file"):
            place.check_readable(path)
    finally:
        os.seteuid(0)


@as_root
def test_only_the_owner_writes_to_a_private_database(open_folder: Path) -> None:
    path = open_folder / "backout.sqlite"
    place.prepare(path)
    path.chmod(0o666)
    assert place.may_write(path)
    os.seteuid(NOBODY)
    try:
        assert not place.may_write(path)
    finally:
        os.seteuid(0)


def test_the_default_lies_in_the_state_folder_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    found = place.default_database()
    assert found.name == "backout.sqlite"
    assert re.search(r"backout-tui", str(found.parent))
    assert not found.parent.exists()
