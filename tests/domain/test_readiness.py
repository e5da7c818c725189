"""The nine questions: answered only by what the plan says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from backout_tui.domain.plan.plan import Plan
from backout_tui.domain.plan.readiness import questions, says_something
from backout_tui.planfile.reading.reader import read_plan
from tests.campaigns.counts import examples
from tests.planfile.plans import plans

OPTIONS = "## Steps\n### Option A: a\n#### A1. x (5 min)\n### Option B: b\n#### B1. y (9 min)\n"


def answers(text: str) -> dict[str, str]:
    return {question.id: question.answer for question in questions(read_plan(text)) if question.answered}


def test_an_empty_plan_answers_nothing_and_is_asked_all_nine() -> None:
    asked = questions(Plan())
    assert [question.id for question in asked] == [f"Q{number}" for number in range(1, 10)]
    assert not any(question.answered for question in asked)
    assert all(question.text.endswith("?") and question.title for question in asked)


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        ("## When to back out\n- errors\n- a mismatch\n", "Q1", "errors; a mismatch"),
        ("## When the release is a success\nIt is calm for an hour.\n", "Q1", "It is calm for an hour."),
        ("# T\n- window: 2h after deploy\n", "Q2", "2h after deploy"),
        ("# T\n- authoriser: release manager\n", "Q3", "release manager"),
        ("# T\n- performer: Ann, within 10 min\n", "Q4", "Ann, within 10 min"),
        ("## Steps\n### 1. a\n- owner: Ann\n### 2. b\n- owner: Bob\n### 3. c\n- owner: Ann\n", "Q4", "Ann, Bob"),
        ("## Steps\n### 1. a\n### 2. b\n```sh\nx\n```\n", "Q5", "2 steps: 1 manual, 1 with commands"),
        (OPTIONS, "Q5", "2 steps in 2 options: 2 manual, 0 with commands"),
        (OPTIONS, "Q7", "each step has its estimate"),
        ("## If the backout fails\nStop all writers.\n", "Q6", "Stop all writers."),
        ("## Steps\n### 1. a\n- if it fails: call Ann\n", "Q6", "step 1: call Ann"),
        ("# T\n- expected time: 20 min\n", "Q7", "20 min"),
        ("## Steps\n### 1. a\n- estimate: 5-8 min\n### 2. b\n- estimate: 2 min\n", "Q7", "7 min to 10 min"),
        ("## Steps\n### 1. a\n- estimate: 5 min\n", "Q7", "5 min"),
        ("## Communication\n### Started\n- to: all, Ann\n> x\n", "Q8", "Started → all, Ann by email"),
        ("## Rehearsals\n- 2026-11-18: passed in 24 min\n", "Q9", "2026-11-18: passed in 24 min"),
    ],
)  # fmt: skip
def test_what_the_plan_says_answers(text: str, question: str, answer: str) -> None:
    assert answers(text).get(question) == answer


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("## When to back out\n", "Q1"),
        ("## When to back out\n- {+ the criteria +}\n- TBD\n", "Q1"),
        ("## When to back out\n<!-- Describe\nwhen -->\n", "Q1"),
        ("# T\n- window:\n", "Q2"),
        ("# T\n- authoriser: <name>\n", "Q3"),
        ("# T\n- authoriser: N/A\n", "Q3"),
        ("## Steps\n### 1. a\n- owner: Ann\n### 2. b\n", "Q4"),
        ("## Steps\nDo what you can.\n", "Q5"),
        ("## Steps\n1. {+ step 1 +}\n2. TODO\n", "Q5"),
        ("## If the backout fails\nNot applicable.\n", "Q6"),
        ("## Steps\n### 1. a\n- estimate: 5 min\n### 2. b\n", "Q7"),
        ("## Steps\n### 1. a\n- estimate: soon\n", "Q7"),
        ("## Communication\n### Started\n> x\n", "Q8"),
        ("## Rehearsals\nNone.\n", "Q9"),
    ],
)
def test_template_text_gaps_and_half_answers_are_no_answers(text: str, question: str) -> None:
    assert question not in answers(text)


def test_a_plan_for_which_nothing_can_be_done_still_answers_what_then() -> None:
    assert set(answers("# T\n## Steps\n## If the backout fails\nFix forward, with Ann.\n")) == {"Q6"}


@pytest.mark.parametrize(
    "text", ["", "  ", "-", "TBD", "n/a", "*N/A*", "None.", "{+ x +}", "<!-- x -->", "...", "[NAME]"]
)
def test_some_texts_say_nothing(text: str) -> None:
    assert not says_something(text)


@pytest.mark.parametrize("text", ["none of the above", "2 h", "errors\nTBD", "x", "否"])
def test_others_do(text: str) -> None:
    assert says_something(text)


@settings(deadline=None, max_examples=examples(few=15))
@given(plans())
def test_an_answer_is_made_of_the_plans_own_words(plan: Plan) -> None:
    by_id = {question.id: question.answer for question in questions(plan)}
    assert by_id["Q2"] in ("", plan.fact("window"))
    assert by_id["Q3"] in ("", plan.fact("authoriser"))
    assert not by_id["Q9"] or plan.rehearsals is not None
    assert bool(by_id["Q5"]) <= bool(plan.parts)
