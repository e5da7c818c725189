"""The fold, as stories: what was logged, and what is true after it."""

from __future__ import annotations

from typing import Any

from backout_tui.domain.backout import fold
from backout_tui.domain.backout.state import Backout, Phase
from backout_tui.domain.backout.states import StepStatus
from backout_tui.domain.plan.plan import Part, Plan, Step
from backout_tui.domain.values import replace
from tests import night, scenes
from tests.sample_plan import PLAN, facts
from tests.story import KIM, Story, at

S = StepStatus


def states(backout: Backout) -> dict[str, str]:
    """The steps that are not pending."""
    return {number: step.state.value for number, step in backout.steps.items() if step.state is not S.PENDING}


def deviations(backout: Backout) -> list[tuple[str, str]]:
    """Kind and step of each deviation."""
    return [(one.kind, one.step) for one in backout.deviations]


def begun(plan: Plan = PLAN) -> Story:
    """Opened and decided."""
    story = Story()
    story.open(plan)
    story.tell("ProblemLogged", 1, problem="P1", title="5xx on /charge")
    story.tell("Decided", 2, kind="back-out", by="release manager", reason="errors above 2 %", named_authoriser=True)
    return story


def test_opening_takes_everything_from_the_first_event_alone() -> None:
    """The plan's file may be gone: the log carries what was parsed from it."""
    backout = scenes.fresh().backout
    assert str(backout.release) == "payments-api 4.12.0"
    assert backout.plan == PLAN
    assert list(backout.steps) == ["1", "2", "3", "4", "5", "6", "6.1", "6.2", "7", "8", "9"]
    assert list(backout.checks) == ["A", "B", "C"]
    assert [message.title for message in backout.messages.values()] == ["Started", "Ledger", "Finished"]
    assert backout.variables == {"NAMESPACE": "payments"}
    assert (backout.operator, backout.leases) == ("sam", 1)


def test_the_phases_of_the_night_follow_from_what_happened() -> None:
    phases = [scene().backout.phase for scene in (scenes.fresh, scenes.deciding, scenes.step_running, scenes.verifying)]
    assert phases == [Phase.IDENTIFYING, Phase.DECIDING, Phase.BACKING_OUT, Phase.VERIFYING]
    story = night.told()
    story.tell("CheckRecorded", 50, check="B", verdict="pass", note="ten of ten")
    for kind in ("NoteAdded", "BackoutClosed", "BackoutReopened"):
        story.tell(kind, 51, reason="the errors are back")
        phases.append(story.backout.phase)
    assert phases[4:] == [Phase.VERDICT, Phase.CLOSED, Phase.VERDICT]


def test_an_optional_check_holds_no_verdict_up() -> None:
    story = night.steps_done()
    story.tell("CheckRecorded", 50, check="B", verdict="pass", note="ten of ten")
    assert story.backout.checks["C"].verdict == ""
    assert story.backout.phase is Phase.VERDICT


def test_a_decision_to_fix_forward_leaves_only_the_verdict() -> None:
    story = night.with_problems()
    story.tell(
        "Decided", 7, kind="fix-forward", by="release manager", reason="the patch is ready", named_authoriser=True
    )
    assert story.backout.phase is Phase.VERDICT


def test_a_step_run_by_breaking_the_glass_begins_the_backing_out() -> None:
    assert fold.backout_of(scenes.glass_broken().events[:7], log_id="backout:3").phase is Phase.BACKING_OUT


def test_a_failed_command_is_tried_again_as_a_new_attempt() -> None:
    step = scenes.verifying().backout.steps["4"]
    assert step.state is S.DONE
    assert [(one.number, one.state, one.exit_code, one.expect_met) for one in step.attempts] == [
        (1, "failed", 1, False),
        (2, "done", 0, True),
    ]
    assert step.attempts[0].output == "0f" * 32
    assert (step.reason, step.origin) == ("", "changed")


