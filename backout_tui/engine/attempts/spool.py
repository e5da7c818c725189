"""The spool: one folder per attempt, through which operator, supervisor and settlers exchange files.

The files of an attempt are: `lock` (held exactly while the attempt may be alive), `request.json`, `started.json`,
`process.json`, `output`, `tail.json`, `stop`, `outcome.json`, and the supervisor's own `supervisor.log`. contract.md
section 3 says who writes which, and when. In a database that a group shares, the group can read what it needs to see
whether the attempt is alive and to settle it. It can write one thing: the request to stop.

A name in the spool proves nothing, because the spool's owner can put another folder in its place. The attempt is the
folder whose owner and inode the claim names. It is found wherever it lies in the spool, and used through its descriptor
from then on.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from msgspec import Struct

from backout_tui.domain.backout.held import Spooled
from backout_tui.engine.attempts.durable import json_bytes, json_object
from backout_tui.engine.attempts.folder import NOWHERE, Folder
from backout_tui.store.file.origin import is_of_another
from backout_tui.store.file.place import name_of, spool_root

INTENT_ID = re.compile(r"[0-9a-f]{32}")
_STOP_READ = 4096  # bytes: anybody who may ask for a stop can write anything there
_LONGEST_NAME = 200  # characters in the name of whoever asks
_LOOKS = 5  # a folder that is renamed during the search is searched for again


class KeptOutput(Struct, frozen=True):
    """The part of a command's output that is kept: its beginning, its end, and the number of bytes lost in between."""

    head: bytes = b""
    tail: bytes = b""
    dropped: int = 0

    @property
    def whole(self) -> bytes:
        """Head and tail as one text; a line between them says how much is missing."""
        gap = f"\n[{self.dropped} bytes are left out here]\n".encode() if self.dropped else b""
        return self.head + gap + self.tail


@dataclass(frozen=True, slots=True)
class AttemptFolder:
    """The folder of the attempt whose intent has the event id `id`, held open; missing or unreadable files are None.

    `path` is where it is, or should be. `instead` describes what is there and is not the claim's folder. `closed` means
    that nobody with this login can look. `foreign` means that it was begun in the file that this one was copied from,
    so that none of it is here. `request_sha256` is the hash that the request must have when it is begun. `remembered`
    is the output in the memory of the process that carried it out: a full disk may not have taken all of it.
    """

    id: str
    path: Path
    folder: Folder = NOWHERE
    instead: str = ""
    closed: bool = False
    foreign: bool = False
    request_sha256: str = ""
    remembered: KeptOutput | None = field(default=None, repr=False)

    @classmethod
    def at(cls, path: Path) -> AttemptFolder:
        """The folder at `path`, whoever made it. The caller closes it."""
        try:
            return cls(path.name, path, Folder.open(path))
        except OSError as error:
            return cls(path.name, path, closed=isinstance(error, PermissionError))

    def close(self) -> None:
        """Close the folder."""
        self.folder.close()

    @property
    def began(self) -> bool:
        """Whether the command or message may have begun: its supervisor has written `started.json`."""
        return any(self.folder.look(name) is not None for name in ("started.json", "outcome.json"))

    def request(self) -> dict[str, Any] | None:
        """The command to run or the message to send."""
        return self.folder.read_json("request.json")

    def request_bytes(self) -> bytes:
        """The bytes of the request as written. Raises OSError."""
        return self.folder.read("request.json")

    def started(self) -> dict[str, Any] | None:
        """When, where and in which boot the supervisor started."""
        return self.folder.read_json("started.json")

    def process(self) -> dict[str, Any] | None:
        """The command's `pid` and `start_ticks`."""
        return self.folder.read_json("process.json")

    def outcome(self) -> dict[str, Any] | None:
        """How it ended, once it has ended."""
        return self.folder.read_json("outcome.json")

    @property
    def is_ours(self) -> bool:
        """Whether this user made it, and so may remove it."""
        return self.folder.is_there and self.folder.found().st_uid == os.geteuid()

    def ask_to_stop(self, by: str) -> None:
        """Write the request to stop, in the name of `by`. Raises OSError."""
        # Attempts of older versions have no such file yet: it is created when their own runner asks.
        made = os.O_CREAT if self.is_ours else 0
        descriptor = self.folder.open_file("stop", os.O_WRONLY | os.O_APPEND | made)
        try:
            os.write(descriptor, json_bytes({"by": by}) + b"\n")
        finally:
            os.close(descriptor)

    def stop_asked(self) -> dict[str, Any] | None:
        """Who asked for a stop (`{"by": name}`); empty when the name cannot be read; None when nobody asked.

        Everybody in a group can write there: the file only proves that somebody wants the attempt stopped.
        """
        try:
            first, _, _ = self.folder.read("stop", _STOP_READ).partition(b"\n")
        except OSError:  # an unreadable request is ignored: too many open files must not end a command
            return None
        if not first:
            return None if self._stop_is_empty() else {}
        by = (json_object(first) or {}).get("by")
        return {"by": by[:_LONGEST_NAME]} if isinstance(by, str) and by else {}

    def _stop_is_empty(self) -> bool:
        found = self.folder.look("stop")
        return found is None or found.st_size == 0

    def output(self) -> KeptOutput:
        """The output as far as it was kept; while it is being written, `tail.json` says where its text continues."""
        if self.remembered is not None:
            return self.remembered
        tail = self.folder.read_json("tail.json") or {}
        text, dropped, after = tail.get("text", ""), tail.get("dropped", 0), tail.get("after")
        try:
            head = self.folder.read("output")
        except OSError:
            head = b""
        head = head[:after] if isinstance(after, int) else head
        return KeptOutput(head, str(text).encode("utf-8", "replace"), dropped if isinstance(dropped, int) else 0)

    def printed_at(self) -> float | None:
        """When the output last grew, in seconds since 1970; None while it is empty."""
        found = [self.folder.look(name) for name in ("output", "tail.json")]
        return max((one.st_mtime for one in found if one is not None), default=None)


