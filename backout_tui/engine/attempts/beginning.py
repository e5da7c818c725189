"""Begins an attempt: makes its folder and holds its lock before the claim, then hands over to a supervisor."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import backout_tui
from backout_tui.domain.backout.held import Spooled
from backout_tui.domain.values import replace
from backout_tui.engine.attempts.durable import json_bytes, reason
from backout_tui.engine.attempts.folder import NOWHERE, Folder, give_to_group
from backout_tui.engine.attempts.processes import show_in_containers
from backout_tui.engine.attempts.spool import INTENT_ID, AttemptFolder, held_root
from backout_tui.errors import BackoutError
from backout_tui.store.file.place import is_for_a_group, make_spool, spool_root

if TYPE_CHECKING:
    import subprocess

_TODO = "Look at the folder's disk space, owner and mode, then run it again"
_SUPERVISOR = "backout_tui.engine.attempts.supervisor"
_GROUP_PASSES, _GROUP_WRITES = 0o710, 0o620  # modes of a shared attempt's folder, and of its `stop`
_FORMERLY_ASKED = "asked"  # the folder in which older versions expected the request to stop


def make_attempt(database: Path, intent_id: str, request: Mapping[str, Any]) -> tuple[AttemptFolder, int]:
    """Make the folder of an attempt with its request in it, durably, and hold its lock.

    `request` names `database` and its `database_id`, `log`, `intent`, `kind` (step, check, probe or message), `subject`
    and `attempt`. It also has `after`, a seq after which the intent will be, so that nobody has to search the log from
    its beginning. A step, check or probe adds `language`, `script`, `keep_going`, `cwd`, `variables`, `secrets`
    (names), `timeout_ms` and `expects`. A step adds, if its plan says so, `until` (`every_s`, `at_most_s`) and
    `capture` (a name). A message adds what its channel needs.

    Returns the folder, which the caller closes, and the lock's descriptor: give it to `spawn_supervisor`, or to
    `abandon`. Raises BackoutError when the folder exists already, or cannot be made private and durable.
    """
    assert INTENT_ID.fullmatch(intent_id), "an intent's event id is 32 hex digits"
    text, lock = json_bytes(request), -1
    path = spool_root(database) / intent_id
    folder, attempt = NOWHERE, AttemptFolder(intent_id, path)
    try:
        make_spool(database)
        with contextlib.closing(held_root(database)) as root:
            folder = _made(root, intent_id)
            attempt = replace(attempt, folder=folder, request_sha256=_sha256(text))
            lock = _locked(folder, intent_id)
            folder.create("request.json", text)
            _open_to_the_group(folder, root)
            root.sync()
    except OSError as error:
        abandon(attempt, lock)
        attempt.close()
        what = "the attempt cannot be prepared" if folder.is_there else "the attempt's folder cannot be made"
        raise BackoutError(f"{what}: {reason(error)}", where=str(path), todo=_TODO) from error
    return attempt, lock


def _made(root: Folder, name: str) -> Folder:
    """A new folder of our own. The spool's owner may have replaced it since it was made, so that is checked."""
    os.mkdir(name, 0o700, dir_fd=root.descriptor)
    folder = Folder.open(name, root)
    found = folder.found()
    if found.st_uid != os.geteuid() or folder.names():
        folder.close()
        raise OSError(errno.EEXIST, "Somebody put another folder in its place")
    return folder


def _locked(folder: Folder, intent_id: str) -> int:
    lock = folder.open_file("lock", os.O_CREAT | os.O_EXCL | os.O_RDWR)
    os.write(lock, intent_id.encode())  # inode numbers are reused: this identifies a folder that was moved
    fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)  # the supervisor holds it too, in its own name
    show_in_containers(lock, shared=True)
    return lock


