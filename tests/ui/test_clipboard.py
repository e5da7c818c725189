"""The way to the clipboard, through a real tmux too: it arrives, or what is said says why not."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from backout_tui.ui.terminal.clipboard import ALLOWED, copied
from tests.journeys.tmux import needs_tmux
from tests.pty_screen import PtyScreen

SAID = "Step 4\nRoll the deployment back é"


def way(environment: dict[str, str]) -> tuple[str, list[str]]:
    """What is said, and what was sent to the terminal itself."""
    sent: list[str] = []
    return copied(SAID, sent.append, environment), sent


def a_tmux(folder: Path, script: str) -> dict[str, str]:
    """The environment inside of a tmux that does as `script` says."""
    program = folder / "tmux"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return {"TMUX": "/tmp/tmux-0/default,1,0", "PATH": f"{folder}:/usr/bin:/bin"}


@pytest.mark.parametrize(
    ("environment", "words", "sends"),
    [
        ({"TERM": "xterm-256color"}, ALLOWED, True),
        ({}, ALLOWED, True),
        ({"TERM": "tmux-256color"}, "set -s set-clipboard on", True),
        ({"TERM": "screen", "STY": "12.pts-0.host"}, "GNU screen passes nothing on", False),
        ({"TMUX": "x,1,0", "PATH": "/nowhere"}, "tmux cannot be run (no such file or directory)", False),
    ],
)
def test_where_it_goes_to_is_said(environment: dict[str, str], words: str, sends: bool) -> None:
    said, sent = way(environment)
    assert words in said
    assert sent == ([SAID] if sends else [])


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ('cat > "$0.got"; echo "256,clipboard,title"', "copied through tmux"),
        ('cat > "$0.got"', "copied through tmux"),  # an older one names no features
        ('cat > "$0.got"; echo "256,title"', "terminal-features"),
        ('case "$*" in *-w*) echo "unknown flag -w" >&2; exit 1;; esac; cat > "$0.got"', "tmux 3.2 passes it on"),
        ('echo "no server running" >&2; exit 1', "not copied: no server running"),
    ],
)
def test_what_tmux_makes_of_it_is_said(tmp_path: Path, script: str, words: str) -> None:
    said, sent = way(a_tmux(tmp_path, script))
    assert words in said
    assert sent == []
    if "got" in script:
        assert (tmp_path / "tmux.got").read_text() in (SAID, "")


@pytest.fixture
def socket(tmp_path: Path) -> Iterator[Path]:
    """Where a tmux of its own listens; it is ended afterwards."""
    import subprocess

    path = tmp_path / "socket"
    yield path
    subprocess.run(["tmux", "-S", str(path), "kill-server"], check=False, capture_output=True)


@needs_tmux
def test_through_a_tmux_as_it_comes_it_reaches_the_terminal_around(socket: Path, tmp_path: Path) -> None:
    done = tmp_path / "done"
    program = (
        "import pathlib, sys; from backout_tui.ui.terminal.clipboard import copied;"
        f" said = copied({SAID!r}, sys.exit); pathlib.Path({str(done)!r}).write_text(said); input()"
    )
    import sys

    inside = f"exec {sys.executable} -c '{program.replace(chr(39), chr(34))}'"
    with PtyScreen(["tmux", "-S", str(socket), "-f", "/dev/null", "new", inside], environ={"TMUX": ""}) as screen:
        for _ in range(600):
            screen.read(0.1)
            if done.exists() and b"\x1b]52;" in screen.raw:
                break
        assert done.read_text() == "copied through tmux"
        found = re.search(rb"\x1b\]52;[a-z]*;([A-Za-z0-9+/=]+)", screen.raw)
        assert found is not None
        assert base64.b64decode(found[1]).decode() == SAID
