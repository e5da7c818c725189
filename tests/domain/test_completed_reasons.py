"""Thin reasons: named when they are listed, and completed in the deviation that gave them."""

from __future__ import annotations

from typing import Any

import pytest

from backout_tui.domain.rules.outstanding import left_open
from tests.domain.test_fold import begun


def test_a_completed_reason_is_the_deviations_and_its_steps_and_the_first_stands_beside_it() -> None:
    story = begun()
    thin = story.tell("StepSkipped", 3, step="6", reason="warm", agreed="payments lead", problem="P1")
    for minute, words in ((600, "the caches were warm"), (601, "the caches were warm since 02:50")):
        story.tell("ReasonCompleted", minute, event=thin.seq, reason=words)
    (one,) = story.backout.deviations
    assert (one.reason, one.first, one.agreed, one.problem) == (words, "warm", "payments lead", "P1")
    assert one.why == f"{words} (first: warm)"
    assert {story.backout.steps[number].reason for number in ("6.1", "6.2")} == {words}


def test_of_two_deviations_of_one_event_the_thin_one_is_completed() -> None:
    story = begun()
    note = "did it by hand as the lead said"
    both = story.tell("StepDone", 3, step="3", note=note, against_program=True, out_of_order="hurry")
    story.tell("ReasonCompleted", 600, event=both.seq, reason="the batch would have begun at 03:10")
    found = {one.kind: one.first for one in story.backout.deviations}
    assert found == {"reordered": "hurry", "worked_around": ""}


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        ("StepSkipped", {"step": "2"}, "the reason for skipping step 2 is thin: “hurry” (event 5)"),
        ("StepNotNeeded", {"step": "2"}, "the reason for calling step 2 not needed is thin: “hurry” (event 5)"),
        ("ControlsTaken", {"session": "4b1d"}, "the reason for taking over the controls is thin: “hurry” (event 5)"),
        ("SomethingNewer", {}, "the reason for event 5 is thin: “hurry” (event 5)"),
    ],
)
def test_what_is_thin_is_named_when_it_is_listed(kind: str, data: dict[str, Any], words: str) -> None:
    story = begun()
    story.tell(kind, 3, reason="hurry", **data)
    assert words in left_open(story.backout)
