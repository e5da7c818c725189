"""What all payloads share: how they are declared, and what they may refer to.

A payload is read from an event's `data` by its declaration. Entries that it doesn't name are ignored: a newer program
may have written them, and they stay in the log. What may be missing has a default.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import UNSET, Meta, Struct

from backout_tui.domain.backout.held import Spooled

if TYPE_CHECKING:
    from backout_tui.domain.backout.state import Backout

Count = Annotated[int, Meta(ge=0, le=2**53)]
"""A count, a duration in milliseconds or a process id: never negative, and small enough for any program to read."""
Moment = Annotated[datetime, Meta(tz=True)]
"""A time with its zone. Whoever uses it has to check that its year is possible (`codec.possible`)."""


class Payload(Struct, frozen=True):
    """The content of one kind of event."""

    def missing_in(self, backout: Backout) -> str:  # noqa: ARG002 - others look
        """What this refers to that `backout` doesn't have, in words; "" if it has everything."""
        return ""


class OfStep(Payload, frozen=True):
    """Refers to a step that must exist."""

    step: str

    def missing_in(self, backout: Backout) -> str:
        """Says so if no step has that number."""
        return no_step(self.step, backout)


class Beside(Payload, frozen=True, kw_only=True):
    """May be a deviation: who agreed, and which problem it is for; "" if nobody said so."""

    agreed: str = ""
    problem: str = ""


class OfStepBeside(Beside, frozen=True, kw_only=True):
    """Refers to a step that must exist, and may be a deviation."""

    step: str

    def missing_in(self, backout: Backout) -> str:
        """Says so if no step has that number."""
        return no_step(self.step, backout)


class OfCheck(Payload, frozen=True):
    """Refers to a check that must exist."""

    check: str

    def missing_in(self, backout: Backout) -> str:
        """Says so if no check has that letter."""
        return no_check(self.check, backout)


class OfMessage(Payload, frozen=True):
    """Refers to a message that must exist."""

    message: str

    def missing_in(self, backout: Backout) -> str:
        """Says so if no message has that id."""
        return no_message(self.message, backout)


class Ending(Payload, frozen=True, kw_only=True):
    """The outcome of an attempt: `intent` is the event that claimed it.

    If somebody else found how it ended (`settled`), `begun_by` started it. `after_doubt` is the event that had declared
    it in doubt before.
    """

    intent: str = ""
    why: str = ""
    begun_by: str = ""
    settled: bool = False
    after_doubt: Count | None = None


class DeclaredInDoubt(Payload, frozen=True, kw_only=True):
    """A person declared the attempt of the intent `of` in doubt, because it could not be asked on its `host`."""

    of: str
    attempt: Count = 0
    host: str = ""
    reason: str


class Claim(Struct, frozen=True):
    """What every claim says of its attempt. The name is under the sort of thing that was started."""

    step: str = ""
    check: str = ""
    message: str = ""
    attempt: Count = 0
    machine: str | None = None
    spool: Spooled | None = None

    @property
    def name(self) -> str:
        """The number, letter or id of what was started."""
        return self.step or self.check or self.message


def told(payload: Payload, *names: str) -> dict[str, Any]:
    """The optional entries that an event really has. The state takes them over as they are."""
    return {name: value for name in names if (value := getattr(payload, name)) is not UNSET}


def no_step(number: str, backout: Backout) -> str:
    """Says that no step has that number; "" if one has."""
    return "" if number in backout.steps else f"it speaks of step {number}, and there is none"


def no_check(letter: str, backout: Backout) -> str:
    """Says that no check has that letter; "" if one has."""
    return "" if letter in backout.checks else f"it speaks of check {letter}, and there is none"


def no_message(id: str, backout: Backout) -> str:  # noqa: A002 - the contract's word for it
    """Says that no message has that id; "" if one has."""
    return "" if id in backout.messages else f"it speaks of message {id}, and there is none"
