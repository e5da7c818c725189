"""The specimen of a plan: what the form looks like, read whole and found good."""

from __future__ import annotations

from pathlib import Path

import pytest

from backout_tui.domain.checking.check import check_plan
from backout_tui.domain.plan.plan import Plan
from backout_tui.domain.plan.readiness import questions
from backout_tui.planfile.reading.reader import read_plan
from backout_tui.planfile.writing.writer import write_plan

SPECIMEN = Path(__file__).with_name("specimen.md")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return read_plan(SPECIMEN.read_text(encoding="utf-8"), "specimen.md")


def test_it_has_no_errors(plan: Plan) -> None:
    assert [finding for finding in check_plan(plan) if finding.severity == "error"] == []


def test_its_only_warnings_are_what_has_no_effect_yet(plan: Plan) -> None:
    assert {finding.rule for finding in check_plan(plan)} == {"not-acted-on"}


def test_it_answers_all_nine_questions(plan: Plan) -> None:
    assert [question.id for question in questions(plan) if question.answered] == [f"Q{n}" for n in range(1, 10)]


def test_its_top_is_read(plan: Plan) -> None:
    assert plan.title == "Backout plan: payments-api 4.12.0"
    assert plan.release == ("payments-api", "4.12.0")
    assert plan.fact("proxy") == "payments lead after 10 min"
    assert [fact.line for fact in plan.facts] == list(range(3, 13))


def test_its_steps_are_read(plan: Plan) -> None:
    first, second = plan.top_steps()
    assert (first.number, first.title, first.line, first.line_end) == ("1", "Freeze deployments", 26, 30)
    assert first.body == "Set the freeze in the deploy channel, and wait for the bot's answer."
    assert second.fact("point of no return") == "the new schema is dropped"
    (fence,) = second.commands
    assert (fence.language, fence.option("timeout"), fence.line, fence.line_end) == ("sh", "600", 37, 39)
    assert fence.text == 'kubectl -n "$NAMESPACE" rollout undo deployment/payments-api'
    assert second.expected == ("`successfully rolled out`",)


def test_its_checks_are_read(plan: Plan) -> None:
    assert [(check.letter, check.kind, check.fact("after"), check.line) for check in plan.checks] == [
        ("A", "http", "2", 45),
        ("B", "manual", None, 54),
    ]


def test_its_message_and_contacts_are_read(plan: Plan) -> None:
    (message,) = plan.messages
    assert (message.to, message.by, message.fact("when")) == (("stakeholders",), "email", "decision")
    assert message.text.split("\n")[:2] == ["Subject: Backing out {release}", ""]
    assert [contact.name for contact in plan.contacts if "stakeholders" in contact.groups] == [
        "release manager",
        "payments lead",
        "ledger team",
    ]
    assert plan.contacts[0].address("phone") == "+44 20 7946 0000"


def test_it_is_written_as_the_same_plan(plan: Plan) -> None:
    assert read_plan(write_plan(plan)) == plan
