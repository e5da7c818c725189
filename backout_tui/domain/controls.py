"""The controls: who asks for them, how they were given up, and where one session stands. contract.md section 6."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from backout_tui.domain.events import Actor


class Holder(StrEnum):
    """What is true of the session that took the controls last."""

    FREE = "free"  # nobody took them yet, or whoever had them left, or gave them up
    LIVES = "lives"
    GONE = "gone"  # it ended without leaving: it was killed, or its line dropped


@dataclass(frozen=True, slots=True)
class Asking:
    """That somebody asks the holder for the controls. `session` is the asker's dashboard, "" for none.

    `event` is the seq of the record that says so; `why` is "" when nothing was said.
    """

    event: int
    actor: Actor
    session: str
    at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True)
class Handed:
    """That the holder gave the controls up: `to` that person, "" for whoever comes.

    `agreed`: they were asked for them; `session` is the dashboard from which, "" for none.
    """

    at: datetime
    to: str = ""
    session: str = ""
    agreed: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one session stands: `mine` when it has the controls itself, or acts under its own person's dashboard.

    `asked_by` is who asks it for them; `asks` is what it asked for itself, and nobody has answered yet. `session` is
    its own.
    """

    holder: Holder = Holder.FREE
    mine: bool = False
    asked_by: Asking | None = None
    asks: Asking | None = None
    session: str = ""


NO_STANDING = Standing()
"""Nobody has the controls, and nobody asks for them."""


def tty_name(actor: Actor) -> str:
    """The terminal by its short name: `pts/5`; "" when there was none."""
    return actor.tty.removeprefix("/dev/")
