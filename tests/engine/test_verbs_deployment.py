"""When the release was deployed: said, corrected, or not known."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backout_tui.domain.clock import forecast
from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import decision_verbs, deployment_verbs
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
    assert forecast.needs_deployment(waiting.backout)
    deployment_verbs.say(waiting, THREE_AM - timedelta(hours=1))
    after = deployment_verbs.say(waiting, THREE_AM - timedelta(minutes=30)).backout
    assert forecast.window_closes(after) == THREE_AM + timedelta(minutes=90)
    assert not forecast.needs_deployment(after)
    assert log_of(waiting)[-1].data == {"deployed_at": "2026-11-22T02:30:00.000000Z"}


def test_that_nobody_knows_is_recorded_and_leaves_the_window_open(waiting: Operator) -> None:
    after = deployment_verbs.say(waiting, None).backout
    assert after.deployment_asked
    assert forecast.needs_deployment(after)
    assert kinds(waiting)[-1] == "DeployedAtSet"


def test_no_release_is_backed_out_before_it_was_deployed(waiting: Operator) -> None:
    assert "in the future" in refusal(waiting, deployment_verbs.say, THREE_AM + timedelta(seconds=1)).reason
    deployment_verbs.say(waiting, THREE_AM)


def test_whoever_looks_on_cannot_say_it_and_nobody_can_once_it_is_closed(room: Room, waiting: Operator) -> None:
    waiting.take_controls()
    refusal(room.other(waiting, "kim"), deployment_verbs.say, None)
    decision_verbs.close(waiting, outcome="stood-down", reason="it was the other region, all of it")
    with pytest.raises(Refused, match="closed"):
        deployment_verbs.say(waiting, THREE_AM)
