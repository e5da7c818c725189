"""Sentences for messages. They show people by name only: the next day nobody needs the addresses."""

from __future__ import annotations

from collections.abc import Mapping

from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.payloads.message_payloads import (
    Declared,
    NotSent,
    RecipientResolved,
    Sending,
    Sent,
    Shown,
    Written,
)
from backout_tui.reports.sentences.piece_sentences import (
    Sentence,
    came_late,
    joined,
    labelled,
    listed,
    out_of_reach,
    saying,
    server_words,
    with_reason,
)


def _written(said: Written) -> str:
    verb = "prepared" if said.origin == "prepared" else "wrote"
    return joined(f"{verb} the message {said.message} “{said.title}”", f"to {listed(said.to)} by {said.by}")


def _sending(said: Sending) -> str:
    to = listed(one.name for one in said.recipients)
    return joined(
        f"sending the message {said.message} “{said.subject}” to {to or 'nobody'}",
        labelled("cannot be reached", listed(one.name for one in said.unreachable)),
    )


def _finished(said: Sent) -> str:
    states: dict[str, list[str]] = {}
    for one in said.recipients:
        detail = server_words(one.detail.strip())
        told = f"{one.name} ({detail})" if detail and one.state != "sent" else one.name
        states.setdefault(one.state, []).append(told)
    return with_reason(
        f"the message {said.message}",
        joined(*(f"{state.replace('_', ' ')}: {listed(names)}" for state, names in states.items())),
        came_late(said),
    )


def _resolved(said: RecipientResolved) -> str:
    words = "has it" if said.as_ == "sent" else "has it not"
    return with_reason(f"said what is true of the message {said.message}, {said.recipient} {words}", said.reason)


def _declared(said: Declared) -> str:
    return with_reason(f"declared the message {said.message} in doubt, {out_of_reach(said)}", said.reason)


SENTENCES: Mapping[str, Sentence] = {
    EventKind.MESSAGE_WRITTEN: saying(Written, _written),
    EventKind.MESSAGE_SENDING: saying(Sending, _sending),
    EventKind.MESSAGE_FINISHED: saying(Sent, _finished),
    EventKind.MESSAGE_NOT_STARTED: saying(
        NotSent,
        lambda said: with_reason(f"the message {said.message} was not sent after all", said.why, came_late(said)),
    ),
    EventKind.MESSAGE_IN_DOUBT: saying(
        NotSent, lambda said: with_reason(f"the message {said.message} is in doubt", said.why, came_late(said))
    ),
    EventKind.MESSAGE_DECLARED_IN_DOUBT: saying(Declared, _declared),
    EventKind.MESSAGE_RESOLVED: saying(RecipientResolved, _resolved),
    EventKind.MESSAGE_SHOWN: saying(
        Shown, lambda said: f"showed the message {said.message} “{said.subject}”, sent nothing"
    ),
}
