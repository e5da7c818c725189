"""One command as a process: started in its own session, its output read to the end, stopped with its whole tree."""

from __future__ import annotations

import contextlib
import ctypes
import os
import selectors
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from backout_tui.domain.spans import in_words
from backout_tui.engine.attempts.durable import reason
from backout_tui.engine.printed.output import Output

GRACE_S = 5.0  # between TERM and KILL
DRAIN_S = 1.0  # after the command's exit, for output still in the pipe
TICK_S = 0.1  # how often a stop is checked for; the tail's file needs it at least five times a second
_AFTER_KILL_S = 2.0  # a process that survives KILL for this long (another user's, a broken disk's) is named and left
_READ = 64 * 1024
_PR_SET_CHILD_SUBREAPER = 36


class Command(Struct, frozen=True):
    """What to run: its arguments, its folder, its environment, and its time limit (None: no limit).

    `descriptors` stay open for it: it reads its script from one. `umask` is the operator's; -1 leaves ours.
    """

    words: Sequence[str]
    cwd: str
    environment: Mapping[str, str]
    timeout_ms: int | None = None
    descriptors: Sequence[int] = ()
    umask: int = -1


class StopAsked(Struct, frozen=True):
    """The command has to end early: `why` in words, and `by` whom if somebody asked."""

    why: str
    by: str | None = None
    out_of_time: bool = False


class Ended(Struct, frozen=True):
    """How a command ended: by exit code or by signal. `stopped` if it was made to; `left` names survivors."""

    exit_code: int | None = None
    signal: int | None = None
    stopped: StopAsked | None = None
    left: tuple[int, ...] = ()


class CannotStart(Exception):  # noqa: N818 - a plain outcome of trying
    """The command was not executed at all; the message says why."""


def start(command: Command) -> subprocess.Popen[bytes]:
    """Execute `command` without input or terminal, in its own session, both outputs in one pipe. Raises CannotStart."""
    if not Path(command.cwd).is_dir():
        raise CannotStart(f"the folder {command.cwd} is not there")
    try:
        return subprocess.Popen(  # noqa: S603 - the plan's own command, which the operator has seen and confirmed
            command.words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=command.cwd,
            env=dict(command.environment),
            pass_fds=command.descriptors,
            umask=command.umask,
            start_new_session=True,
            bufsize=0,
        )
    except FileNotFoundError as error:
        raise CannotStart(f"{command.words[0]} is not installed, or not on the PATH") from error
    except (OSError, ValueError) as error:
        words = reason(error) if isinstance(error, OSError) else str(error)
        raise CannotStart(f"it could not be started: {words}") from error


def adopt_orphans() -> bool:
    """Become the parent of every process whose own parent ends, so that a stop finds it. False when not on Linux."""
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0)


class Tree:
    """All processes that a command has started, and its own."""

    def __init__(self, leader: int, *, adopting: bool) -> None:
        """`leader` is the command's own process; `adopting` says whether `adopt_orphans` worked in this process."""
        self._leader, self._adopting = leader, adopting

    def living(self) -> tuple[int, ...]:
        """The processes still running; without adopting, only the leader's process group is known."""
        if self._adopting:
            return _descendants(os.getpid())
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._leader, 0)
            return (self._leader,)
        return ()

    def send(self, number: signal.Signals) -> None:
        """Send a signal to each of them, except those of another user."""
        signal_one = os.kill if self._adopting else os.killpg
        for pid in self.living():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                signal_one(pid, number)

    def bury(self) -> None:
        """Collect the exits of adopted processes, but not the command's own, which `Popen` waits for."""
        while self._adopting:
            try:
                gone = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
                if gone is None or gone.si_pid == self._leader:
                    return
                os.waitpid(gone.si_pid, 0)
            except ChildProcessError:
                return


def _descendants(ancestor: int) -> tuple[int, ...]:
    children = defaultdict(list)
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, parent = status.read_bytes().rpartition(b")")[2].split()[:2]
            if state not in (b"Z", b"X"):
                children[int(parent)].append(int(status.parent.name))
    found, ahead = [], [ancestor]
    while ahead:
        new = children.pop(ahead.pop(), [])
        found += new
        ahead += new
    return tuple(found)


class Watch:
    """Watches a running command from its start to its end, and passes on its output as it comes."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        output: Output,
        *,
        stop: Callable[[], StopAsked | None],
        timeout_ms: int | None = None,
        grace_s: float = GRACE_S,
        adopting: bool = False,
    ) -> None:
        """`stop` is asked at every tick whether the command has to end."""
        assert process.stdout is not None
        self._process, self._output, self._stop, self._grace_s = process, output, stop, grace_s
        self._tree = Tree(process.pid, adopting=adopting)
        self._timeout_ms, self._began = timeout_ms, time.monotonic()
        self._pipe = process.stdout.fileno()
        os.set_blocking(self._pipe, False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._pipe, selectors.EVENT_READ)
        self._open = True

    def to_the_end(self) -> Ended:
        """Read until the command has ended, by itself or because it had to."""
        try:
            stopped = self._until_exit_or_stop()
            left = self._take_down() if stopped else ()
            self._drain()
        finally:
            self._selector.close()
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._output.finish()
        code = self._process.wait()
        return Ended(code if code >= 0 else None, -code if code < 0 else None, stopped, left)

    def _until_exit_or_stop(self) -> StopAsked | None:
        look_at = 0.0
        while True:
            self._read(TICK_S)
            if self._process.poll() is not None:
                return None
            if (now := time.monotonic()) >= look_at:
                look_at = now + TICK_S
                self._tree.bury()
                if (stop := self._stop() or self._out_of_time(now)) is not None:
                    return stop

    def _out_of_time(self, now: float) -> StopAsked | None:
        if self._timeout_ms is None or (now - self._began) * 1000 < self._timeout_ms:
            return None
        whole, part = divmod(self._timeout_ms, 1000)
        limit = f"{self._timeout_ms / 1000:g} s" if part else in_words(whole)
        return StopAsked(f"timed out after {limit}", out_of_time=True)

    def _take_down(self) -> tuple[int, ...]:
        """Send TERM, and after the grace period KILL, to the whole tree; its remaining output is read meanwhile."""
        self._tree.send(signal.SIGTERM)
        kill_at = time.monotonic() + self._grace_s
        while True:
            self._read(TICK_S)
            ended = self._process.poll() is not None
            self._tree.bury()
            left = self._tree.living()
            if ended and not left:
                return ()
            if (now := time.monotonic()) >= kill_at:
                self._tree.send(signal.SIGKILL)
                if ended and now >= kill_at + _AFTER_KILL_S:
                    return left

    def _drain(self) -> None:
        until = time.monotonic() + DRAIN_S
        while self._open and (left := until - time.monotonic()) > 0:
            self._read(min(left, TICK_S))

    def _read(self, wait_s: float) -> None:
        """Pass on what the pipe gives within `wait_s`; once the pipe is closed, wait for the command's exit instead."""
        if not self._open:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(wait_s)
        elif self._selector.select(wait_s):
            with contextlib.suppress(BlockingIOError):
                data = os.read(self._pipe, _READ)
                if data:
                    self._output.feed(data)
                    return
                self._selector.unregister(self._pipe)
                self._open = False
        self._output.tick()