def test_the_outcome_is_dated_by_the_supervisor_not_by_who_settled_it() -> None:
    """An outcome may be appended long after it was reached, when somebody opens the backout again."""
    story = night.at_step_four()
    attempt = story.backout.steps["4"].attempts[-1]
    ended: dict[str, Any] = {"ended_at": "2026-11-22T03:16:00.000000Z", "duration_ms": 240000}
    story.tell("StepFinished", 300, step="4", intent=attempt.intent, attempt=1, result="done", exit_code=0, **ended)
    assert story.backout.steps["4"].ended_at == at(16)


def test_what_is_in_doubt_is_what_a_person_says_is_true() -> None:
    for true, state in (("done", S.DONE), ("failed", S.FAILED), ("not-started", S.PENDING)):
        story = Story(list(scenes.in_doubt().events))
        story.resolve("4", 18, true, "looked at the cluster")
        step = story.backout.steps["4"]
        assert (step.state, step.reason) == (state, "looked at the cluster")
        assert (step.ended_at is None) == (state is S.PENDING)


def test_a_late_outcome_does_not_overrule_what_a_person_resolved() -> None:
    """It is kept with its attempt, and everybody can see that the two differ."""
    story = Story(list(scenes.in_doubt().events))
    intent = story.backout.steps["4"].attempts[-1].intent
    story.resolve("4", 18, "done", "rolled back, I looked")
    story.tell("StepFinished", 19, step="4", intent=intent, attempt=1, result="failed", exit_code=1)
    step = story.backout.steps["4"]
    assert (step.state, step.attempts[-1].state) == (S.DONE, "failed")


def test_an_outcome_of_an_older_attempt_says_nothing_about_the_newer_one() -> None:
    story = Story(list(scenes.in_doubt().events))
    first = story.backout.steps["4"].attempts[-1].intent
    story.resolve("4", 18, "not-started", "it never began")
    story.start("4", 19)
    story.tell("StepFinished", 20, step="4", intent=first, attempt=1, result="failed", exit_code=1)
    assert story.backout.steps["4"].state is S.RUNNING


def test_a_command_that_never_began_is_pending_again() -> None:
    story = night.at_step_four()
    intent = story.backout.steps["4"].attempts[-1].intent
    story.tell("StepNotStarted", 13, step="4", intent=intent, attempt=1, why="its folder could not be made")
    step = story.backout.steps["4"]
    assert (step.state, step.attempts[-1].state, step.reason) == (
        S.PENDING,
        "not_started",
        "its folder could not be made",
    )


def test_a_group_is_what_its_sub_steps_are() -> None:
    story = begun()
    for number, expected in (("6.1", "pending"), ("6.2", "done")):
        story.tell("StepDone", 3, step=number, note="seen")
        assert story.backout.steps["6"].state.value == expected
    assert begun().backout.steps["6"].state is S.PENDING


def test_the_worst_of_its_sub_steps_is_what_a_group_shows() -> None:
    story = begun()
    events = (
        story.start("6.1", 3),
        story.finish("6.1", 4, exit_code=2),
        story.tell("StepSkipped", 5, step="6.1", reason="one region is enough"),
        story.tell("StepDone", 6, step="6.2", note="seen"),
    )
    shown = [fold.backout_of(story.events[: one.seq], log_id="backout:3").steps["6"].state for one in events]
    assert shown == [S.RUNNING, S.FAILED, S.PENDING, S.DONE]


def test_a_group_of_which_nothing_was_done_is_not_done() -> None:
    story = begun()
    story.tell("StepSkipped", 3, step="6.1", reason="not this region")
    story.tell("StepNotNeeded", 4, step="6.2", reason="nor this one")
    assert story.backout.steps["6"].state is S.SKIPPED


def test_leaving_out_a_group_leaves_out_what_is_open_in_it() -> None:
    story = begun()
    story.tell("StepDone", 3, step="6.1", note="seen")
    story.tell("StepSkipped", 4, step="6", reason="one region is enough")
    assert states(story.backout) == {"6": "done", "6.1": "done", "6.2": "skipped"}
    assert deviations(story.backout) == [("skipped", "6")]


