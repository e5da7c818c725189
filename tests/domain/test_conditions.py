"""What `only if` asks, of whom, and what its answers do."""

from __future__ import annotations

import pytest

from backout_tui.domain.backout import conditions
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import StepStatus
from backout_tui.domain.plan.plan import Part, Plan, Step
from backout_tui.domain.refusal import BREAK_GLASS, CONDITION, REASON
from backout_tui.domain.rules import gates
from tests.sample_plan import facts, fence
from tests.story import Story
from tests.way_scenes import begun, captured

ALL = frozenset({REASON, BREAK_GLASS, "note"})


def asked(backout: Backout, number: str) -> list[tuple[str, str, str]]:
    """Whose condition, what it says, and the answer, the outermost first."""
    return [(one.of, one.text, one.answer) for one in conditions.conditions_of(backout, backout.steps[number])]


def grouped() -> Story:
    """A group with a condition, one part of it with another."""
    story = Story()
    inner = (Step("1.1", "one"), Step("1.2", "two", facts(only_if="it rains")), Step("1.3", "three"))
    story.open(Plan(parts=(Part("", "", (Step("1", "both", facts(only_if="it is dark"), children=inner),)),)))
    story.tell("Decided", 1, kind="back-out", by="sam", reason="errors above 2 %", named_authoriser=True)
    return story


def test_a_step_is_asked_for_its_own_its_groups_and_its_phases_condition() -> None:
    backout = begun().backout
    assert asked(backout, "1") == []
    assert asked(backout, "2") == [("step 2", "pods are stuck", "")]
    assert asked(backout, "7") == [
        ("phase Caches", "the cache holds the new format", ""),
        ("step 7", "it is night", ""),
    ]
    assert asked(grouped().backout, "1.1") == [("step 1", "it is dark", "")]
    assert asked(grouped().backout, "1.2") == [("step 1", "it is dark", ""), ("step 1.2", "it rains", "")]


@pytest.mark.parametrize("number", ["2", "3", "6", "7"])
def test_a_step_with_an_open_condition_is_neither_run_nor_done(number: str) -> None:
    backout = captured().backout
    for gate in (gates.why_not_run, gates.why_not_finish):
        refused = gate(backout, number, lifted=ALL)
        assert refused is not None
        if not (gate is gates.why_not_run and backout.steps[number].kind == "manual"):
            assert refused.lifted_by == CONDITION
            assert f"step-condition {number} yes or no" in refused.words
    assert gates.why_not_leave_out(backout, number, StepStatus.SKIPPED, "sam") is None


def test_answered_with_yes_it_may_be_begun_and_may_be_answered_anew_while_it_is_open() -> None:
    story = captured()
    story.tell("ConditionAnswered", step="2", answer="yes")
    assert gates.why_not_run(story.backout, "2") is None
    assert gates.why_not_answer(story.backout, "2") is None
    story.tell("ConditionAnswered", step="2", answer="no")
    assert story.backout.steps["2"].state is StepStatus.NOT_NEEDED
    assert story.backout.deviations == ()
    refused = gates.why_not_answer(story.backout, "2")
    assert refused is not None
    assert "Reopen it first" in refused.words


def test_a_reopened_step_is_asked_again() -> None:
    story = captured()
    story.tell("ConditionAnswered", step="2", answer="no")
    story.tell("StepReopened", step="2", reason="they are stuck after all")
    refused = gates.why_not_run(story.backout, "2")
    assert refused is not None
    assert refused.lifted_by == CONDITION


def test_a_group_is_answered_once_for_all_its_parts() -> None:
    story = grouped()
    story.tell("ConditionAnswered", step="1", answer="yes")
    assert gates.why_not_finish(story.backout, "1.1") is None
    assert [one.answer for one in conditions.conditions_of(story.backout, story.backout.steps["1.2"])] == ["yes", ""]
    story.tell("StepDone", step="1.1", note="")
    assert gates.why_not_answer(story.backout, "1") is None, "its other parts are open"
    story.tell("ConditionAnswered", step="1", answer="no")
    assert [story.backout.steps[number].state.value for number in ("1.1", "1.2", "1.3")] == [
        "done",
        "not_needed",
        "not_needed",
    ]
    assert gates.why_not_answer(story.backout, "1") is not None


def test_a_reopened_group_is_asked_again_as_a_whole() -> None:
    story = grouped()
    story.tell("ConditionAnswered", step="1", answer="no")
    story.tell("StepReopened", step="1", reason="it is dark after all")
    assert asked(story.backout, "1.1") == [("step 1", "it is dark", "")]


def test_an_answer_that_an_older_log_has_of_a_part_alone_counts_for_it() -> None:
    story = grouped()
    story.tell("ConditionAnswered", step="1.1", answer="yes")
    assert gates.why_not_finish(story.backout, "1.1") is None
    assert asked(story.backout, "1.3") == [("step 1", "it is dark", "")]


def test_a_failed_step_of_an_older_log_is_run_again_although_nobody_answered() -> None:
    story = captured()
    story.run("2", 5, 1, exit_code=1)
    assert gates.why_not_run(story.backout, "2") is None
    assert gates.why_not_answer(story.backout, "2") is not None


def test_a_phase_is_answered_once_for_all_its_steps_and_anew_while_one_is_open() -> None:
    story = captured()
    story.tell("ConditionAnswered", step="6", answer="no", part="phase Caches")
    assert [story.backout.steps[number].state.value for number in ("6", "7")] == ["not_needed", "not_needed"]
    assert story.backout.deviations == ()
    assert gates.why_not_answer(story.backout, "6") is None, "a slip of the hand on ten steps is taken back at once"
    story.tell("ConditionAnswered", step="6", answer="yes", part="phase Caches")
    assert [story.backout.steps[number].state.value for number in ("6", "7")] == ["pending", "pending"]
    assert asked(story.backout, "7")[0][2] == "yes"
    assert story.backout.steps["2"].state is StepStatus.PENDING


def test_what_a_person_left_out_stays_so_when_its_phase_is_answered() -> None:
    story = captured()
    story.tell("StepSkipped", step="7", reason="nobody is there")
    story.tell("ConditionAnswered", step="6", answer="no", part="phase Caches")
    story.tell("ConditionAnswered", step="6", answer="yes", part="phase Caches")
    assert [story.backout.steps[number].state.value for number in ("6", "7")] == ["pending", "skipped"]


def test_the_condition_of_a_phase_that_is_behind_us_is_past() -> None:
    story = captured()
    story.tell("ConditionAnswered", step="6", answer="yes", part="phase Caches")
    story.run("6", 5, 1)
    story.tell("StepSkipped", step="7", reason="nobody is there")
    refused = gates.why_not_answer(story.backout, "6")
    assert refused is not None
    assert "Every step of phase Caches is settled" in refused.words


def test_an_option_has_a_condition_too() -> None:
    story = Story()
    way = Part(
        "option", "A: roll back", (Step("A1", "undo", (), (fence("undo"),)),), facts(only_if="the image is there")
    )
    story.open(Plan(parts=(way, Part("option", "B: by hand", (Step("B1", "scale"),)))))
    assert asked(story.backout, "A1") == [("option A: roll back", "the image is there", "")]
    assert asked(story.backout, "B1") == []
