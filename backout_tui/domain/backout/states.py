"""What a step, an attempt, a check, a message and a recipient can be, and what each of these states means.

Every state has one row. Rules ask the row and never keep a list of states of their own; how a state looks is a row on
the screen's side. A member without its row doesn't pass the type checker, and cannot be imported.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import assert_never

from msgspec import Struct


class State(StrEnum):
    """One of a closed set of states, as records and JSON write it."""

    @property
    def words(self) -> str:
        """`in doubt`: as people read it."""
        return self.value.replace("_", " ")


class StepStatus(State):
    """The state of a step (contract.md section 4)."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"
    WORKED_AROUND = "worked_around"
    IN_DOUBT = "in_doubt"  # started, outcome unknown: a person says what is true
    NOT_NEEDED = "not_needed"


class OfStep(Struct, frozen=True, kw_only=True):
    """What a step's state means. A group has the state of the part with the lowest `rank`."""

    rank: int
    settled: bool = False  # nothing more has to be done for it
    tried: bool = False  # it was started as planned: its command, or the work itself
    begun: bool = False  # somebody started on it, as planned or in another way
    can_be_left_out: bool = False
    can_be_reopened: bool = False
    can_be_probed: bool = False  # started and not settled: its probe can find out what is true
    why_not_begun: str = ""  # why it cannot start now, in words; "" if it can
    holds_others: str = ""  # why no step may go before it, whatever the reason; "" if one may


def _of_step(state: StepStatus) -> OfStep:
    match state:
        case StepStatus.PENDING:
            return OfStep(rank=4, can_be_left_out=True)
        case StepStatus.RUNNING:
            words, others = "is running. Wait for it, or stop it (x).", "is still running."
            return OfStep(rank=2, tried=True, begun=True, can_be_probed=True, why_not_begun=words, holds_others=others)
        case StepStatus.DONE:
            return OfStep(rank=5, settled=True, tried=True, begun=True, why_not_begun="is done.")
        case StepStatus.FAILED:
            return OfStep(rank=3, tried=True, begun=True, can_be_left_out=True, can_be_probed=True)
        case StepStatus.SKIPPED:
            words = "was skipped. Reopen it first (u)."
            return OfStep(rank=7, settled=True, can_be_reopened=True, why_not_begun=words)
        case StepStatus.WORKED_AROUND:
            return OfStep(rank=6, settled=True, begun=True, why_not_begun="was worked around.")
        case StepStatus.IN_DOUBT:
            words = "is in doubt. First say what is true (Enter on it)."
            return OfStep(rank=1, tried=True, begun=True, can_be_probed=True, why_not_begun=words, holds_others=words)
        case StepStatus.NOT_NEEDED:
            words = "is not needed. Reopen it first (u)."
            return OfStep(rank=8, settled=True, can_be_reopened=True, why_not_begun=words)
    assert_never(state)


STEP: Mapping[StepStatus, OfStep] = {state: _of_step(state) for state in StepStatus}
"""What each state of a step means."""
SETTLED = frozenset(state for state, row in STEP.items() if row.settled)
"""The states in which nothing more has to be done about a step."""


class AttemptStatus(State):
    """The state of one run of a command, or of one sending."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"  # started, and nobody knows how it ended
    NOT_STARTED = "not_started"  # claimed, and ended before anything ran
    SHOWN = "shown"  # a rehearsal showed it and ran nothing


class OfAttempt(Struct, frozen=True, kw_only=True):
    """What an attempt's state means."""

    ran: bool  # its command was really started
    ended: bool = False  # its command ended, and it is known how


def _of_attempt(state: AttemptStatus) -> OfAttempt:
    match state:
        case AttemptStatus.RUNNING | AttemptStatus.IN_DOUBT:
            return OfAttempt(ran=True)
        case AttemptStatus.DONE | AttemptStatus.FAILED:
            return OfAttempt(ran=True, ended=True)
        case AttemptStatus.NOT_STARTED | AttemptStatus.SHOWN:
            return OfAttempt(ran=False)
    assert_never(state)


ATTEMPT: Mapping[AttemptStatus, OfAttempt] = {state: _of_attempt(state) for state in AttemptStatus}
"""What each state of an attempt means."""


class CheckVerdict(State):
    """The last result of a check."""

    NONE = ""  # nobody has looked yet
    PASS = "pass"  # noqa: S105 - not a password
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"  # it could not be judged, which says nothing about the service


class RecipientStatus(State):
    """The state of one recipient of a message."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"  # it was being sent, and nobody knows whether it arrived


class OfRecipient(Struct, frozen=True, kw_only=True):
    """What a recipient's state means."""

    may_have_it: bool = False
    not_again: bool = False  # it must not be sent to them again: they have it, may have it, or are about to


def _of_recipient(state: RecipientStatus) -> OfRecipient:
    match state:
        case RecipientStatus.QUEUED:
            return OfRecipient(not_again=True)
        case RecipientStatus.SENT | RecipientStatus.IN_DOUBT:
            return OfRecipient(may_have_it=True, not_again=True)
        case RecipientStatus.FAILED:
            return OfRecipient()
    assert_never(state)


RECIPIENT: Mapping[RecipientStatus, OfRecipient] = {state: _of_recipient(state) for state in RecipientStatus}
"""What each state of a recipient means."""


class MessageStatus(State):
    """The state of a message; it follows from its recipients (contract.md section 9)."""

    DRAFT = "draft"
    SENDING = "sending"
    SENT = "sent"
    PARTLY = "partly"  # some have it
    FAILED = "failed"
    IN_DOUBT = "in_doubt"
    SHOWN = "shown"  # a rehearsal showed it and sent nothing


class OfMessage(Struct, frozen=True, kw_only=True):
    """What a message's state means."""

    told: bool = False  # nobody is left to tell
    to_be_sent: bool = False  # it can be sent, to everybody or to those who don't have it
    why_not_sent: str = ""  # why it cannot be sent, in words; "" if it can, or if that depends on its recipients


def _of_message(state: MessageStatus) -> OfMessage:
    match state:
        case MessageStatus.DRAFT | MessageStatus.PARTLY | MessageStatus.FAILED:
            return OfMessage(to_be_sent=True)
        case MessageStatus.SENDING:
            return OfMessage(why_not_sent="is being sent.")
        case MessageStatus.SENT:
            words = "was sent to everyone. Write another if there is more to say (m)."
            return OfMessage(told=True, why_not_sent=words)
        case MessageStatus.IN_DOUBT:
            return OfMessage()
        case MessageStatus.SHOWN:
            return OfMessage(told=True, why_not_sent="was shown already.")
    assert_never(state)


MESSAGE: Mapping[MessageStatus, OfMessage] = {state: _of_message(state) for state in MessageStatus}
"""What each state of a message means."""
