"""Messages: written, being sent, sent person by person, in doubt, resolved, shown in a rehearsal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from backout_tui.domain.backout import Backout
from backout_tui.domain.events import Event
from backout_tui.domain.items import MessageState, RecipientState


def _with_message(backout: Backout, message: MessageState, **changes: Any) -> Backout:
    return replace(backout, messages={**backout.messages, message.id: replace(message, **changes)})


def _of(backout: Backout, event: Event) -> MessageState:
    return backout.messages[event.data["message"]]


def _merged(
    before: tuple[RecipientState, ...], told: Iterable[Mapping[str, Any]], event: Event, state: str | None = None
) -> tuple[RecipientState, ...]:
    """The recipients with what `told` says of some of them; the order they were first named in is kept."""
    by_name = {recipient.name: recipient for recipient in before}
    for one in told:
        by_name[one["name"]] = RecipientState(
            one["name"], one.get("address", ""), state or one["state"], one.get("detail", ""), event.when
        )
    return tuple(by_name.values())


def _written(backout: Backout, event: Event) -> Backout:
    data = event.data
    message = MessageState(
        id=data["message"],
        title=data["title"],
        by=data["by"],
        to=tuple(data["to"]),
        text=data["text"],
        origin=data.get("origin", "written"),
    )
    return replace(backout, messages={**backout.messages, message.id: message})


def _sending(backout: Backout, event: Event) -> Backout:
    message, data = _of(backout, event), event.data
    unreachable = _merged(message.recipients, data.get("unreachable", ()), event, "failed")
    return _with_message(
        backout,
        message,
        recipients=_merged(unreachable, data["recipients"], event, "queued"),
        sending=event.event_id,
        host=event.actor.host,
        last_at=event.when,
        sent_subject=data.get("subject", ""),
        sent_text=data.get("text", ""),
    )


def _finished(backout: Backout, event: Event) -> Backout:
    message = _of(backout, event)
    return _with_message(
        backout, message, recipients=_merged(message.recipients, event.data["recipients"], event), sending=""
    )


def _not_started(backout: Backout, event: Event) -> Backout:
    return _all_queued(backout, event, "failed", "was not sent: the program ended first")


def _in_doubt(backout: Backout, event: Event) -> Backout:
    return _all_queued(backout, event, "in_doubt", "sending began, and its outcome is unknown")


def _all_queued(backout: Backout, event: Event, state: str, detail: str) -> Backout:
    message = _of(backout, event)
    recipients = tuple(
        replace(one, state=state, detail=detail, at=event.when) if one.state == "queued" else one
        for one in message.recipients
    )
    return _with_message(backout, message, recipients=recipients, sending="")


def _resolved(backout: Backout, event: Event) -> Backout:
    message, data = _of(backout, event), event.data
    state = "sent" if data["as"] == "sent" else "failed"
    recipients = tuple(
        replace(one, state=state, detail=f"{event.actor.name}: {data['reason']}", at=event.when)
        if one.name == data["recipient"]
        else one
        for one in message.recipients
    )
    return _with_message(backout, message, recipients=recipients)


def _shown(backout: Backout, event: Event) -> Backout:
    message = _of(backout, event)
    return _with_message(
        backout,
        message,
        shown=True,
        last_at=event.when,
        sent_subject=event.data.get("subject", ""),
        sent_text=event.data.get("text", ""),
    )


APPLY = {
    "MessageWritten": _written,
    "MessageSending": _sending,
    "MessageFinished": _finished,
    "MessageNotStarted": _not_started,
    "MessageInDoubt": _in_doubt,
    "MessageResolved": _resolved,
    "MessageShown": _shown,
}
