"""Messages: written, being sent, sent person by person, in doubt, resolved, shown in a rehearsal."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from backout_tui.domain.backout.events import Event
from backout_tui.domain.backout.folding.fold_attempts import in_doubt
from backout_tui.domain.backout.items import Attempt, MessageState, RecipientState
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.payloads.message_payloads import (
    Addressed,
    Declared,
    NotSent,
    RecipientResolved,
    Sending,
    Sent,
    Shown,
    Written,
)
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import RECIPIENT, RecipientStatus
from backout_tui.domain.backout.whereabouts import begun_on
from backout_tui.domain.values import replace


def _with_message(backout: Backout, message: MessageState, **changes: Any) -> Backout:
    return replace(backout, messages={**backout.messages, message.id: replace(message, **changes)})


def _merged(before: tuple[RecipientState, ...], told: Iterable[RecipientState]) -> tuple[RecipientState, ...]:
    """The recipients, updated by those in `told`, in the order in which they were first named."""
    by_name = {recipient.name: recipient for recipient in before}
    return tuple((by_name | {one.name: one for one in told}).values())


def _addressed(
    those: Iterable[Addressed], event: Event, state: RecipientStatus, have_it: Collection[str]
) -> Iterable[RecipientState]:
    """The recipients in their new state; what is known of those who have the message, or may have it, stands."""
    return (
        RecipientState(one.name, one.address, state, one.detail, event.when, event.event_id)
        for one in those
        if one.name not in have_it
    )


def _told(said: Sent, event: Event) -> Iterable[RecipientState]:
    sending = said.intent or event.event_id
    return (
        RecipientState(one.name, one.address, one.state, one.detail, event.when, sending) for one in said.recipients
    )


def _written(backout: Backout, event: Event) -> Backout:
    said = event.says(Written)
    message = MessageState(
        id=said.message, title=said.title, by=said.by, to=tuple(said.to), text=said.text, origin=said.origin
    )
    return replace(backout, messages={**backout.messages, message.id: message})


def _sending(backout: Backout, event: Event) -> Backout:
    said = event.says(Sending)
    message, on = backout.messages[said.message], begun_on(event, said.machine)
    have_it = {one.name for one in message.recipients if RECIPIENT[one.state].not_again}
    unreachable = _merged(message.recipients, _addressed(said.unreachable, event, RecipientStatus.FAILED, have_it))
    return _with_message(
        backout,
        message,
        recipients=_merged(unreachable, _addressed(said.recipients, event, RecipientStatus.QUEUED, have_it)),
        sending=event.event_id,
        host=on.name,
        machine=on.id,
        begun_in=on.boot,
        spool=said.spool,
        last_at=event.when,
        sent_subject=said.subject,
        sent_text=said.text,
    )


def _finished(backout: Backout, event: Event) -> Backout:
    said = event.says(Sent)
    message, told = backout.messages[said.message], _told(said, event)
    if _is_late(message, said):
        still = {one.name for one in message.recipients if _waits_for(one, said)}
        recipients = _merged(message.recipients, (one for one in told if one.name in still))
        return _with_message(backout, message, recipients=recipients, awaited=_no_more(message, said))
    return _with_message(backout, message, recipients=_merged(message.recipients, told), sending="")


def _is_late(message: MessageState, said: NotSent) -> bool:
    """Whether the outcome belongs to a sending that was declared in doubt; another one may be under way by now."""
    return any(one.intent == said.intent for one in message.awaited)


def _waits_for(recipient: RecipientState, said: NotSent) -> bool:
    """Whether that sending left the recipient in doubt. A later word, from a person or another sending, stands."""
    return recipient.state is RecipientStatus.IN_DOUBT and recipient.sending == said.intent


def _no_more(message: MessageState, said: NotSent) -> tuple[Attempt, ...]:
    return tuple(one for one in message.awaited if one.intent != said.intent)


def _not_started(backout: Backout, event: Event) -> Backout:
    return _all_queued(backout, event, RecipientStatus.FAILED, "was not sent: the program ended first")


def _in_doubt(backout: Backout, event: Event) -> Backout:
    return _all_queued(backout, event, RecipientStatus.IN_DOUBT, "sending began, and its outcome is unknown")


def _all_queued(backout: Backout, event: Event, state: RecipientStatus, detail: str) -> Backout:
    said = event.says(NotSent)
    message = backout.messages[said.message]
    late = _is_late(message, said)
    recipients = tuple(
        replace(one, state=state, detail=detail, at=event.when)
        if (_waits_for(one, said) if late else one.state is RecipientStatus.QUEUED)
        else one
        for one in message.recipients
    )
    sending = message.sending if late else ""
    return _with_message(backout, message, recipients=recipients, sending=sending, awaited=_no_more(message, said))


def _declared(backout: Backout, event: Event) -> Backout:
    """In doubt because a person said so: it could not be asked. Its own outcome may still come."""
    said = event.says(Declared)
    message = backout.messages[said.message]
    attempt = message.attempt
    if attempt is None or attempt.intent != said.of:
        return backout
    doubted = in_doubt(attempt, event)
    recipients = tuple(
        replace(one, state=RecipientStatus.IN_DOUBT, detail=doubted.why, at=event.when)
        if one.state is RecipientStatus.QUEUED
        else one
        for one in message.recipients
    )
    return _with_message(backout, message, recipients=recipients, sending="", awaited=(*message.awaited, doubted))


def _resolved(backout: Backout, event: Event) -> Backout:
    said = event.says(RecipientResolved)
    message = backout.messages[said.message]
    state = RecipientStatus.SENT if said.as_ == "sent" else RecipientStatus.FAILED
    recipients = tuple(
        replace(one, state=state, detail=f"{event.actor.name}: {said.reason}", at=event.when, sending="")
        if one.name == said.recipient
        else one
        for one in message.recipients
    )
    return _with_message(backout, message, recipients=recipients)


def _shown(backout: Backout, event: Event) -> Backout:
    said = event.says(Shown)
    message = backout.messages[said.message]
    return _with_message(
        backout,
        message,
        shown=True,
        last_at=event.when,
        sent_subject=said.subject,
        sent_text=said.text,
    )


APPLY: Mapping[str, Callable[[Backout, Event], Backout]] = {
    EventKind.MESSAGE_WRITTEN: _written,
    EventKind.MESSAGE_SENDING: _sending,
    EventKind.MESSAGE_FINISHED: _finished,
    EventKind.MESSAGE_NOT_STARTED: _not_started,
    EventKind.MESSAGE_IN_DOUBT: _in_doubt,
    EventKind.MESSAGE_DECLARED_IN_DOUBT: _declared,
    EventKind.MESSAGE_RESOLVED: _resolved,
    EventKind.MESSAGE_SHOWN: _shown,
}
