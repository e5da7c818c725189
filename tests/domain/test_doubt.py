"""What is in doubt, and when the backout itself fails: what is looked at first, and whom to call."""

from __future__ import annotations

from typing import Any

import pytest

from backout_tui.domain.backout.items import Attempt
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import StepStatus
from backout_tui.domain.plan.plan import Contact, Fact, Section
from backout_tui.domain.rules import gates, when_it_fails
from backout_tui.domain.rules.doubt import Life, check_in_doubt, doubts, life_words, probe_words
from backout_tui.domain.rules.next_wish import next_wish
from backout_tui.domain.rules.outstanding import left_open, under_way
from backout_tui.domain.values import replace
from tests import night, scenes
from tests.sample_plan import PLAN
from tests.story import SAM, Story, at


def doubtful_check(story: Story) -> None:
    """Check A was begun, and nobody knows how it ended."""
    began = story.tell("CheckStarted", 20, check="A", attempt=1, command="errors", shell="sh")
    story.tell("CheckInDoubt", 21, check="A", attempt=1, intent=began.event_id, why="gone", still_running=None)


def with_facts(backout: Backout, number: str, **facts: str) -> Backout:
    """The backout with more facts on one of its steps."""
    step = backout.steps[number]
    more = tuple(Fact(key.replace("_", " "), value) for key, value in facts.items())
    return replace(backout, steps={**backout.steps, number: replace(step, facts=(*step.facts, *more))})


def test_steps_come_before_checks_and_checks_before_messages() -> None:
    story = Story(list(scenes.in_doubt().events))
    story.send("M2", 18, {"ledger team": "in_doubt"})
    doubtful_check(story)
    found = doubts(story.backout)
    assert [one.item for one in found] == [("step", "4"), ("check", "A"), ("message", "M2")]
    assert len({one.key for one in found}) == 3


def test_a_check_is_in_doubt_until_somebody_says_what_they_see_or_it_runs_again() -> None:
    story = night.at_step_four()
    doubtful_check(story)
    assert check_in_doubt(story.backout.checks["A"])
    seen = Story(list(story.events))
    seen.tell("CheckRecorded", 22, check="A", verdict="inconclusive", note="no data")
    assert not check_in_doubt(seen.backout.checks["A"])
    story.check("A", 22, exit_code=1)
    assert not check_in_doubt(story.backout.checks["A"])


def test_what_is_in_doubt_stands_against_the_verdict_also_where_a_check_is_optional() -> None:
    story = night.at_step_four()
    doubtful_check(story)
    check = story.backout.checks["A"]
    backout = replace(story.backout, checks={**story.backout.checks, "A": replace(check, required=False)})
    refusal = gates.why_not_verdict(backout, "backed-out", {"reason"})
    assert refusal is not None
    assert "check A" in refusal.words
    assert "check A is in doubt" in left_open(backout)


def test_a_new_attempt_in_doubt_is_another_doubt() -> None:
    story = Story(list(scenes.in_doubt().events))
    (before,) = doubts(story.backout)
    began = story.start("4", 18)
    story.tell("StepInDoubt", 19, step="4", intent=began.event_id, attempt=2, why="gone", still_running=True, pid=7)
    (after,) = doubts(story.backout)
    assert (before.item, before.key != after.key) == (after.item, True)
    assert after.attempt is not None
    assert (after.attempt.pid, after.attempt.still_running) == (7, True)
    assert [one.state for one in story.backout.steps["4"].attempts] == ["in_doubt", "in_doubt"]


@pytest.mark.parametrize("life", list(Life))
def test_what_is_said_of_a_process_names_it_where_it_is_known(life: Life) -> None:
    attempt = Attempt(1, "ab", at(0), host="ops-2", pid=4711)
    assert "4711" in life_words(life, attempt)
    assert "None" not in life_words(life, replace(attempt, pid=None))


# ── safe to repeat ────────────────────────────────────────────────────────────────────────────────────────────────


def test_only_a_step_that_is_safe_to_repeat_is_run_again_out_of_doubt() -> None:
    backout = scenes.in_doubt().backout
    refused = gates.why_not_run(backout, "4", lifted={"reason", "break-glass"})
    assert refused is not None
    assert "First say what is true" in refused.words
    assert gates.why_not_run(with_facts(backout, "4", safe_to_repeat=""), "4") is None
    assert gates.why_not_run(with_facts(backout, "4", safe_to_repeat="no"), "4") is not None


