"""Checks that are older than a step, and steps after the verdict."""

from __future__ import annotations

import pytest

from backout_tui.domain.clock.clock_reading import read
from backout_tui.domain.plan.plan import Check
from backout_tui.domain.rules.afterwards import older_words, ran_since_passed, ran_since_verdict, verdict_words
from backout_tui.reports import show_words
from backout_tui.reports.show_json import show_json
from backout_tui.ui.night.panes import checks_pane, plan_pane
from backout_tui.ui.widgets.columns import Cell, Row
from tests.domain.timed import command, minutes, opened
from tests.story import Story, at


def night() -> Story:
    """Three steps and a check that passed after the first."""
    story = opened(command("1", 5), minutes("2", 5), command("3", 5), checks=(Check("A", "It answers"),))
    story.run("1", 1, 2)
    story.tell("CheckRecorded", 3, check="A", verdict="pass", note="it answers")
    return story


def older(story: Story) -> str:
    """What is said of the check."""
    return older_words(ran_since_passed(story.backout, story.backout.checks["A"]))


def test_a_check_that_passed_is_older_than_the_steps_that_ran_since() -> None:
    story = night()
    assert older(story) == ""
    story.tell("StepDone", 4, step="2", note="")
    assert older(story) == "older than step 2"
    story.start("3", 5)
    assert older(story) == "older than steps 2 and 3", "it is still running"
    story.finish("3", 6)
    assert older(story) == "older than steps 2 and 3"
    story.tell("CheckRecorded", 7, check="A", verdict="pass", note="still")
    assert older(story) == ""


def test_the_order_of_the_log_counts_and_not_the_clock() -> None:
    story = night()
    story.tell("StepDone", 1, step="2", note="")  # the clock was put back meanwhile
    assert older(story) == "older than step 2"


@pytest.mark.parametrize("kind", ["StepSkipped", "StepNotNeeded"])
def test_what_was_left_out_changed_nothing(kind: str) -> None:
    story = night()
    story.tell(kind, 4, step="2", reason="it was done in the evening")
    assert older(story) == ""


def test_what_was_worked_around_did() -> None:
    story = night()
    story.tell("StepWorkedAround", 4, step="2", reason="by the console of the cloud")
    assert older(story) == "older than step 2"


def test_an_attempt_that_never_started_ran_nothing() -> None:
    story = night()
    begun = story.start("3", 5)
    story.tell("StepNotStarted", 6, step="3", attempt=1, intent=begun.event_id, why="its host went away")
    assert older(story) == ""


def test_a_check_that_has_not_passed_or_is_made_before_is_not_spoken_of() -> None:
    story = night()
    story.tell("CheckRecorded", 4, check="A", verdict="fail", note="no")
    story.tell("StepDone", 5, step="2", note="")
    assert older(story) == ""


def test_steps_after_the_verdict_are_said() -> None:
    story = night()
    assert ran_since_verdict(story.backout) == ()
    story.tell("VerdictGiven", 8, outcome="partly", reason="step 3 is for the morning")
    assert list(verdict_words(story.backout)) == []
    story.run("3", 9, 1)
    assert list(verdict_words(story.backout)) == [
        "check A passed, and is older than step 3", "step 3 was done after the verdict",
    ]  # fmt: skip


def texts(row: Row) -> str:
    """The row as it reads."""
    return " ".join(cell.text if isinstance(cell, Cell) else cell for cell in row.cells)


def test_both_are_said_in_the_panes_in_show_and_in_json() -> None:
    story = night()
    story.tell("VerdictGiven", 8, outcome="partly", reason="step 3 is for the morning")
    story.run("3", 9, 1)
    backout = story.backout
    check = checks_pane.row(backout.checks["A"], at(11), since=ran_since_passed(backout, backout.checks["A"]))
    assert "older than step 3" in texts(check)
    assert backout.verdict is not None
    assert "after the verdict" in texts(plan_pane.row(backout.steps["3"], at(11), judged=backout.verdict.event))
    assert "after the verdict" not in texts(plan_pane.row(backout.steps["1"], at(11), judged=backout.verdict.event))
    shown = "\n".join(show_words.lines(backout, read(backout, at(11))))
    assert "[pass, older than step 3]" in shown
    assert "after it was given, something was done for step 3" in shown
    document = show_json(backout, read(backout, at(11)))
    assert (document["checks"][0]["older_than"], document["done_after_verdict"]) == (["3"], ["3"])


def test_a_reason_for_a_verdict_that_needed_none_is_a_note() -> None:
    story = night()
    before = story.backout.thin
    story.tell("VerdictGiven", 8, outcome="backed-out", reason="fine")
    assert story.backout.thin == before
    story.tell("CheckRecorded", 9, check="A", verdict="fail", note="no")
    thin = story.tell("VerdictGiven", 10, outcome="backed-out", reason="fine")
    assert story.backout.thin == (*before, thin.seq)