def _open_to_the_group(folder: Folder, root: Folder) -> None:
    """Let the group that shares the spool see the attempt, settle it and ask it to stop, and nothing else."""
    os.close(folder.open_file("stop", os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    around = root.found()
    if not is_for_a_group(around.st_mode):
        return
    for name, mode in (("lock", 0o640), ("stop", _GROUP_WRITES)):
        descriptor = folder.open_file(name, os.O_WRONLY)
        try:
            give_to_group(descriptor, around.st_gid, mode)
        finally:
            os.close(descriptor)
    give_to_group(folder.descriptor, around.st_gid, _GROUP_PASSES)


def spooled(attempt: AttemptFolder, request: Mapping[str, Any]) -> Spooled:
    """What the claim of a new attempt says about its folder, so that no other folder is mistaken for it."""
    folder, lock = attempt.folder.found(), attempt.folder.look("lock")
    assert lock is not None
    script = _sha256(request["script"].encode("utf-8", "surrogatepass")) if "script" in request else ""
    database = str(request.get("database_id") or "")
    return Spooled(folder.st_uid, folder.st_ino, lock.st_ino, script, attempt.request_sha256, database)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def abandon(attempt: AttemptFolder, lock: int) -> None:
    """Undo `make_attempt`: the claim was refused, so nothing will run. Closes the lock's descriptor."""
    try:
        remove(attempt)
    finally:
        if lock >= 0:
            os.close(lock)


def remove(attempt: AttemptFolder) -> None:
    """Delete an attempt's folder, preferably while holding its lock; the next settler deletes what this one can't."""
    folder = attempt.folder
    for name in folder.names():
        if name == _FORMERLY_ASKED:
            _remove_formerly_asked(folder)
        folder.unlink(name)
    with contextlib.suppress(OSError), contextlib.closing(Folder.open(attempt.path.parent)) as root:
        for name in (attempt.path.name, *root.names()):  # somebody may have renamed it
            there = root.look(name)
            if there is not None and os.path.samestat(there, folder.found()):
                os.rmdir(name, dir_fd=root.descriptor)
                root.sync()
                return


def _remove_formerly_asked(folder: Folder) -> None:
    with contextlib.suppress(OSError), contextlib.closing(Folder.open(_FORMERLY_ASKED, folder)) as asked:
        for name in asked.names():
            asked.unlink(name)
        os.rmdir(_FORMERLY_ASKED, dir_fd=folder.descriptor)


def spawn_supervisor(
    attempt: AttemptFolder, lock: int, secrets: Mapping[str, str], environment: Mapping[str, str]
) -> None:
    """Start the detached supervisor of an attempt whose intent is durable; hand it the folder, lock and secrets.

    `environment` is the operator's; `BACKOUT_*` is left out. The descriptor `lock` is closed here in any case: from now
    on only the supervisor has it. Raises BackoutError when no supervisor took over. Then nothing runs, and settling
    says so.
    """
    import subprocess  # here: reading commands import this module, but start nothing

    package, held = Path(backout_tui.__file__).parent, (attempt.folder.descriptor, lock)
    log = -1
    try:
        log = attempt.folder.append_to("supervisor.log")
        supervisor = subprocess.Popen(  # noqa: S603 - our own module, and a folder of our own making
            [sys.executable, "-m", _SUPERVISOR, str(attempt.path.absolute()), *map(str, held)],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            cwd=package.parent,  # a checkout that isn't installed can only be imported from here
            env={name: value for name, value in environment.items() if not name.startswith("BACKOUT_")},
            pass_fds=held,
            start_new_session=True,
        )
    except OSError as error:
        raise BackoutError(f"the command's supervisor cannot be started: {reason(error)}", todo=_TODO) from error
    finally:
        for descriptor in (lock, log):
            if descriptor >= 0:
                os.close(descriptor)
    # A dashboard starts many and lives long: each one's exit must be collected, without SIGCHLD and without waiting.
    threading.Thread(target=supervisor.wait, name=f"supervisor of {attempt.id}", daemon=True).start()
    _hand_over(supervisor, {"request": attempt.request_sha256, "secrets": dict(secrets)})


def _hand_over(supervisor: subprocess.Popen[bytes], word: Mapping[str, Any]) -> None:
    """Send the request's hash and the secrets over a pipe that nobody else can reach."""
    assert supervisor.stdin is not None
    try:
        with supervisor.stdin as pipe:
            pipe.write(json.dumps(word).encode())
    except OSError as error:
        message = f"the command's supervisor did not take over: {reason(error)}"
        raise BackoutError(message, todo="Look at the attempt; it is settled as not started") from error
