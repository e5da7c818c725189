"""The controls: who asks for them, how they were given up, and where a session stands. contract.md section 6."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from backout_tui.domain.backout.events import Actor
from backout_tui.domain.backout.held import Locked
from backout_tui.domain.backout.whereabouts import NOWHERE, Machine
from backout_tui.domain.moments import later

ANSWER_S = 60
"""Seconds that a holder has to answer a request for the controls; after that they can be taken with a reason."""


class Holder(StrEnum):
    """The state of the session that took the controls last."""

    FREE = "free"  # nobody has taken them yet, or the holder left or gave them up
    LIVES = "lives"
    GONE = "gone"  # it ended without leaving: it was killed, its connection dropped, or a person declared it gone
    AWAY = "away"  # it is impossible to find out from here whether it lives


class Asking(Struct, frozen=True):
    """A request to the holder for the controls. `session` is the asker's dashboard, "" if they have none.

    `event` is the seq of the record of the request; `why` is "" if no reason was given. `lock` is the session's lock as
    it was recorded. If they ask again, `since` stays the time at which they first asked, at `mono_ns` in the boot of
    the machine that they asked `on`.
    """

    event: int
    actor: Actor
    session: str
    at: datetime
    why: str = ""
    lock: Locked | None = None
    since: datetime | None = None
    mono_ns: int = 0
    on: Machine = NOWHERE

    @property
    def answer_by(self) -> datetime:
        """When the time to answer ends."""
        return later(self.since or self.at, ANSWER_S)


class Gone(Struct, frozen=True):
    """A person declared the holder's session gone, because it could not be asked."""

    by: str
    at: datetime
    reason: str


class Handed(Struct, frozen=True):
    """The holder gave the controls up, `to` that person or, if "", to anyone.

    `agreed` means the holder was asked for them. `session` is the dashboard of the person who asked, "" if none.
    """

    at: datetime
    to: str = ""
    session: str = ""
    agreed: bool = False


class Standing(Struct, frozen=True):
    """Where one session stands: `mine` if it has the controls, or acts under its own person's dashboard.

    `asked_by` is who asks it for the controls; `asks` is its own request that nobody has answered yet. `session` is its
    own. `waited_s` is how many seconds the first request has gone unanswered, None while nobody asks.
    """

    holder: Holder = Holder.FREE
    mine: bool = False
    asked_by: Asking | None = None
    asks: Asking | None = None
    session: str = ""
    waited_s: int | None = None


NO_STANDING = Standing()
"""Nobody has the controls, and nobody asks for them."""


def tty_name(actor: Actor) -> str:
    """The short name of the terminal: `pts/5`; "" if there was none."""
    return actor.tty.removeprefix("/dev/")
