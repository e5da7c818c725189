"""A message that is sent again: what is known of those who have it stands."""

from __future__ import annotations

from typing import Any

import pytest

from tests import night
from tests.story import Story

ADDRESSES = {"release manager": "rm@example.org", "payments lead": "lead@example.org", "ledger team": "l@example.org"}


def sent_once() -> Story:
    """“Started” reached one, failed for one, and may have reached the third."""
    story = night.decided()
    begun = story.tell(
        "MessageSending", 9, message="M1", subject="s", text="t",
        recipients=[{"name": name, "address": address} for name, address in ADDRESSES.items()],
    )  # fmt: skip
    states = dict(zip(ADDRESSES, ("sent", "failed", "in_doubt"), strict=True))
    story.tell(
        "MessageFinished", 10, message="M1", intent=begun.event_id, result="failed",
        recipients=[{"name": n, "address": a, "state": states[n], "detail": "said so"} for n, a in ADDRESSES.items()],
    )  # fmt: skip
    return story


def states(story: Story) -> dict[str, str]:
    """The state of each recipient."""
    return {one.name: one.state.value for one in story.backout.messages["M1"].recipients}


@pytest.mark.parametrize("how", ["recipients", "unreachable"])
def test_queuing_it_again_overwrites_nobody_who_has_it_or_may_have_it(how: str) -> None:
    story = sent_once()
    before = {one.name: one for one in story.backout.messages["M1"].recipients}
    everybody = [{"name": name, "address": address, "detail": "again"} for name, address in ADDRESSES.items()]
    others: dict[str, Any] = {"recipients": [], "unreachable": []} | {how: everybody}
    story.tell("MessageSending", 11, message="M1", subject="s", text="t", **others)
    found = {one.name: one for one in story.backout.messages["M1"].recipients}
    assert (found["release manager"], found["ledger team"]) == (before["release manager"], before["ledger team"])
    assert states(story)["payments lead"] == ("queued" if how == "recipients" else "failed")


def test_a_second_sending_to_one_leaves_the_others_as_they_are() -> None:
    story = sent_once()
    again = story.tell(
        "MessageSending", 11, message="M1", subject="s", text="t",
        recipients=[{"name": "payments lead", "address": "lead@example.org"}],
    )  # fmt: skip
    assert states(story) == {"release manager": "sent", "payments lead": "queued", "ledger team": "in_doubt"}
    story.tell("MessageNotStarted", 12, message="M1", intent=again.event_id, why="its host went away")
    assert states(story) == {"release manager": "sent", "payments lead": "failed", "ledger team": "in_doubt"}