def held_root(database: Path) -> Folder:
    """The folder of all attempts, held open; the caller closes it. Raises OSError."""
    return held_within(database, spool_root(database).name)


def held_within(database: Path, inner_name: str) -> Folder:
    """A folder in `<database>.d`, opened from the database's own folder without following a link. Raises OSError."""
    around = Folder.open(database.parent.resolve())
    for name in (f"{database.name}.d", inner_name):
        try:
            inner = Folder.open(name, around)
        finally:
            around.close()
        around = inner
    return around


def attempt_of(database: Path, intent_id: str, claim: Spooled | None = None) -> AttemptFolder:
    """The folder of that intent's attempt, held open if it exists. The caller closes it.

    `claim` is what the intent says about the folder. An intent of an older version says nothing, so the name alone
    counts.
    """
    # A foreign log must not name folders elsewhere; "nameless" is never the folder of an attempt.
    path = spool_root(database) / (intent_id if INTENT_ID.fullmatch(intent_id) else "nameless")
    if claim is not None and is_of_another(database, claim.database):
        return AttemptFolder(intent_id, path, foreign=True)
    try:
        root = held_root(database)
    except OSError as error:
        return _without(intent_id, path, error)
    try:
        return _looked_up(root, intent_id, path, claim)
    finally:
        root.close()


def _looked_up(root: Folder, intent_id: str, path: Path, claim: Spooled | None) -> AttemptFolder:
    try:
        folder = Folder.open(path.name, root)
    except OSError as error:
        missing = _without(intent_id, path, error)
    else:
        if claim is None or is_the_claims(folder, claim):
            return AttemptFolder(intent_id, path, folder)
        missing = AttemptFolder(intent_id, path, instead=_stands_there(folder.found()))
        folder.close()
    for name, elsewhere in _moved(root, intent_id, claim) if claim is not None else ():
        return AttemptFolder(intent_id, path.with_name(name), elsewhere)
    return missing


def _without(intent_id: str, path: Path, error: OSError) -> AttemptFolder:
    """An attempt whose folder is not where it should be, with a description of what is there instead."""
    instead = ""
    if error.errno in (errno.ELOOP, errno.ENOTDIR):
        instead = next((f"{one} is no folder" for one in (path, path.parent, path.parent.parent) if _no_dir(one)), "")
    return AttemptFolder(intent_id, path, instead=instead, closed=isinstance(error, PermissionError))


def _no_dir(path: Path) -> bool:
    try:
        return not stat.S_ISDIR(path.lstat().st_mode)
    except OSError:
        return False


def _stands_there(found: os.stat_result) -> str:
    return f"what stands there belongs to {name_of(found.st_uid)} and is not the folder that was claimed"


def _moved(root: Folder, intent_id: str, claim: Spooled) -> Iterator[tuple[str, Folder]]:
    """The claim's folder under another name in the spool: the spool's owner can rename other people's folders.

    After it is gone a later attempt's folder may have got its inode number, so its lock must name the intent as well.
    """
    for _ in range(_LOOKS):
        try:
            with os.scandir(root.descriptor) as entries:
                names = [entry.name for entry in entries if entry.inode() == claim.folder]
            folder = Folder.open(names[0], root) if names else None
        except OSError:  # renamed between the two steps
            continue
        if folder is not None and is_the_claims(folder, claim) and _is_of(folder, intent_id):
            yield names[0], folder
            return
        if folder is not None:
            folder.close()


def _is_of(folder: Folder, intent_id: str) -> bool:
    try:
        return folder.read("lock", len(intent_id) + 1) == intent_id.encode()
    except OSError:
        return False


def is_the_claims(folder: Folder, claim: Spooled) -> bool:
    """Whether this is exactly the claimed folder, and only its owner could have put anything into it."""
    found = folder.found()
    others_write = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return (found.st_uid, found.st_ino) == (claim.uid, claim.folder) and not others_write


def is_another_ones(inode: int, attempt: AttemptFolder) -> bool:
    """Whether the lock with that inode visibly belongs to a later attempt: inode numbers are reused."""
    try:
        root = Folder.open(attempt.path.parent)
    except OSError:
        return False
    with contextlib.closing(root):
        for name in root.names():
            with contextlib.suppress(OSError), contextlib.closing(Folder.open(name, root)) as folder:
                lock = folder.look("lock")
                if lock is not None and lock.st_ino == inode and not _is_of(folder, attempt.id):
                    return True
    return False
