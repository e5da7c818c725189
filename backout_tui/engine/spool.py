"""The spool: one private folder per attempt, in which operator, supervisor and settlers leave word for each other.

Files of an attempt: `lock` (held exactly while the attempt may live), `request.json`, `started.json`, `process.json`,
`output`, `tail.json`, `stop`, `outcome.json`, and the supervisor's own `script` and `supervisor.log`. contract.md
section 3 says who writes which, and when. In a database that a group shares, the group may read them: whoever opens the
backout sees whether the attempt lives, and settles it when it does not.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import shutil
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import backout_tui
from backout_tui.engine.durable import append_to, open_private, read_json, reason, sync_folder, write_json
from backout_tui.errors import BackoutError
from backout_tui.store.clock import SystemClock
from backout_tui.store.place import beside, is_shared, spool_root

if TYPE_CHECKING:
    import subprocess

_INTENT_ID = re.compile(r"[0-9a-f]{32}")
_TODO = "Look at the folder's disk space, owner and mode, then run it again"


@dataclass(frozen=True, slots=True)
class KeptOutput:
    """What is kept of a command's output: the first part, the last part, and the number of bytes lost in between."""

    head: bytes = b""
    tail: bytes = b""
    dropped: int = 0

    @property
    def whole(self) -> bytes:
        """Head and tail as one text, with a line that says how much is missing between them."""
        gap = f"\n[{self.dropped} bytes are left out here]\n".encode() if self.dropped else b""
        return self.head + gap + self.tail


@dataclass(frozen=True, slots=True)
class AttemptFolder:
    """The folder of one attempt, named by its intent's event id. What is missing or unreadable reads as None."""

    path: Path

    @property
    def id(self) -> str:
        """The event id of the intent."""
        return self.path.name

    @property
    def began(self) -> bool:
        """Whether the command or message may have begun: a supervisor came as far as writing `started.json`."""
        return (self.path / "started.json").exists() or (self.path / "outcome.json").exists()

    def request(self) -> dict[str, Any] | None:
        """What is to be run or sent."""
        return read_json(self.path / "request.json")

    def started(self) -> dict[str, Any] | None:
        """When, where and in which boot the supervisor began."""
        return read_json(self.path / "started.json")

    def process(self) -> dict[str, Any] | None:
        """The command's `pid` and `start_ticks`."""
        return read_json(self.path / "process.json")

    def outcome(self) -> dict[str, Any] | None:
        """How it ended, once it has."""
        return read_json(self.path / "outcome.json")

    @property
    def stop(self) -> Path:
        """Where a stop is asked for. Of all that lies here, a group that shares the database may write this alone."""
        of_the_group = self.path / "asked"
        return (of_the_group if of_the_group.is_dir() else self.path) / "stop"

    @property
    def is_ours(self) -> bool:
        """Whether this user made it, and so may clear it away."""
        try:
            return self.path.stat().st_uid == os.geteuid()
        except OSError:
            return True  # it is gone, or nobody's: whatever is done with it fails by itself

    def stop_asked(self) -> dict[str, Any] | None:
        """Who asked for a stop (`{"by": name}`); empty when the file cannot be read; None while nobody did."""
        path = self.stop
        return (read_json(path) or {}) if path.exists() else None

    def output(self) -> KeptOutput:
        """The output as far as it was kept."""
        tail = read_json(self.path / "tail.json") or {}
        text, dropped = tail.get("text", ""), tail.get("dropped", 0)
        try:
            head = (self.path / "output").read_bytes()
        except OSError:
            head = b""
        return KeptOutput(head, str(text).encode("utf-8", "replace"), dropped if isinstance(dropped, int) else 0)

    def printed_at(self) -> float | None:
        """When something was last added to the output, in seconds since 1970; None while nothing was."""
        times = []
        for name in ("output", "tail.json"):
            with contextlib.suppress(OSError):
                times.append((self.path / name).stat().st_mtime)
        return max(times, default=None)

    def output_from(self, offset: int) -> bytes:
        """The bytes of `output` from `offset` on: what a live view has not shown yet."""
        try:
            with (self.path / "output").open("rb") as file:
                file.seek(offset)
                return file.read()
        except OSError:
            return b""


def attempt_of(database: Path, intent_id: str) -> AttemptFolder:
    """Where the attempt of that intent has its folder, whether it exists or not."""
    # A foreign log must not name folders elsewhere; no attempt is ever made under this other name.
    name = intent_id if _INTENT_ID.fullmatch(intent_id) else "nameless"
    return AttemptFolder(spool_root(database) / name)


def make_attempt(database: Path, intent_id: str, request: Mapping[str, Any]) -> tuple[AttemptFolder, int]:
    """Make the folder of an attempt with its request in it, durably, and hold its lock.

    `request` names `database`, `log`, `intent`, `kind` (step, check, probe or message), `subject` and `attempt`, and
    `after`: a seq behind which the intent will stand, so that nobody has to look for it from the log's beginning. A
    step, check or probe adds `language`, `script`, `keep_going`, `cwd`, `variables`, `secrets` (names), `timeout_ms`
    and `expects`; a step, where its plan says so, `until` (`every_s`, `at_most_s`) and `capture` (a name); a message
    what its channel needs.

    Returns the folder and the lock's descriptor: give it to `spawn_supervisor`, or to `abandon`. Raises BackoutError
    when the folder exists already, or cannot be made private and durable.
    """
    assert _INTENT_ID.fullmatch(intent_id), "an intent's event id is 32 hex digits"
    attempt, lock = attempt_of(database, intent_id), -1
    try:
        beside(database)
        attempt.path.parent.mkdir(mode=0o700, exist_ok=True)
        attempt.path.mkdir(mode=0o700)
        if is_shared(attempt.path.parent):
            _share(attempt)
    except OSError as error:
        raise BackoutError(f"the attempt's folder cannot be made: {reason(error)}", where=str(attempt.path)) from error
    try:
        lock = open_private(attempt.path / "lock", os.O_CREAT | os.O_EXCL | os.O_RDWR)
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        write_json(attempt.path / "request.json", request)
        sync_folder(attempt.path.parent)
    except OSError as error:
        abandon(attempt, lock)
        message = f"the attempt cannot be prepared: {reason(error)}"
        raise BackoutError(message, where=str(attempt.path), todo=_TODO) from error
    return attempt, lock


