"""Works out the result of one email from the lines that its sending process printed, wherever it was cut off."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec import field as struct_field

from backout_tui.domain.text import clean_line

SENT, FAILED, IN_DOUBT = "sent", "failed", "in_doubt"
_WHILE = {
    "": "before it reached the mail server",
    "connect": "while connecting to the mail server",
    "secure": "while setting up the encryption",
    "login": "while logging in",
    "sender": "while naming the sender",
    "recipients": "while naming the recipients",
    "text": "while handing over the text, which is not whole there",
    "end": "after the text was handed over: it may have arrived",
}


class Conversation(Struct, frozen=True):
    """How far the sending process got.

    `answers` says, by the recipient's index, whether the server accepts mail for them, with its words. `reply` is its
    answer about the text (code and words), None if it gave none. `error` says why it could not go on; `ending` what cut
    it off, "" if nothing did.
    """

    stage: str = ""
    answers: Mapping[int, tuple[bool, str]] = struct_field(default_factory=dict)
    reply: tuple[int, str] | None = None
    error: str = ""
    ending: str = ""


def read_conversation(printed: bytes, ending: str) -> Conversation:
    """The conversation that the printed lines describe; a line that was cut short is ignored."""
    stage, error, reply = "", "", None
    answers: dict[int, tuple[bool, str]] = {}
    for line in printed.splitlines(keepends=True):
        told = _told(line)
        stage, error = told.get("stage", stage), told.get("error", error)
        ending = told.get("lost", ending)
        if "recipient" in told:
            answers[told["recipient"]] = told["taken"], clean_line(told["words"])
        if "reply" in told:
            reply = told["reply"], clean_line(told["words"])
    return Conversation(stage, answers, reply, clean_line(error), clean_line(ending))


def outcome(people: Sequence[Mapping[str, str]], unusable: Mapping[int, str], talk: Conversation) -> dict[str, Any]:
    """The result for all `people` (name and address each); `unusable` says, by index, why some were never offered."""
    states = [
        (FAILED, unusable[index]) if index in unusable else _state(talk.answers.get(index), talk)
        for index in range(len(people))
    ]
    recipients = [
        {"name": one["name"], "address": one["address"], "state": state, "detail": detail}
        for one, (state, detail) in zip(people, states, strict=True)
    ]
    return {"result": _result([state for state, _ in states]), "recipients": recipients, "why": _why(states)}


def failed(people: Sequence[Mapping[str, str]], why: str) -> dict[str, Any]:
    """The result of a send that was never tried, because of `why`."""
    return outcome(people, dict.fromkeys(range(len(people)), why), Conversation()) | {"why": why}


def _told(line: bytes) -> dict[str, Any]:
    if not line.endswith(b"\n"):
        return {}
    told: dict[str, Any] = json.loads(line)
    return told


def _state(answer: tuple[bool, str] | None, talk: Conversation) -> tuple[str, str]:
    """One person's state and its detail, from the server's answers about the person and the text."""
    if answer and not answer[0]:
        return FAILED, answer[1]
    if answer and talk.reply:
        return _by_reply(*talk.reply)
    return (IN_DOUBT if answer and talk.stage == "end" else FAILED), _broken_off(talk)


def _by_reply(code: int, words: str) -> tuple[str, str]:
    if 200 <= code < 300:
        return SENT, words
    if 400 <= code < 600:
        return FAILED, words
    return IN_DOUBT, f"the mail server's answer to the text makes no sense: {words}"


def _broken_off(talk: Conversation) -> str:
    """Why there is no answer; it names the stage if the reason itself doesn't."""
    if talk.error and talk.stage != "end":
        return talk.error
    return f"{talk.error or talk.ending or 'the sending process ended'} {_WHILE[talk.stage]}"


def _result(states: list[str]) -> str:
    if IN_DOUBT in states:
        return IN_DOUBT
    return "done" if states and all(state == SENT for state in states) else FAILED


def _why(states: list[tuple[str, str]]) -> str:
    """One line for the whole message: the reason if all share it, otherwise how many people it did not reach."""
    missed = [(state, detail) for state, detail in states if state != SENT]
    if not missed:
        return "" if states else "it is addressed to nobody"
    if len(set(missed)) == 1 and len(missed) == len(states):
        return missed[0][1]
    doubtful = sum(state == IN_DOUBT for state, _ in missed)
    counts = [f"{len(missed) - doubtful} failed"] * (len(missed) > doubtful) + [f"{doubtful} in doubt"] * (doubtful > 0)
    return f"{', '.join(counts)} of {len(states)}"
