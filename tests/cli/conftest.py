"""What the tests of the command line share: sam's command line, in a folder of its own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.lines import Line


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Line:
    """Nothing of the person who runs the tests is seen or touched."""
    for name in [name for name in os.environ if name.startswith("BACKOUT_")]:
        monkeypatch.delenv(name)
    for name, folder in (("XDG_CONFIG_HOME", "config"), ("XDG_STATE_HOME", "state"), ("TMPDIR", "tmp")):
        monkeypatch.setenv(name, str(tmp_path / folder))
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    monkeypatch.setenv("BACKOUT_DATABASE", str(tmp_path / "backout.sqlite"))
    monkeypatch.setenv("BACKOUT_AS", "sam")
    monkeypatch.chdir(tmp_path)
    return Line(tmp_path, monkeypatch)
