"""A real tmux on a socket of its own: windows in which the program runs, keys into them, what they show."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.journeys.site import PROGRAM, Site

needs_tmux = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
SETTLED_S = 0.25
"""Longer than a dialog must have been there before its confirming key counts."""


@dataclass(frozen=True)
class Window:
    """One terminal of the server; 80x24."""

    server: Tmux
    name: str

    def text(self) -> str:
        """What it shows."""
        return self.server.ask("capture-pane", "-p", "-t", self.name)

    def press(self, *keys: str, until: str = "") -> None:
        """Press keys by tmux's names, each alone; then wait until `until` is shown."""
        for key in keys:
            time.sleep(0.05)
            self.server.ask("send-keys", "-t", self.name, key)
        if until:
            self.wait_for(until)

    def type(self, text: str) -> None:
        """Type a text as it stands."""
        self.server.ask("send-keys", "-l", "-t", self.name, text)

    def confirm(self, title: str) -> None:
        """Press Enter in the dialog `title`, once it was read."""
        self.wait_for(title)
        for _ in range(8):
            time.sleep(SETTLED_S)
            self.press("Enter")
            if self.is_gone(title, within_s=1):
                return
        raise AssertionError(f"{title!r} stayed on:\n{self.text()}")

    def wait_for(self, text: str, within_s: float = 60.0) -> None:
        """Wait until `text` is shown."""
        until = time.monotonic() + within_s
        while text not in (shown := self.text()):
            assert time.monotonic() < until, f"{text!r} did not appear on:\n{shown}"
            time.sleep(0.05)

    def is_gone(self, text: str, within_s: float = 10.0) -> bool:
        """Whether `text` is no longer shown within so many seconds."""
        until = time.monotonic() + within_s
        while text in self.text() and time.monotonic() < until:
            time.sleep(0.05)
        return text not in self.text()

    @property
    def process(self) -> int:
        """The process that runs in it."""
        return int(self.server.ask("display-message", "-p", "-t", self.name, "#{pane_pid}"))

    def close(self) -> None:
        """Close the terminal over what runs in it, as a line that drops does."""
        self.server.ask("kill-pane", "-t", self.name)


@dataclass(frozen=True)
class Tmux:
    """One server, on the socket in `folder`."""

    folder: Path

    def ask(self, *words: str) -> str:
        """What tmux answers."""
        command = ["tmux", "-S", str(self.folder / "tmux.sock"), "-f", "/dev/null", *words]
        environ = {name: value for name, value in os.environ.items() if name not in ("TMUX", "NO_COLOR")}
        done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, f"{words}: {done.stderr}"
        return done.stdout

    def window(self, site: Site, name: str, actor: str) -> Window:
        """The dashboard of `actor` in a terminal of its own."""
        environ = [f"{key}={value}" for key, value in site.environ(actor).items()]
        command = ["env", *environ, *PROGRAM]
        self.ask("new-session", "-d", "-s", name, "-x", "80", "-y", "24", "-c", str(site.work), *command)
        return Window(self, name)


@contextmanager
def tmux_in(folder: Path) -> Iterator[Tmux]:
    """A server, with nothing of it left at the end."""
    server = Tmux(folder)
    server.ask("new-session", "-d", "-s", "keeper", "-x", "80", "-y", "24", "sleep", "600")
    try:
        yield server
    finally:
        server.ask("kill-server")
