"""Payloads of messages: written, being sent, sent person by person, in doubt, resolved, shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from msgspec import Struct, field

from backout_tui.domain.backout.held import Spooled
from backout_tui.domain.backout.payload import Count, DeclaredInDoubt, Ending, OfMessage, Payload, no_message
from backout_tui.domain.backout.states import RecipientStatus

if TYPE_CHECKING:
    from backout_tui.domain.backout.state import Backout


class Addressed(Struct, frozen=True):
    """A person and their address, or why they have none."""

    name: str
    address: str = ""
    detail: str = ""


class Told(Addressed, frozen=True, kw_only=True):
    """The result of a message for one person."""

    state: RecipientStatus


class Written(Payload, frozen=True):
    """A message was written, by a person or by the program for them."""

    message: str
    title: str
    by: str
    to: Sequence[str]
    text: str
    origin: Literal["written", "prepared"] = "written"


class Sending(OfMessage, frozen=True, kw_only=True):
    """A send was claimed."""

    recipients: Sequence[Addressed]
    unreachable: Sequence[Addressed] = ()
    subject: str = ""
    text: str = ""
    machine: str | None = None
    spool: Spooled | None = None


class NotSent(Ending, frozen=True, kw_only=True):
    """A send did not start, or nobody knows how it ended."""

    message: str

    def missing_in(self, backout: Backout) -> str:
        """Says so if no message has that id."""
        return no_message(self.message, backout)


class Sent(NotSent, frozen=True, kw_only=True):
    """A send ended, with the state of each recipient."""

    attempt: Count = 0
    recipients: Sequence[Told]


class Declared(DeclaredInDoubt, frozen=True, kw_only=True):
    """A send was declared in doubt."""

    message: str

    def missing_in(self, backout: Backout) -> str:
        """Says so if no message has that id."""
        return no_message(self.message, backout)


class RecipientResolved(OfMessage, frozen=True, kw_only=True):
    """A person said whether a recipient got the message."""

    recipient: str
    as_: Literal["sent", "not-sent"] = field(name="as")
    reason: str


class Shown(OfMessage, frozen=True, kw_only=True):
    """A rehearsal showed the message."""

    subject: str = ""
    text: str = ""