def test_while_its_process_lives_it_is_not_and_what_waits_for_it_never_is() -> None:
    backout = with_facts(scenes.in_doubt().backout, "4", safe_to_repeat="")
    alive = gates.why_not_run(backout, "4", alive=True, lifted={"reason", "break-glass"})
    assert alive is not None
    assert "is still alive" in alive.words
    after = gates.why_not_run(backout, "5", lifted={"reason", "break-glass"})
    assert after is not None
    assert "Step 4 is in doubt" in after.words


# ── probes ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("scene", "number", "words"),
    [
        (scenes.in_doubt, "4", None),
        (scenes.step_failed, "4", None),
        (scenes.step_running, "4", None),
        (scenes.step_running, "3", "is done"),
        (scenes.step_running, "5", "is pending"),
        (scenes.step_running, "2", "is skipped"),
    ],
)
def test_a_probe_is_for_a_step_that_was_begun_and_is_open(scene: object, number: str, words: str | None) -> None:
    assert callable(scene)
    backout = with_facts(scene().backout, number, probe="`kubectl rollout status deploy/payments-api`")
    assert backout.steps[number].probe == "kubectl rollout status deploy/payments-api"
    refused = gates.why_not_probe(backout, number)
    assert (refused is None) if words is None else (refused is not None and words in refused.words)


def test_a_step_without_a_probe_has_none_and_placeholders_are_to_be_filled() -> None:
    backout = scenes.in_doubt().backout
    refused = gates.why_not_probe(backout, "4")
    assert refused is not None
    assert "has no probe" in refused.words
    filled = gates.why_not_probe(with_facts(backout, "4", probe="get <tag>"), "4", missing=("<tag>",))
    assert filled is not None
    assert "<tag>" in filled.words


def test_a_probe_never_changes_what_is_true_of_its_step_and_in_doubt_it_blocks_nothing() -> None:
    story = Story(list(scenes.in_doubt().events))
    before = story.backout.steps["4"]
    began = story.tell("ProbeStarted", 18, step="4", attempt=1, command="status", shell="sh")
    assert under_way(story.backout) == ("the probe of step 4 is running",)
    assert gates.why_not_probe(with_facts(story.backout, "4", probe="status"), "4") is not None
    story.tell("ProbeInDoubt", 19, step="4", attempt=1, intent=began.event_id, why="gone", still_running=False)
    assert under_way(story.backout) == ()
    again = story.tell("ProbeStarted", 20, step="4", attempt=2, command="status", shell="sh")
    story.tell("ProbeFinished", 21, step="4", attempt=2, intent=again.event_id, result="failed", exit_code=1, last="no")
    third = story.tell("ProbeStarted", 22, step="4", attempt=3, command="status", shell="sh")
    story.tell("ProbeNotStarted", 22, step="4", attempt=3, intent=third.event_id, why="no shell")
    story.tell("ProbeShown", 23, step="4", attempt=4, command="status")
    after = story.backout.steps["4"]
    assert [one.state for one in after.probes] == ["in_doubt", "failed", "not_started", "shown"]
    assert replace(after, probes=()) == before
    assert [one.item for one in doubts(story.backout)] == [("step", "4")]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "is running"),
        ({"state": "done", "exit_code": 0, "duration_ms": 2000}, "says yes after 0:02, exit 0"),
        ({"state": "failed", "exit_code": 1, "why": "exit code 1"}, "says no, exit 1"),
        (
            {"state": "failed", "exit_code": 127, "why": "exit code 127: a command was not found"},
            "says no, exit code 127: a command was not found",
        ),
        ({"state": "failed", "why": "sh is not installed"}, "says no: sh is not installed"),
        ({"state": "in_doubt", "why": "gone"}, "in doubt: gone"),
    ],
)
def test_what_a_probe_came_to_in_words(changes: dict[str, object], words: str) -> None:
    assert probe_words(replace(Attempt(1, "ab", at(0)), **changes)) == words  # its own fields


# ── when the backout itself fails ─────────────────────────────────────────────────────────────────────────────────


def beyond() -> Story:
    """The step after which there is no way back has failed."""
    story = night.failed()
    story.tell("StepWorkedAround", 16, step="4", reason="scaled by hand")
    story.run("5", 17, 1, exit_code=3)
    return story


