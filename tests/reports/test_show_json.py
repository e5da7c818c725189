"""`show --json`: the keys of the contract, of types that JSON can hold."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings

from backout_tui.reports.show_json import show_json
from tests import scenes
from tests.campaigns.counts import examples
from tests.scenes import SCENES, Scene
from tests.story import Story
from tests.walks import walks

CONTRACT = {
    "": "id mode state outcome release plan opened_at closed_at operator lease problems decision steps checks messages"
    " deviations log",
    "release": "name version returns_to environment",
    "plan": "id revision sha256 approved",
    "problems": "id title severity kind assignee status tracker",
    "decision": "kind by at reason break_glass named_authoriser",
    "steps": "id number title kind state reason origin attempts",
    "checks": "id title kind required when verdict observations",
    "messages": "id title by state recipients",
    "deviations": "kind step reason by at",
    "log": "events head",
}
ATTEMPT = {"started_at", "ended_at", "exit_code", "expect_met"}
RECIPIENT = {"name", "state", "detail"}
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


def shown() -> dict[str, Any]:
    """The document of the scene in which most has happened."""
    return show_json(scenes.closed().backout)


@pytest.mark.parametrize("place", CONTRACT)
def test_every_key_of_the_contract_is_there(place: str) -> None:
    found = shown()[place] if place else shown()
    objects = found if isinstance(found, list) else [found]
    assert objects
    assert all(set(CONTRACT[place].split()) <= set(one) for one in objects)


def test_attempts_and_recipients_have_theirs() -> None:
    document = shown()
    attempts = [attempt for step in document["steps"] for attempt in step["attempts"]]
    recipients = [one for message in document["messages"] for one in message["recipients"]]
    assert all(set(attempt) >= ATTEMPT for attempt in attempts)
    assert all(set(one) >= RECIPIENT for one in recipients)
    assert attempts
    assert recipients


def test_the_words_are_those_of_the_contract() -> None:
    document = shown()
    assert (document["mode"], document["state"], document["outcome"]) == ("live", "closed", "backed-out")
    states = {step["number"]: step["state"] for step in document["steps"]}
    assert states["2"] == "skipped"
    assert states["9"] == "not_needed"
    assert {step["kind"] for step in document["steps"]} == {"manual", "command", "group"}
    assert [one["verdict"] for one in document["checks"]] == ["pass", "pass", None]
    assert [one["state"] for one in document["messages"]] == ["sent", "partly", "sent", "failed"]
    assert document["log"] == {"events": 48, "head": scenes.closed().backout.head, "sound": True, "findings": []}


def test_what_is_not_there_is_null() -> None:
    document = show_json(scenes.fresh().backout)
    assert document["decision"] is None
    assert document["outcome"] is None
    assert document["closed_at"] is None
    assert show_json(scenes.problem_logged().backout)["problems"][0]["tracker"] is None


def test_steps_are_one_flat_list_with_groups_and_their_sub_steps() -> None:
    numbers = [step["number"] for step in show_json(scenes.options().backout)["steps"]]
    assert numbers == ["1", "A1", "A2", "A2.1", "A2.2", "B1", "2"]


def test_times_are_utc_to_the_microsecond() -> None:
    def times(value: Any, name: str = "") -> list[str]:
        if isinstance(value, dict):
            return [time for key, inner in value.items() for time in times(inner, key)]
        if isinstance(value, list):
            return [time for inner in value for time in times(inner, name)]
        return [value] if value is not None and (name == "at" or name.endswith(("_at", "follow_up"))) else []

    found = times(shown())
    assert len(found) > 30
    assert all(RFC3339.fullmatch(time) for time in found)


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
def test_every_scene_is_json_without_floats(scene: Callable[[], Scene]) -> None:
    document = show_json(scene().backout)
    assert json.loads(json.dumps(document, allow_nan=False), parse_float=pytest.fail) == document


@given(walks())
@settings(max_examples=examples(), deadline=None)
def test_every_state_that_the_gates_allow_can_be_shown(story: Story) -> None:
    assert show_json(story.backout)["log"]["events"] == len(story.events)
