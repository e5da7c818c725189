"""The way to the dashboard needs no parser, and means the same as with it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from backout_tui.cli.straight import Way, to_the_dashboard
from tests.cli.lines import Line

HERE = {"BACKOUT_DATABASE": "/var/lib/b.sqlite"}


@pytest.mark.parametrize(
    ("line", "way"),
    [
        ("", Way("", "/var/lib/b.sqlite", None, None)),
        ("open", Way("", "/var/lib/b.sqlite", None, None)),
        ("open 3", Way("3", "/var/lib/b.sqlite", None, None)),
        ("--database b.sqlite open 3", Way("3", "b.sqlite", None, None)),
        ("open 3 --as kim --database=b.sqlite", Way("3", "b.sqlite", None, "kim")),
        ("--as sam open --as kim", Way("", "/var/lib/b.sqlite", None, "kim")),
        ("--config c.toml", Way("", "/var/lib/b.sqlite", Path("c.toml"), None)),
        ("open 3 4", None),
        ("open --help", None),
        ("--version", None),
        ("--database", None),
        ("--as --help", None),
        ("--as=", None),
        ("demo", None),
        ("show 1", None),
        ("open -- 3", None),
        ("-h", None),
    ],
)
def test_only_a_plain_line_is_understood_without_the_parser(line: str, way: Way | None) -> None:
    assert to_the_dashboard(line.split(), HERE) == way


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("open x", "x is not a backout. Give its number; see: backout-tui list"),
        ("open 1", "there is no terminal to draw the dashboard on"),
        ("--database= open 1", "--database is blank"),
        ("open 1 2", "Got unexpected extra argument (2)"),
        ("--database postgresql://db/x open 1", "postgresql"),
    ],
)
def test_what_is_wrong_is_said_on_either_way(words: str, said: str, line: Line) -> None:
    result = line.run(*words.split())
    assert result.code == 2
    assert said in result.err


def test_the_way_to_the_dashboard_loads_no_parser(tmp_path: Path) -> None:
    """Up to where it looks for a terminal, behind which Textual begins."""
    command = [
        sys.executable,
        "-X",
        "importtime",
        "-m",
        "backout_tui",
        "--database",
        str(tmp_path / "b.sqlite"),
        "open",
    ]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert "backout_tui.cli.dashboards" in loaded
    assert not {name for name in loaded if name.partition(".")[0] == "click"}
