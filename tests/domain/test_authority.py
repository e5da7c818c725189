"""Who may decide, and from when: the authoriser, after the plan's waiting time the proxy, and anybody, marked."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest

from backout_tui.domain.backout.choices import DecisionKind
from backout_tui.domain.backout.state import Backout, Decision
from backout_tui.domain.plan.plan import Contact, Fact, Plan
from backout_tui.domain.rules import authority
from backout_tui.domain.rules.outstanding import left_open
from backout_tui.domain.values import replace
from tests import night
from tests.sample_plan import PLAN, facts
from tests.story import Story, at


def plan_with(**given: str) -> Plan:
    """The plan of the scenes with these facts in the place of its own; "" takes one away."""
    said = {key.replace("_", " "): value for key, value in given.items()}
    kept = [fact for fact in PLAN.facts if fact.key not in said]
    return replace(PLAN, facts=(*kept, *(Fact(key, value) for key, value in said.items() if value)))


def with_problem(plan: Plan) -> Story:
    """One problem, logged at 03:01."""
    story = Story()
    story.open(plan)
    story.tell("ProblemLogged", 1, problem="P1", title="5xx", severity="critical", kind="fault")
    return story


def who(backout: Backout, minute: float) -> str:
    """Who may decide then, in words."""
    return authority.who_words(authority.standing(backout), at(minute))


def test_nobody_was_tried_so_one_waits_from_the_first_problem() -> None:
    assert who(Story().backout, 0) == "anybody: the plan names no authoriser"
    fresh = night.opened().backout
    assert who(fresh, 0) == "release manager; payments lead 10 min after a call without an answer"
    backout = with_problem(PLAN).backout
    assert who(backout, 2) == "release manager; payments lead from 03:11"
    assert authority.since_words(authority.standing(backout), at(2)).endswith("03:01 (the first problem was logged)")


@pytest.mark.parametrize("result", ["voicemail", "no-answer"])
def test_the_first_call_that_reached_nobody_starts_the_time_and_a_later_one_does_not_start_it_anew(result: str) -> None:
    story = with_problem(PLAN)
    story.tell("CallLogged", 4, call="C1", name="Release  Manager", result=result)
    story.tell("CallLogged", 7, call="C2", name="release manager", result=result)
    assert authority.standing(story.backout).proxy_from == at(14)
    assert who(story.backout, 13.9) == "release manager; payments lead from 03:14"
    assert who(story.backout, 14) == "release manager or payments lead"


def test_a_call_to_somebody_else_is_no_try() -> None:
    story = with_problem(PLAN)
    story.tell("CallLogged", 4, call="C1", name="ledger team", result="voicemail")
    assert authority.standing(story.backout).since == at(1)


def test_a_message_that_left_to_them_is_a_try_and_one_that_failed_is_none() -> None:
    story = with_problem(PLAN)
    story.send("M1", 3, {"release manager": "failed", "payments lead": "sent"})
    assert authority.standing(story.backout).since == at(1)
    story.send("M1", 5, {"release manager": "sent"})
    assert authority.standing(story.backout).since == at(5.1)
    assert "written to: “Started”" in authority.since_words(authority.standing(story.backout), at(6))


def test_once_they_are_reached_no_time_runs_until_they_are_missed_again() -> None:
    story = with_problem(PLAN)
    story.tell("CallLogged", 2, call="C1", name="release manager", result="no-answer")
    story.tell("CallLogged", 5, call="C2", name="release manager", result="reached")
    now = authority.standing(story.backout)
    assert (now.since, now.reached) == (None, at(5))
    assert authority.call_words(now, at(30)) == "ask release manager, reached at 03:05"
    assert not now.proxy_may(at(300))
    story.tell("CallLogged", 20, call="C3", name="release manager", result="voicemail")
    assert authority.standing(story.backout).proxy_from == at(30)


def test_a_member_of_the_group_that_decides_is_the_authoriser() -> None:
    plan = replace(
        plan_with(authoriser="deciders"),
        contacts=(Contact("ada", groups=("Deciders",)), Contact("bob", "development")),
    )
    story = with_problem(plan)
    story.tell("CallLogged", 4, call="C1", name="Ada", result="voicemail")
    assert authority.standing(story.backout).since == at(4)
    assert authority.role_of(plan, "ada") == authority.AUTHORISER
    assert authority.role_of(plan, "bob") == authority.OTHER


def test_of_several_authorisers_each_one_may() -> None:
    plan = replace(plan_with(authoriser="release manager, head of operations"), contacts=())
    assert who(with_problem(plan).backout, 2) == "release manager or head of operations; payments lead from 03:11"
    assert authority.role_of(plan, "head of operations") == authority.AUTHORISER


def test_without_a_waiting_time_or_an_authoriser_the_proxy_waits_for_nobody() -> None:
    assert who(with_problem(plan_with(proxy="payments lead")).backout, 1) == "release manager or payments lead"
    alone = replace(plan_with(authoriser=""), contacts=())
    assert who(with_problem(alone).backout, 1) == "payments lead"
    assert authority.early_s(with_problem(alone).backout, "payments lead", at(1)) == 0


@pytest.mark.parametrize("proxy", ["payments lead after ten minutes or so", "payments lead after -"])
def test_a_waiting_time_that_cannot_be_read_is_none(proxy: str) -> None:
    assert authority.proxy_wait_s(plan_with(proxy=proxy)) == 0


def test_the_hour_is_that_of_the_one_who_looks() -> None:
    moment = at(2).astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert authority.who_words(authority.standing(with_problem(PLAN).backout), moment).endswith("from 08:41")


@pytest.mark.parametrize(
    ("name", "minute", "early", "words"),
    [
        ("payments lead", 5, 360, "the proxy, 6 min before their time"),
        ("Payments Lead", 10.5, 30, "the proxy, 30 s before their time"),
        ("payments lead", 11, 0, "the proxy"),
        ("release manager", 5, 0, ""),
        ("kim", 5, 0, "not the named authoriser"),
    ],
)
def test_a_decision_before_the_proxys_time_is_marked_with_how_much(
    name: str, minute: float, early: int, words: str
) -> None:
    backout = with_problem(PLAN).backout
    assert authority.early_s(backout, name, at(minute)) == early
    assert authority.decider_words(authority.role_of(PLAN, name), early) == words


def test_a_proxy_who_decides_while_the_authoriser_is_at_the_phone_is_early_by_the_whole_time() -> None:
    story = with_problem(PLAN)
    story.tell("CallLogged", 2, call="C1", name="release manager", result="reached")
    assert authority.early_s(story.backout, "payments lead", at(60)) == 600


def test_the_proxy_is_no_authoriser_whatever_their_role_says() -> None:
    plan = replace(PLAN, contacts=(Contact("payments lead", "authoriser at night"),))
    assert authority.role_of(plan, "payments lead") == authority.PROXY


def test_the_question_names_the_release_and_the_problems_that_are_open() -> None:
    story = night.with_problems()
    story.tell("ProblemResolved", 4, problem="P2")
    assert authority.question(story.backout) == "Back payments-api 4.12.0 out of production? P1 5xx on /charge"
    assert authority.question(Backout(1)) == "Back this release out? No problem is logged."


@pytest.mark.parametrize(
    ("by", "recorded_by", "agreed", "unsaid"),
    [
        ("release manager", "sam", "", True),
        ("release manager", "sam", "by phone", False),
        (" Sam", "sam", "", False),
        ("release manager", "", "", False),
    ],
)
def test_how_somebody_else_agreed_has_to_be_said_by_the_close(
    by: str, recorded_by: str, agreed: str, unsaid: bool
) -> None:
    decision = Decision(
        DecisionKind.BACK_OUT, by, "errors everywhere now", at(0), agreed=agreed, recorded_by=recorded_by
    )
    assert authority.agreement_unsaid(decision) is unsaid
    listed = left_open(Backout(1, decision=decision))
    assert (f"how {by} agreed was not said" in listed) is unsaid


def test_a_decision_of_an_older_log_keeps_its_meaning_and_one_anew_keeps_the_one_before() -> None:
    story = with_problem(PLAN)
    story.tell("Decided", 5, kind="fix-forward", by="kim", reason="one line to fix", named_authoriser=False)
    first = story.backout.decision
    assert first is not None
    assert (first.question, first.role, first.early_s, first.recorded_by) == ("", "", 0, "sam")
    story.tell("Decided", 9, kind="back-out", by="kim", reason="it was not it", named_authoriser=False)
    assert story.backout.revised == (first,)
    assert story.backout.backs_out


def test_facts_are_as_the_plan_writes_them() -> None:
    assert authority.proxy_wait_s(Plan(facts=facts(proxy="Ann Afterwood after 1 h 30 min"))) == 5400
