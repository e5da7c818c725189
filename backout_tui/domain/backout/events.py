"""One thing that happened, and what is to be appended to the log. contract.md section 10."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from msgspec import Struct, field

from backout_tui.domain.backout.payload import Claim, Payload
from backout_tui.domain.backout.payloads.kinds import payload_of
from backout_tui.domain.codec import decode, parse_time

P = TypeVar("P", bound=Payload)

ROOT = "root"
"""An account that is no person."""


class Actor(Struct, frozen=True):
    """Who did it: the name they claim, and what the system knows of them.

    `sudo_user` is who became this login with sudo, as sudo says; "" if nobody did. `login_uid` is who logged in, as the
    kernel keeps it whatever account they change to (-1 when it doesn't know), and `login_user` the name of that.
    """

    name: str
    login: str = ""
    uid: int = -1
    host: str = ""
    tty: str = ""
    ssh_client: str = ""
    sudo_user: str = ""
    login_uid: int = -1
    login_user: str = ""

    @property
    def behind(self) -> str:
        """The person who works under another account than their own; "" if it is their own, or nobody knows."""
        known = (one for one in (self.login_user, self.sudo_user) if one not in ("", self.login, ROOT))
        return next(known, "")

    @property
    def said(self) -> str:
        """The name, and in brackets the person behind it when they claim another one: `root (alice)`."""
        behind = self.behind
        return f"{self.name} ({behind})" if behind and behind.casefold() != self.name.casefold() else self.name

    def record(self) -> dict[str, Any]:
        """The `actor` object of a record."""
        more = {"sudo_user": self.sudo_user, "login_user": self.login_user}
        return {
            "as": self.name,
            "login": self.login,
            "uid": self.uid,
            "host": self.host,
            "tty": self.tty,
            "ssh_client": self.ssh_client,
            **{name: value for name, value in more.items() if value},
            **({"login_uid": self.login_uid} if self.login_uid >= 0 else {}),
        }


class BlobRef(Struct, frozen=True):
    """Bytes kept beside the log, named by their SHA-256 (hex); `length` in bytes."""

    name: str
    length: int
    sha256: str


class Event(Struct, frozen=True):
    """One appended record. `hash` and `prev` are hex; `at` is RFC 3339 UTC.

    `data` is the content as it was recorded. `decoded` is the same as a typed value, if it was read already; call
    `says` to get it. `kind` is an EventKind, or a kind that only a newer program knows.
    """

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
    decoded: Payload | None = None

    @property
    def payload(self) -> Payload | None:
        """The typed content; None for a kind that a newer program wrote. Raises Unfit if the data doesn't fit it."""
        return payload_of(self.kind, self.data) if self.decoded is None else self.decoded

    @property
    def claim(self) -> Claim:
        """The claim of an attempt, also where the log keeps only that part of the event. Raises Unfit."""
        return decode(Claim, self.data)

    def says(self, what: type[P]) -> P:
        """Its content as `what`, the type that PAYLOADS has for its kind. Raises Unfit, or TypeError for another."""
        payload = self.payload if self.decoded is None else self.decoded
        if not isinstance(payload, what):
            raise TypeError(f"{self.kind} holds {type(payload).__name__}, and not {what.__name__}")
        return payload

    @property
    def when(self) -> datetime:
        """The moment it was recorded."""
        return parse_time(self.at)

    @property
    def head(self) -> str:
        """`seq:first 20 hex of the hash`."""
        return f"{self.seq}:{self.hash[:20]}"


class Draft(Struct, frozen=True):
    """An event to be appended. Its data is decoded as its kind requires before it goes into the log.

    `event_id` is given for intents (their spool bears it) and outcomes (derived from their intent); otherwise it is
    made anew. `lease` is the number of the controls it is written under.
    """

    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)
    blobs: tuple[tuple[str, bytes], ...] = ()
    event_id: str = ""
    lease: int = 0


Spoken = tuple[str, str]
"""What an event is about: its sort (`step`, `check`, `message`, `problem`) and its name."""


def spoken_of(event: Event) -> Spoken | None:
    """The one thing that an event is about, as `("step", "3")`, even from a newer program; None if it names none."""
    for sort in ("step", "check", "message", "problem"):
        if isinstance(name := event.data.get(sort), str) and name:
            return sort, name
    return None
