"""The script as the shell reads it: the bytes that were claimed, at every try, or it is not run."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from backout_tui.engine.attempts.command_run import CannotStart
from backout_tui.engine.attempts.folder import Folder
from backout_tui.engine.attempts.script import Script


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    held = Folder.open(tmp_path)
    yield held
    held.close()


@pytest.fixture(params=["sealed", "a file"])
def script(request: pytest.FixtureRequest, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> Iterator[Script]:
    if request.param == "a file":
        monkeypatch.delattr("os.memfd_create")
    made = Script.of("echo ünï; echo two", folder)
    assert made.sealed is (request.param == "sealed")
    yield made
    os.close(made.descriptor)


def run(script: Script) -> str:
    script.ready()
    words = ["sh", "-e", script.path]
    return subprocess.run(words, pass_fds=(script.descriptor,), capture_output=True, text=True, check=True).stdout


def test_the_shell_reads_it_from_its_beginning_however_often(script: Script) -> None:
    assert [run(script) for _ in range(3)] == ["ünï\ntwo\n"] * 3


def test_what_is_sealed_nobody_can_change(folder: Folder) -> None:
    script = Script.of("echo mine", folder)
    with pytest.raises(PermissionError):
        os.pwrite(script.descriptor, b"echo other", 0)
    with pytest.raises(PermissionError):
        os.ftruncate(script.descriptor, 0)
    with pytest.raises(PermissionError):
        Path(script.path).write_text("echo other", encoding="utf-8")
    assert run(script) == "mine\n"
    assert folder.names() == []
    os.close(script.descriptor)


def test_what_is_not_sealed_and_was_changed_is_not_run(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("os.memfd_create")
    script = Script.of("echo mine", folder)
    (tmp_path / "script").rename(tmp_path / "away")
    (tmp_path / "script").write_text("echo other")
    assert run(script) == "mine\n"
    (tmp_path / "away").write_text("echo other")
    with pytest.raises(CannotStart, match="changed since it was claimed"):
        run(script)
    os.close(script.descriptor)


def test_what_is_no_text_is_not_run(folder: Folder) -> None:
    with pytest.raises(CannotStart, match="it is not text"):
        Script.of("echo \udc80", folder)
