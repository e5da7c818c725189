"""A folder held open by its descriptor: all its files are reached through that, even if the folder is renamed."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from backout_tui.engine.attempts.durable import json_bytes, json_object

_HOLD = os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_LOOK = getattr(os, "O_PATH", 0)  # to pass through a folder that one cannot list, like an attempt's for its group
_SAFE = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK  # a FIFO in place of a file must not make anybody wait
_LARGEST = 16 * 1024 * 1024  # bytes read from any one file: far more than the caps of what is written
# The files of an attempt that a group sharing the database reads, to see whether it is alive and to settle it.
_SHOWN = frozenset({"lock", "started.json", "process.json", "tail.json", "outcome.json", "output"})
_GROUP_READS = 0o640


class Folder(Struct, frozen=True):
    """A directory's descriptor; `NOWHERE` for a missing one. Reads are bounded, and only of files of its owner."""

    descriptor: int

    @classmethod
    def open(cls, name: str | Path, within: Folder | None = None) -> Folder:
        """Hold the folder `name`, which must not be a link. The caller closes it. Raises OSError."""
        around = None if within is None else within.descriptor
        try:
            return cls(os.open(name, os.O_RDONLY | _HOLD, dir_fd=around))
        except PermissionError:
            if not _LOOK:
                raise
            return cls(os.open(name, _LOOK | _HOLD, dir_fd=around))

    def close(self) -> None:
        """Close the descriptor."""
        if self.descriptor >= 0:
            os.close(self.descriptor)

    @property
    def is_there(self) -> bool:
        """Whether the folder exists."""
        return self.descriptor >= 0

    def found(self) -> os.stat_result:
        """Owner, mode and inode. Raises OSError."""
        self._must_be_there()
        return os.fstat(self.descriptor)

    def names(self) -> list[str]:
        """The names in it; empty when it cannot be listed."""
        try:
            return sorted(os.listdir(self.descriptor)) if self.is_there else []  # noqa: PTH208 - a descriptor has no Path
        except OSError:
            return []

    def look(self, name: str) -> os.stat_result | None:
        """The status of `name`, a link itself included; None when it doesn't exist or cannot be seen."""
        try:
            self._must_be_there()
            return os.stat(name, dir_fd=self.descriptor, follow_symlinks=False)
        except OSError:
            return None

    def open_file(self, name: str, flags: int) -> int:
        """A descriptor of the regular file `name` of the folder's own owner. The caller closes it. Raises OSError."""
        self._must_be_there()
        descriptor = os.open(name, flags | _SAFE, 0o600, dir_fd=self.descriptor)
        try:
            self._check(descriptor)
            if flags & os.O_CREAT:
                self._show(descriptor, name)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def read(self, name: str, at_most: int = _LARGEST, offset: int = 0) -> bytes:
        """The bytes of `name` from `offset` on. Raises OSError."""
        with os.fdopen(self.open_file(name, os.O_RDONLY), "rb") as file:
            file.seek(offset)
            return file.read(at_most)

    def read_json(self, name: str) -> dict[str, Any] | None:
        """The JSON object in `name`; None when it is missing, incomplete, or unreadable."""
        try:
            return json_object(self.read(name))
        except OSError:
            return None

    def write_json(self, name: str, data: Mapping[str, Any], *, durable: bool = True) -> None:
        """Replace `name` by `data`, completely or not at all; `durable`: also after a power cut. Raises OSError."""
        new = f"{name}.new"
        try:
            self._write(new, json_bytes(data), os.O_CREAT | os.O_WRONLY | os.O_TRUNC, durable=durable)
            os.rename(new, name, src_dir_fd=self.descriptor, dst_dir_fd=self.descriptor)
        except OSError:
            self.unlink(new)
            raise
        if durable:
            self.sync()

    def reserve(self, name: str, size: int) -> None:
        """Reserve room for what `fill_json` will write, while the disk has some. Raises OSError."""
        descriptor = self.open_file(f"{name}.new", os.O_CREAT | os.O_WRONLY)
        try:
            os.posix_fallocate(descriptor, 0, size)
        except OSError:
            self.unlink(f"{name}.new")
            raise
        finally:
            os.close(descriptor)

    def fill_json(self, name: str, data: Mapping[str, Any]) -> None:
        """As `write_json`, durably, using the reserved room: works on a full disk too. Raises OSError."""
        new, content = f"{name}.new", json_bytes(data)
        with os.fdopen(self.open_file(new, os.O_CREAT | os.O_WRONLY), "wb") as file:
            file.write(content)
            file.flush()
            file.truncate(len(content))
            os.fsync(file.fileno())
        os.rename(new, name, src_dir_fd=self.descriptor, dst_dir_fd=self.descriptor)
        self.sync()

    def create(self, name: str, data: bytes) -> None:
        """Write `data` durably to a file that must not exist: its presence alone is the message. Raises OSError."""
        self._write(name, data, os.O_CREAT | os.O_EXCL | os.O_WRONLY, durable=True)
        self.sync()

    def append_to(self, name: str) -> int:
        """A descriptor that appends to `name`, which is created when it is missing. Raises OSError."""
        return self.open_file(name, os.O_CREAT | os.O_WRONLY | os.O_APPEND)

    def unlink(self, name: str) -> None:
        """Remove the file `name`, if possible."""
        with contextlib.suppress(OSError):
            os.unlink(name, dir_fd=self.descriptor)

    def sync(self) -> None:
        """Make the folder's entries durable. Raises OSError."""
        os.fsync(self.descriptor)

    def _write(self, name: str, data: bytes, flags: int, *, durable: bool) -> None:
        with os.fdopen(self.open_file(name, flags), "wb") as file:
            file.write(data)
            file.flush()
            if durable:
                os.fsync(file.fileno())

    def _check(self, descriptor: int) -> None:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_uid != self.found().st_uid:
            raise OSError(errno.EPERM, "Not a regular file of the folder's owner")

    def _show(self, descriptor: int, name: str) -> None:
        """Let the group of a shared folder read the files that it needs."""
        around, found = self.found(), os.fstat(descriptor)
        if not around.st_mode & stat.S_IXGRP or name.removesuffix(".new") not in _SHOWN:
            return
        if stat.S_IMODE(found.st_mode) != _GROUP_READS:
            give_to_group(descriptor, around.st_gid, _GROUP_READS)

    def _must_be_there(self) -> None:
        if not self.is_there:
            raise FileNotFoundError(errno.ENOENT, "There is no such folder")


NOWHERE = Folder(-1)
"""A folder that doesn't exist: it is always empty."""


def give_to_group(descriptor: int, group: int, mode: int) -> None:
    """Let `group` use a file of ours as `mode` says, whatever the umask. Raises OSError."""
    if os.fstat(descriptor).st_gid != group:
        os.fchown(descriptor, -1, group)
    os.fchmod(descriptor, mode)
