"""A command's script, given to the shell as exactly the claimed bytes at every try, and never by name.

On systems with sealed memory files the bytes are in such a file, which nobody can change any more, not even we.
Elsewhere they are in the attempt's folder, are read through an open descriptor, and are hashed again before each try.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from pathlib import Path

from msgspec import Struct

from backout_tui.engine.attempts.command_run import CannotStart
from backout_tui.engine.attempts.durable import reason
from backout_tui.engine.attempts.folder import Folder

_MFD_NOEXEC_SEAL = 0x8  # Python has no name for it yet; a system may refuse executable memory files
_LOWEST = 64  # for the descriptor: scripts use the low numbers themselves
_AT_ONCE = 1024 * 1024  # bytes read in one go


class Script(Struct, frozen=True):
    """An open script. `path` is the file that the shell is told to read, through the descriptor that it inherits."""

    descriptor: int
    sha256: str
    sealed: bool

    @classmethod
    def of(cls, text: str, folder: Folder) -> Script:
        """The script `text`; `folder` is where it is put when it cannot be sealed. Raises CannotStart."""
        try:
            data = text.encode()
            made = _sealed(data)
            descriptor = _written(data, folder) if made is None else made
            # It is closed when the process that carries the attempt out ends: there may be another try until then.
            high = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, _LOWEST)
            os.close(descriptor)
        except (OSError, UnicodeError) as error:
            words = reason(error) if isinstance(error, OSError) else "it is not text"
            raise CannotStart(f"its script cannot be written: {words}") from error
        return cls(high, hashlib.sha256(data).hexdigest(), sealed=made is not None)

    @property
    def path(self) -> str:
        """Where a process that inherits the descriptor can read the script from its beginning."""
        around = "/proc/self/fd" if Path("/proc/self/fd").exists() else "/dev/fd"
        return f"{around}/{self.descriptor}"

    def ready(self) -> None:
        """Raise CannotStart unless the bytes are still the claimed ones."""
        if not self.sealed and self._hash() != self.sha256:
            raise CannotStart("its script was changed since it was claimed, so it is not run")
        os.lseek(self.descriptor, 0, os.SEEK_SET)

    def _hash(self) -> str:
        found, offset = hashlib.sha256(), 0
        while piece := os.pread(self.descriptor, _AT_ONCE, offset):
            found.update(piece)
            offset += len(piece)
        return found.hexdigest()


def _sealed(data: bytes) -> int | None:
    """A memory file of these bytes that nothing can change any more; None when the system has no such files."""
    if not hasattr(os, "memfd_create"):
        return None
    for flags in (os.MFD_ALLOW_SEALING | _MFD_NOEXEC_SEAL, os.MFD_ALLOW_SEALING):
        try:
            descriptor = os.memfd_create("backout-script", flags | os.MFD_CLOEXEC)
        except OSError:  # an older kernel, or one configured to refuse
            continue
        try:
            _write(descriptor, data)
            seals = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
            fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, seals)
        except OSError:
            os.close(descriptor)
            return None
        return descriptor
    return None


def _written(data: bytes, folder: Folder) -> int:
    descriptor = folder.open_file("script", os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    try:
        _write(descriptor, data)
    finally:
        os.close(descriptor)
    return folder.open_file("script", os.O_RDONLY)


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
