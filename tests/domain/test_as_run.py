"""The order in which the steps were really taken."""

from __future__ import annotations

from backout_tui.domain.backout.as_run import planned_place, run_order
from backout_tui.domain.backout.flatten import steps_of
from tests import scenes
from tests.sample_plan import OPTIONS, PLAN
from tests.story import Story

PLANNED = list(steps_of(PLAN))


def begun() -> Story:
    """Decided, the first step done."""
    story = Story()
    story.open(PLAN)
    story.tell("ProblemLogged", 1, problem="P1", title="5xx on /charge", severity="critical", kind="fault")
    story.tell("Decided", 2, kind="back-out", by="release manager", reason="errors above 2 %", named_authoriser=True)
    story.tell("StepDone", 3, step="1", note="")
    return story


def test_without_deviations_it_is_the_plans() -> None:
    assert list(run_order(begun().backout)) == PLANNED


def test_a_step_that_was_begun_out_of_order_stands_before_what_was_open_then() -> None:
    story = begun()
    story.tell("StepSkipped", 4, step="2", reason="already drained")
    story.start("5", 5, out_of_order="the ledger burns")
    story.finish("5", 6)
    story.run("3", 7, 1)
    assert list(run_order(story.backout))[:5] == ["1", "2", "5", "3", "4"]
    story.start("7", 9, out_of_order="the batch is late")
    assert list(run_order(story.backout))[:6] == ["1", "2", "5", "3", "7", "4"]


def test_a_sub_step_takes_its_group_along() -> None:
    story = begun()
    story.start("6.2", 4, out_of_order="us-east burns")
    assert list(run_order(story.backout))[:5] == ["1", "6", "6.2", "6.1", "2"]


def test_what_an_answer_or_a_choice_made_needless_was_overtaken_by_nobody() -> None:
    story = Story()
    story.open(OPTIONS)
    story.tell("StepDone", 1, step="1", note="")
    story.tell("OptionChosen", 2, option="B: by hand", reason="the image is gone")
    story.tell("StepDone", 3, step="2", note="", out_of_order="they wait for it")
    assert run_order(story.backout) == tuple(steps_of(OPTIONS))


def test_the_plans_place_of_a_step_is_told_among_its_likes() -> None:
    planned = steps_of(PLAN)
    assert [planned_place(planned, number) for number in ("1", "4", "6.1", "6.2", "7", "4a")] == [
        "first", "after 3", "first", "after 6.1", "after 6", "",
    ]  # fmt: skip


def test_no_step_is_lost_and_an_added_one_stands_at_its_place() -> None:
    backout = scenes.closed().backout
    assert sorted(run_order(backout)) == sorted(backout.steps)
    assert run_order(backout)[5] == "5a"