def test_reopening_takes_the_deviation_back_also_those_of_its_sub_steps() -> None:
    story = begun()
    story.tell("StepSkipped", 3, step="6.1", reason="not this region")
    story.tell("StepNotNeeded", 4, step="6.2", reason="nor this one")
    assert deviations(story.backout) == [("skipped", "6.1"), ("not_needed", "6.2")]
    story.tell("StepReopened", 5, step="6", reason="both after all")
    assert states(story.backout) == {}
    assert deviations(story.backout) == []


def test_every_departure_from_the_plan_is_a_deviation_with_its_reason() -> None:
    verifying = scenes.verifying().backout
    assert deviations(verifying) == [
        ("skipped", "2"),
        ("changed", "4"),
        ("added", "5a"),
        ("worked_around", "8"),
        ("not_needed", "9"),
    ]
    assert verifying.deviations[1].reason == "undo alone went to a broken revision"
    assert scenes.glass_broken().backout.deviations[0].kind == "reordered"


def test_an_added_step_stands_behind_all_that_belongs_to_the_one_before() -> None:
    story = begun()
    story.tell("StepAdded", 3, step="6a", title="Warm ap-south", after="6", command="warm", reason="three regions")
    story.tell("StepAdded", 4, step="6.1a", title="Look at it", after="6.1", reason="to be sure")
    order = list(story.backout.steps)
    assert order[order.index("6") :] == ["6", "6.1", "6.1a", "6.2", "6a", "7", "8", "9"]
    assert story.backout.steps["6.1a"].parent == "6"
    assert story.backout.steps["6a"].kind == "command"


def test_without_a_plan_adding_steps_deviates_from_nothing() -> None:
    assert scenes.empty_plan().backout.deviations == ()
    assert list(scenes.empty_plan().backout.steps) == ["1"]


def test_a_moved_step_keeps_its_number_and_a_group_takes_its_sub_steps_along() -> None:
    story = begun()
    story.tell("StepMoved", 3, step="3", after="7", reason="the batch has to run on")
    story.tell("StepMoved", 4, step="6", after="1", reason="caches first")
    assert list(story.backout.steps) == ["1", "6", "6.1", "6.2", "2", "4", "5", "7", "3", "8", "9"]
    assert deviations(story.backout) == [("moved", "3"), ("moved", "6")]


def test_a_manual_step_that_gets_a_command_becomes_one() -> None:
    story = begun()
    story.tell("StepChanged", 3, step="1", command="freeze --now", reason="the bot has an API")
    assert (story.backout.steps["1"].kind, story.backout.steps["1"].command) == ("command", "freeze --now")


def test_choosing_an_option_makes_the_steps_of_the_others_not_needed() -> None:
    story = night.optional()
    story.tell("OptionChosen", 4, option="A: roll back", reason="the image is there")
    assert states(story.backout) == {"1": "done", "B1": "not_needed"}
    assert deviations(story.backout) == []


def test_choosing_another_than_the_first_or_changing_the_choice_is_a_deviation() -> None:
    story = night.optional()
    story.tell("OptionChosen", 4, option="B: by hand", reason="the image is gone")
    assert states(story.backout) == {
        "1": "done",
        "A1": "not_needed",
        **dict.fromkeys(("A2", "A2.1", "A2.2"), "not_needed"),
    }
    story.tell("OptionChosen", 5, option="A: roll back", reason="it was found again")
    assert states(story.backout) == {"1": "done", "B1": "not_needed"}
    assert [one.reason for one in story.backout.deviations] == ["the image is gone", "it was found again"]


def test_what_a_person_called_not_needed_stays_so_when_its_option_is_chosen() -> None:
    story = night.optional()
    story.tell("StepNotNeeded", 3, step="A1", reason="it runs the old version already")
    story.tell("OptionChosen", 4, option="A: roll back", reason="the image is there")
    assert states(story.backout)["A1"] == "not_needed"


