"""When the release was deployed: said, corrected, or not known."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backout_tui.domain import clock
from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import decisions, deployment
from backout_tui.errors import Refused
from tests.engine.desks import BY_HAND, Room, SetClock, kinds, log_of, refusal
from tests.story import THREE_AM

WINDOW = BY_HAND.replace("- proxy:", "- window: 2h after deploy\n- proxy:")


@pytest.fixture
def waiting(room: Room) -> Operator:
    """A backout whose window counts from a deployment that nobody has dated; it is three o'clock."""
    room.clock = SetClock()
    return room.start(WINDOW)


def test_the_window_counts_from_what_was_said_last(waiting: Operator) -> None:
    assert clock.needs_deployment(waiting.backout)
    deployment.say(waiting, THREE_AM - timedelta(hours=1))
    after = deployment.say(waiting, THREE_AM - timedelta(minutes=30)).backout
    assert clock.window_closes(after) == THREE_AM + timedelta(minutes=90)
    assert not clock.needs_deployment(after)
    assert log_of(waiting)[-1].data == {"deployed_at": "2026-11-22T02:30:00.000000Z"}


def test_that_nobody_knows_is_recorded_and_leaves_the_window_open(waiting: Operator) -> None:
    after = deployment.say(waiting, None).backout
    assert after.deployment_asked
    assert clock.needs_deployment(after)
    assert kinds(waiting)[-1] == "DeployedAtSet"


def test_no_release_is_backed_out_before_it_was_deployed(waiting: Operator) -> None:
    assert "lies ahead" in refusal(waiting, deployment.say, THREE_AM + timedelta(seconds=1)).reason
    deployment.say(waiting, THREE_AM)


def test_whoever_looks_on_cannot_say_it_and_nobody_can_once_it_is_closed(room: Room, waiting: Operator) -> None:
    waiting.take_controls()
    refusal(room.other(waiting, "kim"), deployment.say, None)
    decisions.close(waiting, outcome="stood-down", reason="it was the other region, all of it")
    with pytest.raises(Refused, match="closed"):
        deployment.say(waiting, THREE_AM)
