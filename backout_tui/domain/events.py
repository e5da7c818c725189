"""One thing that happened, and what is asked to be appended. contract.md section 10."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from backout_tui.domain.codec import parse_time


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: the name they claim, beside what the system knows of them."""

    name: str
    login: str = ""
    uid: int = -1
    host: str = ""
    tty: str = ""
    ssh_client: str = ""

    def record(self) -> dict[str, Any]:
        """The `actor` object of a record."""
        return {
            "as": self.name,
            "login": self.login,
            "uid": self.uid,
            "host": self.host,
            "tty": self.tty,
            "ssh_client": self.ssh_client,
        }

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Actor:
        """The actor that `record` wrote."""
        return cls(
            str(record.get("as", "")),
            str(record.get("login", "")),
            int(record.get("uid", -1)),
            str(record.get("host", "")),
            str(record.get("tty", "")),
            str(record.get("ssh_client", "")),
        )


@dataclass(frozen=True, slots=True)
class BlobRef:
    """Bytes kept beside the log, named by their SHA-256 (hex); `length` in bytes."""

    name: str
    length: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Event:
    """One appended record. `hash` and `prev` are hex; `at` is RFC 3339 UTC."""

    log: str
    seq: int
    event_id: str
    kind: str
    at: str
    actor: Actor
    lease: int = 0
    data: Mapping[str, Any] = field(default_factory=dict)
    blobs: tuple[BlobRef, ...] = ()
    mono_ns: int = 0
    boot_id: str = ""
    tool: str = ""
    prev: str = ""
    hash: str = ""

    @property
    def when(self) -> datetime:
        """The moment it was recorded."""
        return parse_time(self.at)

    @property
    def head(self) -> str:
        """`seq:first 20 hex of the hash`."""
        return f"{self.seq}:{self.hash[:20]}"


@dataclass(frozen=True, slots=True)
class Draft:
    """What is asked to be appended.

    `event_id` is given for intents (their spool bears it) and outcomes (derived from their intent), else made anew;
    `lease` is the number of the controls it is written under.
    """

    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)
    blobs: tuple[tuple[str, bytes], ...] = ()
    event_id: str = ""
    lease: int = 0
