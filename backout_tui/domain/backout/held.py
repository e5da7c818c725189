"""What a record says of the files that show whether somebody is alive. If others are in their place, it doesn't count.

Inodes are recorded without the device, whose number changes after a reboot.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from msgspec.structs import asdict


class Spooled(Struct, frozen=True):
    """The spool of an attempt: its owner, the inodes of its folder and lock, the SHA-256 of its script and request.

    `script` is "" where none is run, as for a message. `database` is the id that the database file had then: in a copy
    that was adopted, the folder it names is beside the original.
    """

    uid: int
    folder: int
    lock: int
    script: str = ""
    request: str = ""
    database: str = ""

    def record(self) -> dict[str, Any]:
        """The entry `spool` of a claim."""
        return asdict(self)


class Locked(Struct, frozen=True):
    """The lock of a session: its owner and its inode."""

    uid: int
    inode: int

    def record(self) -> dict[str, Any]:
        """The entry `lock` of the record that names the session."""
        return asdict(self)
