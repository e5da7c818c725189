"""Who cannot be sent a message is to be called, and a call tells as well."""

from __future__ import annotations

import pytest

from backout_tui.domain.backout import flatten
from backout_tui.domain.backout.choices import CallResult, DecisionKind
from backout_tui.domain.backout.state import Backout, Call, Decision
from backout_tui.domain.plan.plan import Contact, Fact, Message, Plan
from backout_tui.domain.rules.next_wish import due_messages, next_wish
from backout_tui.domain.rules.outstanding import left_open, needs_a_call, untold
from backout_tui.domain.values import replace
from tests.story import THREE_AM


def telling_bob(by: str, reach: str) -> Backout:
    """A decided night without steps, whose plan tells Bob."""
    facts = (Fact("to", "Bob"), Fact("by", by), Fact("when", "start"))
    plan = Plan(messages=(Message("Ring", facts, "It goes back."),), contacts=(Contact("Bob", reach=(reach,)),))
    decision = Decision(DecisionKind.FIX_FORWARD, "lead", "one line to fix", THREE_AM)
    return Backout(1, plan=plan, messages=flatten.messages_of(plan), decision=decision)


@pytest.mark.parametrize(
    ("by", "reach"), [("call", "phone:+1"), ("email", "phone:+1"), ("call", "email:bob@example.org")]
)
def test_who_cannot_be_sent_the_message_is_called_and_then_was_told(by: str, reach: str) -> None:
    backout = telling_bob(by, reach)
    message = backout.messages["M1"]
    assert needs_a_call(backout, message)
    wish = next_wish(backout, THREE_AM)
    assert (wish.words, wish.key) == ("call Bob: “Ring”", "k")
    called = replace(backout, calls=(Call("C1", "bob", CallResult.VOICEMAIL, "", THREE_AM, "sam"),))
    assert untold(called, message) == ()
    assert list(due_messages(called)) == []
    assert not any("Ring" in one for one in left_open(called))


def test_a_call_that_nobody_answered_tells_nobody() -> None:
    backout = replace(
        telling_bob("call", "phone:+1"), calls=(Call("C1", "Bob", CallResult.NO_ANSWER, "", THREE_AM, "sam"),)
    )
    assert untold(backout, backout.messages["M1"]) == ("Bob",)


def test_who_has_an_address_is_sent_the_message() -> None:
    backout = telling_bob("email", "email:bob@example.org")
    assert not needs_a_call(backout, backout.messages["M1"])
    assert next_wish(backout, THREE_AM).key == "m"
