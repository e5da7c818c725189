"""What the tests of the command line share: sam's command line, in a folder of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.lines import Line, line_in


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Line:
    """Sam's command line."""
    return line_in(tmp_path, monkeypatch)
