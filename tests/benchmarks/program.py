"""A program in a real terminal whose output is kept with the moment at which each piece came, and never drawn.

Drawing would take time from what is measured; what is on the screen is judged by the text between the sequences.
"""

from __future__ import annotations

import codecs
import contextlib
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

WIDTH, HEIGHT = 120, 40
"""A size at which all four panes are open."""
PATIENCE_S = 60.0
_STYLE = re.compile(r"\x1b\[[0-9;:]*m")
_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]P^_][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-Z\\^-~])")
_BEGUN = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|[\]P^_][^\x07\x1b]*\x1b?|[ -/]*)?\Z")


class Program:
    """Starts `command` in a terminal of its own; use it with `with`. Moments are those of `time.perf_counter`."""

    def __init__(self, command: Sequence[str], *, environ: Mapping[str, str], cwd: Path) -> None:
        """Start it, with this environment and no other."""
        self.plain = ""
        self.received = 0
        self._held = ""
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._terminal, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            list(command),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=cwd,
            env=dict(environ),
            start_new_session=True,
            preexec_fn=_take_terminal,
        )
        os.close(theirs)

    def __enter__(self) -> Program:
        """The running program."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave nothing running."""
        self.process.kill()
        self.process.wait()
        os.close(self._terminal)

    def press(self, keys: str) -> float:
        """Write `keys` into the terminal at once; the moment before."""
        pressed = time.perf_counter()
        os.write(self._terminal, keys.encode())
        return pressed

    def pump(self, seconds: float) -> float | None:
        """Take the next piece if it comes within `seconds`: the moment it came; None when none did."""
        if not select.select([self._terminal], [], [], seconds)[0]:
            return None
        with contextlib.suppress(OSError):  # the program has ended
            if piece := os.read(self._terminal, 1 << 16):
                came = time.perf_counter()
                self._keep(piece)
                return came
        raise AssertionError(f"the program ended with {self.process.wait()}; it said last:\n{self.plain[-3000:]}")

    def until_shown(self, *texts: str, since: int = 0) -> float:
        """Wait until all `texts` have been painted behind position `since` of `plain`; the moment the last one was."""
        return self.until(lambda plain: all(text in plain for text in texts), since)

    def until(self, true: Callable[[str], object], since: int = 0) -> float:
        """Wait until something is true of what was painted behind `since`; the moment at which it came to be."""
        came, deadline = time.perf_counter(), time.perf_counter() + PATIENCE_S
        while not true(self.plain[since:]):
            left = deadline - time.perf_counter()
            assert left > 0, f"it did not come; this did:\n{self.plain[since:][-3000:]}"
            came = self.pump(left) or came
        return came

    def until_painted(self) -> float:
        """Wait for the first character that can be seen; the moment it came."""
        return self.until(str.strip)

    def until_quiet(self, seconds: float, at_most: float = PATIENCE_S) -> float | None:
        """Take what comes until nothing has come for `seconds`; the moment of the last piece, None when none came."""
        last, deadline = None, time.perf_counter() + at_most
        while time.perf_counter() < deadline and (came := self.pump(seconds)) is not None:
            last = came
        return last

    @property
    def cpu_s(self) -> float:
        """Seconds of a core that it has used so far, all its threads."""
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text(encoding="ascii").split()[0]) for task in tasks) / 1e9

    @property
    def memory_mib(self) -> float:
        """MiB of memory that it holds now."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    def _keep(self, piece: bytes) -> None:
        self.received += len(piece)
        text = self._held + self._decode(piece)
        begun = _BEGUN.search(text)
        self._held = text[begun.start() :] if begun else ""
        whole = text[: begun.start()] if begun else text
        self.plain += _SEQUENCE.sub("\n", _STYLE.sub("", whole))


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