def test_a_condition_answered_no_is_no_deviation_and_touches_only_what_is_open() -> None:
    plan = Plan(
        parts=(Part("", "", (Step("1", "both", facts(only_if="it rains"), (), (Step("1.1", "a"), Step("1.2", "b"))),)),)
    )
    story = begun(plan)
    story.tell("StepDone", 3, step="1.1", note="")
    story.tell("ConditionAnswered", 4, step="1", answer="no")
    assert states(story.backout) == {"1": "done", "1.1": "done", "1.2": "not_needed"}
    assert deviations(story.backout) == []


def test_a_call_that_is_made_again_is_followed_up_no_more() -> None:
    first, second = scenes.step_running().backout.calls
    assert (first.name, first.follow_up) == ("release manager", None)
    assert (second.result, second.follow_up) == ("reached", None)


def test_a_message_sent_again_changes_only_those_who_were_told_again() -> None:
    story = night.told()
    story.send("M2", 45, {"payments lead": "sent"})
    states_now = {one.name: one.state for one in story.backout.messages["M2"].recipients}
    assert states_now == {"release manager": "sent", "payments lead": "sent", "ledger team": "in_doubt"}
    assert story.backout.messages["M2"].state == "in_doubt"


def test_a_message_whose_sending_never_began_or_was_lost_is_failed_or_in_doubt() -> None:
    for kind, expected in (("MessageNotStarted", "failed"), ("MessageInDoubt", "in_doubt")):
        story = night.decided()
        to = [{"name": "release manager", "address": "rm@example.org"}]
        begun_at = story.tell("MessageSending", 8, message="M1", recipients=to, subject="s", text="t")
        assert story.backout.messages["M1"].state == "sending"
        story.tell(kind, 9, message="M1", intent=begun_at.event_id)
        assert story.backout.messages["M1"].state == expected


def test_those_who_could_not_be_reached_at_all_are_among_the_failed() -> None:
    story = night.decided()
    to = [{"name": "release manager", "address": "rm@example.org"}]
    nobody = [{"name": "ledger team", "detail": "no email address"}]
    story.tell("MessageSending", 8, message="M1", recipients=to, unreachable=nobody, subject="s", text="t")
    recipients = {one.name: one.state for one in story.backout.messages["M1"].recipients}
    assert recipients == {"ledger team": "failed", "release manager": "queued"}


def test_a_check_that_could_not_be_judged_is_inconclusive() -> None:
    story = night.steps_done()
    began = story.tell("CheckStarted", 39, check="A", attempt=3, command="errors")
    story.tell("CheckFinished", 40, check="A", intent=began.event_id, attempt=3, result="failed", inconclusive=True)
    assert story.backout.checks["A"].verdict == "inconclusive"
    assert [one.verdict for one in story.backout.checks["A"].observations] == ["fail", "pass", "inconclusive"]


def test_a_rehearsal_only_shows() -> None:
    backout = scenes.rehearsal().backout
    assert (backout.live, backout.steps["2"].state, backout.steps["2"].attempts[0].state) == (False, S.DONE, "shown")
    assert backout.messages["M1"].state == "shown"


def test_the_controls_are_counted_and_belong_to_who_took_them_last() -> None:
    backout = scenes.observer().backout
    assert (backout.leases, backout.operator) == (2, KIM.name)
    assert backout.lease is not None
    assert backout.lease.number == 2


def test_a_thin_reason_is_kept_in_mind_until_it_is_completed() -> None:
    story = begun()
    thin = story.tell("StepSkipped", 3, step="2", reason="drained")
    story.tell("StepSkipped", 4, step="3", reason="there are no jobs tonight")
    assert list(story.backout.thin) == [thin.seq]
    story.tell("ReasonCompleted", 600, event=thin.seq, reason="the workers were drained at 02:50")
    assert list(story.backout.thin) == []


def test_an_event_of_a_newer_program_is_counted_and_never_an_error() -> None:
    story = begun()
    before = story.backout
    newer = story.tell("StepPaged", 3, step="1", whom=["sam"])
    after = fold.apply(before, newer)
    assert after.unknown_events == 1
    assert replace(after, unknown_events=0, seq=before.seq, hash=before.hash) == before