def test_only_past_the_point_of_no_return_the_backout_itself_fails() -> None:
    assert when_it_fails.beyond_return(night.failed().backout) is None
    step = when_it_fails.beyond_return(beyond().backout)
    assert step is not None
    assert step.number == "5"
    assert "no way back" in next_wish(beyond().backout, at(19)).words


def test_a_step_that_was_left_out_untried_is_no_point_of_no_return() -> None:
    story = night.failed()
    story.tell("StepSkipped", 15, step="5", reason="there is no snapshot")
    assert when_it_fails.beyond_return(story.backout) is None


def test_once_it_is_fixed_forward_no_step_is_followed_any_more() -> None:
    story = beyond()
    story.tell("Decided", 20, kind="fix-forward", by="release manager", reason="one line", named_authoriser=True)
    assert when_it_fails.failed_step(story.backout) is None


def test_those_whom_the_section_names_are_called_first_and_nobody_twice() -> None:
    names = [one.name for one in when_it_fails.people(PLAN)]
    assert names == ["payments lead", "release manager", "sam"]
    assert "ledger team" not in names
    text = Section("If the backout fails", "Wake the database team (on call), not the leaders.")
    people = (Contact("sam", "performer"), Contact("on-call dba", "database team"), Contact("lead", "x"))
    called = when_it_fails.people(replace(PLAN, contingency=text, contacts=people))
    assert [one.name for one in called] == ["on-call dba", "sam"]


def test_a_plan_without_the_section_says_nothing_and_still_names_people() -> None:
    plan = replace(PLAN, contingency=None)
    assert when_it_fails.words(plan) == ""
    assert next(one.name for one in when_it_fails.people(plan)) == "release manager"


# ── other decisions ───────────────────────────────────────────────────────────────────────────────────────────────


def decided(kind: str) -> Story:
    """Not to back out."""
    story = night.with_problems()
    story.tell("CallLogged", 5, call="C2", name="release manager", result="reached")
    reason = "one line to fix"
    story.tell("Decided", 6, kind=kind, by="release manager", reason=reason, agreed="by phone", named_authoriser=True)
    return story


def test_to_fix_forward_leads_to_whose_it_is_then_to_the_people_then_to_the_verdict() -> None:
    story, said = decided("fix-forward"), []
    moves: tuple[tuple[str, dict[str, Any]], ...] = (
        ("ProblemAssigned", {"problem": "P2", "assignee": "ledger team"}),
        ("CallLogged", {"call": "C3", "name": "ledger team", "result": "reached"}),
        ("ProblemResolved", {"problem": "P1"}),
        ("ProblemResolved", {"problem": "P2"}),
    )
    for kind, data in moves:
        wish = next_wish(story.backout, at(10))
        said.append((wish.words.partition(":")[0], wish.key, wish.on))
        story.tell(kind, 8, **data)
    assert said == [
        ("assign P2 to who fixes it", "c", ("problem", "P2")),
        ("tell people that it is fixed forward, and nothing is backed out", "m", None),
        ("once P1, P2 are fixed, close as fixed-forward", "X", None),
        ("once P2 is fixed, close as fixed-forward", "X", None),
    ]
    assert next_wish(story.backout, at(10)).words == "say how it ended: fixed-forward"


def test_to_stand_down_leads_to_the_people_and_to_the_verdict() -> None:
    story = decided("stand-down")
    assert next_wish(story.backout, at(7)).key == "m"
    story.tell("CallLogged", 8, call="C3", name="ledger team", result="voicemail")
    assert next_wish(story.backout, at(9)).words == "say how it ended: stood-down"


def test_the_messages_that_say_that_we_back_out_are_neither_due_nor_missed_then() -> None:
    story = decided("stand-down")
    assert not any("Started" in one or "Ledger" in one for one in left_open(story.backout, "stood-down"))
    assert any("Finished" in one for one in left_open(story.backout, "stood-down"))


def test_steps_are_refused_then_and_one_may_decide_anew() -> None:
    story = decided("fix-forward")
    refused = gates.why_not_run(story.backout, "2", lifted={"reason"})
    assert refused is not None
    assert "fix-forward" in refused.words
    assert gates.why_not_decide(story.backout) is None
    story.tell("Decided", 20, kind="back-out", by="release manager", reason="it was not it", named_authoriser=True)
    assert next_wish(story.backout, at(21)).on == ("step", "1")
    assert story.backout.steps["1"].state is StepStatus.PENDING
    assert story.backout.decision is not None
    assert story.backout.decision.recorded_by == SAM.name
