"""Messages. People by their names alone: an address is nobody's business the next day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backout_tui.reports.sentences.pieces import (
    Sentence,
    entries,
    joined,
    labelled,
    listed,
    server_words,
    text,
    with_reason,
)


def _written(data: Mapping[str, Any]) -> str:
    to = data.get("to")
    verb = "prepared" if data.get("origin") == "prepared" else "wrote"
    return joined(
        f"{verb} the message {text(data, 'message')} “{text(data, 'title')}”",
        f"to {listed(to)} by {text(data, 'by')}" if isinstance(to, list) else "",
    )


def _sending(data: Mapping[str, Any]) -> str:
    to = listed(text(one, "name") for one in entries(data, "recipients"))
    unreachable = listed(text(one, "name") for one in entries(data, "unreachable"))
    return joined(
        f"sending the message {text(data, 'message')} “{text(data, 'subject')}” to {to or 'nobody'}",
        labelled("cannot be reached", unreachable),
    )


def _finished(data: Mapping[str, Any]) -> str:
    states: dict[str, list[str]] = {}
    for one in entries(data, "recipients"):
        detail = server_words(text(one, "detail"))
        told = f"{text(one, 'name')} ({detail})" if detail and one.get("state") != "sent" else text(one, "name")
        states.setdefault(text(one, "state"), []).append(told)
    return with_reason(
        f"the message {text(data, 'message')}",
        joined(*(f"{state.replace('_', ' ')}: {listed(names)}" for state, names in states.items())),
    )


def _resolved(data: Mapping[str, Any]) -> str:
    said = {"sent": "has it", "not-sent": "has it not"}.get(text(data, "as"), text(data, "as"))
    who, message = text(data, "recipient"), text(data, "message")
    return with_reason(f"said what is true of the message {message}, {who} {said}", text(data, "reason"))


SENTENCES: Mapping[str, Sentence] = {
    "MessageWritten": _written,
    "MessageSending": _sending,
    "MessageFinished": _finished,
    "MessageNotStarted": lambda data: with_reason(
        f"the message {text(data, 'message')} was not sent after all", text(data, "why")
    ),
    "MessageInDoubt": lambda data: with_reason(f"the message {text(data, 'message')} is in doubt", text(data, "why")),
    "MessageResolved": _resolved,
    "MessageShown": lambda data: f"showed the message {text(data, 'message')} “{text(data, 'subject')}”, sent nothing",
}
