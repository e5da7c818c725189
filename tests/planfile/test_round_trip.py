"""What is written is read again as it was; and no text is too odd to be read."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backout_tui.domain.checking.check import check_plan
from backout_tui.domain.codec import decode, encode
from backout_tui.domain.plan.plan import Plan
from backout_tui.domain.plan.readiness import questions
from backout_tui.planfile.reading.reader import read_plan
from backout_tui.planfile.writing.writer import write_plan
from backout_tui.reports.plan_json import check_json, plan_json
from tests.campaigns.counts import examples
from tests.planfile.plans import plans
from tests.planfile.scraps import documents, plain_documents

SLOW = settings(
    deadline=None, max_examples=examples(), suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@SLOW
@given(plans())
def test_a_plan_that_is_written_is_read_as_it_was(plan: Plan) -> None:
    text = write_plan(plan)
    assert read_plan(text) == plan
    assert write_plan(read_plan(text)) == text


@settings(SLOW, max_examples=examples(few=10))
@given(plans())
def test_a_plan_survives_the_log(plan: Plan) -> None:
    """What opens a backout carries the plan as JSON: it is the same plan afterwards, remarks and lines included."""
    read = read_plan(write_plan(plan))
    again = decode(Plan, json.loads(json.dumps(encode(read))))
    assert again == read
    assert again.remarks == read.remarks
    assert [step.line for step in again.top_steps()] == [step.line for step in read.top_steps()]


@settings(SLOW, max_examples=examples(few=60), derandomize=True)
@given(plain_documents())
def test_scraps_of_markdown_in_any_order_are_read_and_keep_their_meaning_when_written(text: str) -> None:
    plan = read_plan(text, "plan.md")
    assert read_plan(write_plan(plan)) == plan


@SLOW
@given(documents())
def test_what_is_said_about_scraps_points_into_the_document(text: str) -> None:
    plan = read_plan(text, "plan.md")
    count = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    assert all(1 <= remark.line <= count and remark.message for remark in plan.remarks)
    assert all(1 <= step.line <= step.line_end <= count for step in plan.top_steps())
    json.dumps([plan_json(plan), check_json(check_plan(plan), questions(plan))])


@SLOW
@given(documents())
def test_names_of_steps_checks_and_messages_are_given_once(text: str) -> None:
    plan = read_plan(text)
    for names in (
        [step.number for step in plan.top_steps()],
        [check.letter for check in plan.checks],
        [message.title for message in plan.messages],
    ):
        assert len(names) == len(set(names))


@SLOW
@given(st.one_of(st.text(), st.text(st.characters(categories=["Cc", "Cs", "Zl", "Zp", "Cf"]))))
def test_any_text_is_a_plan(text: str) -> None:
    check_plan(read_plan(text))


def test_line_breaks_in_what_a_program_made_do_not_become_structure() -> None:
    from backout_tui.domain.plan.plan import Contact, Fact, Part, Step, Variable

    step = Step("1", "one\n## Risks", (Fact("owner", "a\n- estimate: 9 min"),))
    plan = Plan(
        "a\n# b",
        parts=(Part("", "", (step,)),),
        contacts=(Contact("x\ny |"),),
        variables=(Variable("A", "1\n- B: 2"),),
    )
    read = read_plan(write_plan(plan))
    assert read.risks is None
    assert [one.title for one in read.top_steps()] == ["one ## Risks"]
    assert [one.name for one in read.contacts] == ["x y |"]
    assert [one.value for one in read.variables] == ["1 - B: 2"]
