"""The program as the job of a real interactive shell, and what the kernel says of its process."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.journeys.site import PROGRAM, Site
from tests.journeys.terminal import ENTER, Terminal

needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
CTRL_Z = "\x1a"
PROMPT = "shell>"
NEXT = "Next: run step 1"


@contextmanager
def in_a_shell(site: Site, *arguments: str, shows: str = NEXT) -> Iterator[tuple[Terminal, int]]:
    """The program, begun in an interactive bash as a person does, once it `shows` that; and its process."""
    environ = {**site.environ(), "PS1": f"{PROMPT} ", "PS2": "", "HISTFILE": ""}
    command = ["bash", "--norc", "--noprofile", "-i"]
    with Terminal(command, environ=environ, cwd=str(site.work)) as terminal:
        terminal.wait_for(PROMPT)
        terminal.send(f"{shlex.join([*PROGRAM, *arguments])}{ENTER}")
        terminal.wait_for(shows)
        (process,) = children(terminal.process.pid)
        yield terminal, process
        os.killpg(os.getpgid(process), signal.SIGKILL) if state(process) else None


def children(process: int) -> list[int]:
    """The processes that `process` has begun."""
    return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()]


def state(process: int) -> str:
    """R, S, T (stopped), ... as the kernel says; "" once it is gone."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def stopped(terminal: Terminal, process: int) -> None:
    """The process is stopped, and the shell prompts again, on what is an empty screen for pyte too."""
    terminal.wait_until(lambda: state(process) == "T", "a stop")
    terminal.wait_for(PROMPT)
