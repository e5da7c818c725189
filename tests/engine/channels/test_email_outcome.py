"""What became of an email, wherever its sending process was cut off."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backout_tui.engine.channels.email_outcome import Conversation, failed, outcome, read_conversation

PEOPLE = [{"name": name, "address": f"{name}@example.org"} for name in ("ann", "bob", "cem")]
WHOLE: list[dict[str, Any]] = [
    {"stage": "connect"},
    {"stage": "sender"},
    {"stage": "recipients"},
    {"recipient": 0, "taken": True, "words": "250 ok"},
    {"recipient": 1, "taken": False, "words": "550 who"},
    {"recipient": 2, "taken": True, "words": "250 ok"},
    {"stage": "text"},
    {"stage": "end"},
    {"reply": 250, "words": "250 queued"},
]
LINES = [json.dumps(line).encode() + b"\n" for line in WHOLE]


def states(result: dict[str, Any]) -> list[str]:
    return [one["state"] for one in result["recipients"]]


@given(st.integers(0, len(b"".join(LINES))))
def test_a_cut_at_any_byte_gives_the_truth(cut: int) -> None:
    """Nobody is sent to without an answer, and nobody failed who may have got it."""
    printed = b"".join(LINES)[:cut]
    result = outcome(PEOPLE, {}, read_conversation(printed, "the deadline of 9 s passed"))
    begun, answered = (b"".join(LINES[:count]) for count in (8, 9))
    accepted = "sent" if printed.startswith(answered) else "in_doubt" if printed.startswith(begun) else "failed"
    assert states(result) == [accepted, "failed", accepted]
    assert result["result"] == ("in_doubt" if accepted == "in_doubt" else "failed")
    assert all(one["detail"] for one in result["recipients"])


@pytest.mark.parametrize(
    ("code", "state"),
    [
        (250, "sent"),
        (251, "sent"),
        (421, "failed"),
        (451, "failed"),
        (552, "failed"),
        (354, "in_doubt"),
        (-1, "in_doubt"),
    ],
)
def test_the_answer_to_the_text_decides_for_those_accepted(code: int, state: str) -> None:
    talk = Conversation("end", {0: (True, "ok"), 1: (False, "550 who"), 2: (True, "ok")}, (code, "words"))
    assert states(outcome(PEOPLE, {}, talk)) == [state, "failed", state]


def test_a_reason_of_its_own_is_not_adorned_and_a_cut_says_where() -> None:
    assert outcome(PEOPLE, {}, Conversation("login", error="no"))["why"] == "no"
    assert outcome(PEOPLE, {}, Conversation("login", ending="cut"))["why"] == "cut while logging in"
    assert outcome(PEOPLE, {}, Conversation())["why"].startswith("the sending process ended before")


def test_those_never_offered_keep_their_own_reason() -> None:
    result = outcome(PEOPLE, {1: "this is not an email address"}, Conversation("connect", error="nothing answers"))
    assert [one["detail"] for one in result["recipients"]] == [
        "nothing answers",
        "this is not an email address",
        "nothing answers",
    ]
    assert result["why"] == "3 failed of 3"


def test_control_characters_in_a_servers_words_are_shown() -> None:
    line = json.dumps({"recipient": 0, "taken": False, "words": "550 \x1b]0;x\x07"}).encode() + b"\n"
    assert read_conversation(line, "").answers[0] == (False, "550 ␛]0;x␇")


def test_a_send_that_was_never_tried_failed_for_everybody() -> None:
    result = failed(PEOPLE, "no sender")
    assert (states(result), result["result"], result["why"]) == (["failed"] * 3, "failed", "no sender")
    assert failed([], "no sender")["why"] == "no sender"