def _share(attempt: AttemptFolder) -> None:
    """Let the group that shares the database see the attempt and settle it, and ask it to stop; and nothing else."""
    attempt.path.chmod(0o2750)
    asked = attempt.path / "asked"
    asked.mkdir(mode=0o700)
    asked.chmod(0o2770)


def abandon(attempt: AttemptFolder, lock: int) -> None:
    """Undo `make_attempt`: the claim was refused, so nothing will run. Closes the lock's descriptor."""
    try:
        remove(attempt)
    finally:
        if lock >= 0:
            os.close(lock)


def remove(attempt: AttemptFolder) -> None:
    """Delete an attempt's folder, best while holding its lock; what cannot be deleted is left for the next settler."""
    if not attempt.path.is_symlink():
        shutil.rmtree(attempt.path, ignore_errors=True)


def take_lock(attempt: AttemptFolder) -> int | None:
    """Hold the lock of an attempt that nobody lives in any more; None when it is held, or the folder just went.

    The descriptor is the caller's to close. Raises FileNotFoundError when there is no lock file, OSError when it is
    closed to us.
    """
    path = attempt.path / "lock"
    lock = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    taken = False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Between open and flock another settler may have removed the folder: then this lock guards nothing.
        taken = os.path.samestat(os.fstat(lock), path.stat())
    except (BlockingIOError, FileNotFoundError):
        return None
    finally:
        if not taken:
            os.close(lock)
    return lock if taken else None


def is_live(attempt: AttemptFolder) -> bool:
    """Whether the attempt may still live: somebody holds its lock, or it cannot be looked at."""
    try:
        lock = take_lock(attempt)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    if lock is not None:
        os.close(lock)
    return lock is None


def ask_to_stop(attempt: AttemptFolder, by: str) -> None:
    """Ask the supervisor to stop the command, in the name of `by`. Raises BackoutError when that cannot be written."""
    try:
        write_json(attempt.stop, {"by": by})
    except OSError as error:
        raise BackoutError(f"the stop cannot be asked for: {reason(error)}", where=str(attempt.path)) from error


def spawn_supervisor(
    attempt: AttemptFolder, lock: int, secrets: Mapping[str, str], environment: Mapping[str, str]
) -> None:
    """Start the detached supervisor of an attempt whose intent is durable, and hand it the lock and the secrets.

    `environment` is the operator's; `BACKOUT_*` is left out. The descriptor `lock` is closed here in any case: from now
    on it is the supervisor's alone. Raises BackoutError when no supervisor took over: then nothing runs, and settling
    says so.
    """
    import subprocess  # here: reading commands import this module and start nothing

    package = Path(backout_tui.__file__).parent
    log = -1
    try:
        log = append_to(attempt.path / "supervisor.log")
        supervisor = subprocess.Popen(  # noqa: S603 - our own module, and a folder of our own making
            [sys.executable, "-m", "backout_tui.engine.supervisor", str(attempt.path.absolute())],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            cwd=package.parent,  # a checkout that nobody installed is importable only from here
            env={name: value for name, value in environment.items() if not name.startswith("BACKOUT_")},
            pass_fds=(lock,),
            start_new_session=True,
        )
    except OSError as error:
        raise BackoutError(f"the command's supervisor cannot be started: {reason(error)}", todo=_TODO) from error
    finally:
        for descriptor in (lock, log):
            if descriptor >= 0:
                os.close(descriptor)
    # A dashboard starts many and lives long: somebody must collect each one's exit, without SIGCHLD, without waiting.
    threading.Thread(target=supervisor.wait, name=f"supervisor of {attempt.id}", daemon=True).start()
    _hand_over(supervisor, secrets)


def _hand_over(supervisor: subprocess.Popen[bytes], secrets: Mapping[str, str]) -> None:
    assert supervisor.stdin is not None
    try:
        with supervisor.stdin as pipe:
            pipe.write(json.dumps(dict(secrets)).encode())
    except OSError as error:
        message = f"the command's supervisor did not take over: {reason(error)}"
        raise BackoutError(message, todo="Look at the attempt; it is settled as not started") from error


def start_ticks(pid: int) -> int | None:
    """When the process began, in ticks since the boot: with its number it is unmistakable. None when it is gone."""
    fields = _stat(pid)
    return int(fields[19]) if len(fields) > 19 else None


def process_lives(attempt: AttemptFolder) -> bool | None:
    """Whether the command's own process still runs; None when that cannot be known here."""
    process, started = attempt.process(), attempt.started()
    if process is None or started is None:
        return None
    return is_process(int(process["pid"]), process.get("start_ticks"), str(started.get("boot_id") or ""))


def is_process(pid: int, ticks: int | None, boot_id: str) -> bool | None:
    """Whether the process of this number that began at `ticks` in that boot runs here; None when that is not known."""
    if ticks is None or not boot_id:
        return None
    ended = _stat(pid)[:1] in ([b"Z"], [b"X"])  # only whoever should ask how it ended has not asked yet
    return boot_id == SystemClock().boot_id() and not ended and start_ticks(pid) == ticks


def _stat(pid: int) -> list[bytes]:
    """What the kernel says of a process, behind its name: the state first. Empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return []
