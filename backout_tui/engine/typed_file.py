"""What somebody typed and did not get recorded, in a private file: a lost terminal must not lose it.

The file lies beside the database, one for each person and backout. It is written in a thread of its own, because a disk
that hangs must not hold up the screen. Where it cannot be written, what was typed is kept in memory alone.
"""

from __future__ import annotations

import hashlib
import os
import queue
import stat
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from msgspec import MsgspecError, json

from backout_tui.errors import BackoutError
from backout_tui.store.file.place import make_typed

Typed = dict[str, dict[str, str]]
"""The answers by their dialogs' names, and in each by the fields' names."""
WAIT_S = 0.5
"""Seconds that leaving waits for the disk."""
_MOST_BYTES = 1 << 20


class TypedFile:
    """The file of one person at one place: a backout, or the list."""

    def __init__(self, database: Path, who: str, place: str, *, begins: bool = False) -> None:
        """`who` is the person's name; `place` is the backout's number, or another word for where they are.

        If the place `begins`, a missing folder beside the database is made: the first plan is typed there.
        """
        name = hashlib.sha256(f"{os.geteuid()} {who}".encode()).hexdigest()[:16]
        self._begins = begins
        self._database, self._name = database, f"{name}-{place}.json"
        self._jobs: queue.SimpleQueue[Typed | threading.Event] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return self._database.with_name(self._database.name + ".d") / "typed" / self._name

    def read(self) -> Typed:
        """What was typed and not recorded; nothing where there is no file of our own, or it cannot be read."""
        try:
            descriptor = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            with os.fdopen(descriptor, "rb") as file:
                found = os.fstat(descriptor)
                if found.st_uid != os.geteuid() or not stat.S_ISREG(found.st_mode) or found.st_size > _MOST_BYTES:
                    return {}
                return json.decode(file.read(), type=Typed)
        except (OSError, MsgspecError):
            return {}

    def keep(self, typed: Mapping[str, Mapping[str, str]]) -> None:
        """Keep exactly this, soon; without anything the file goes away."""
        if self._thread is None:
            if not typed and not self.path.exists():
                return
            self._thread = threading.Thread(target=self._work, name="backout-typed", daemon=True)
            self._thread.start()
        self._jobs.put({name: dict(answers) for name, answers in typed.items()})

    def finish(self) -> None:
        """Wait until everything was written, or for WAIT_S."""
        if self._thread is not None:
            written = threading.Event()
            self._jobs.put(written)
            written.wait(WAIT_S)

    def _work(self) -> None:
        while True:
            job = self._jobs.get()
            if isinstance(job, threading.Event):
                job.set()
            else:
                with suppress(OSError, BackoutError):
                    self._write(job)

    def _write(self, typed: Typed) -> None:
        if not typed:
            self.path.unlink(missing_ok=True)
            return
        if not self._begins and not self.path.parent.parent.is_dir():
            return
        make_typed(self._database)
        draft = self.path.with_suffix(".new")
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(json.encode(typed))
        draft.replace(self.path)
