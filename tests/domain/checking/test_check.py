"""What `plan check` finds beyond the reader's remarks: who gets a message, and what has no value."""

from __future__ import annotations

from hypothesis import given, settings

from backout_tui.domain.checking.check import check_plan
from backout_tui.domain.checking.rules import by_name
from backout_tui.domain.plan.plan import Plan
from backout_tui.planfile.reading.reader import read_plan
from backout_tui.planfile.writing.writer import write_plan
from tests.campaigns.counts import examples
from tests.planfile.plans import plans

TOP = "# T\n- release: a 1\n- returns to: 0\n"
CONTACTS = (
    "## Contacts\n| name | groups | reach |\n|---|---|---|\n"
    "| Ann | all | email:ann@example.org |\n| Bob | all | phone:+1 555 |\n| Cy | | pager:7 |\n"
)


def found(text: str) -> list[tuple[str, str]]:
    """Rule and item of all that is found, but what has no effect yet (pagers)."""
    told = check_plan(read_plan(f"{TOP}{text}"))
    return [(finding.rule, finding.item) for finding in told if finding.rule != "not-acted-on"]


def message(to: str, by: str = "email") -> str:
    return f"## Communication\n### Hi\n- to: {to}\n- by: {by}\n> x\n{CONTACTS}"


def test_recipients_are_contacts_or_groups_whatever_their_case() -> None:
    assert found(message("ann")) == []
    assert found(message("Ann, nobody")) == [("unknown-recipient", "message Hi")]


def test_everybody_in_a_group_must_be_reachable_by_the_messages_channel() -> None:
    assert found(message("all")) == [("unreachable", "contact Bob")]


def test_a_call_needs_a_telephone_and_a_page_a_pager() -> None:
    assert found(message("Bob", "call")) == []
    assert found(message("Cy", "page")) == []
    assert found(message("Ann", "call")) == [("unreachable", "contact Ann")]


def test_one_who_cannot_be_reached_is_said_once_for_all_messages() -> None:
    text = message("Bob").replace("## Contacts", "### Done\n- to: all\n> y\n## Contacts")
    assert found(text) == [("unreachable", "contact Bob")]


def test_a_role_is_no_recipient() -> None:
    text = "## Communication\n### Hi\n- to: lead\n> x\n## Contacts\n| name | role | reach |\n|---|---|---|\n"
    text += "| Ann | lead | email:ann@example.org |\n"
    assert found(text) == [("unknown-recipient", "message Hi")]


def test_values_that_come_later_are_no_gaps() -> None:
    variables = "- A (secret)\n- B (asked at start)\n- C (asked when needed)\n"
    assert found(f"## Variables\n{variables}## Steps\n### 1. x\nType $A, $B and $C.\n") == []


def test_findings_stand_in_the_order_of_the_document() -> None:
    text = message("nobody") + "## Variables\n- TAG:\n## Steps\n### 1. x\n- estimate: soon\n"
    lines = [finding.line for finding in check_plan(read_plan(f"{TOP}{text}"))]
    assert lines == sorted(lines)


def test_a_finding_in_a_sub_step_names_the_sub_step() -> None:
    steps = "## Steps\n### 1. a\n#### 1.1 b\n- estimate: soon\n#### 1.2 c\n##### 1.2.1 d\n- estimate: later\n"
    assert found(steps) == [("estimate-form", "step 1.1"), ("estimate-form", "step 1.2.1")]


@settings(deadline=None, max_examples=examples(few=15))
@given(plans())
def test_every_finding_of_every_plan_is_of_a_known_rule(plan: Plan) -> None:
    for finding in check_plan(read_plan(write_plan(plan))):
        assert finding.severity in (by_name()[finding.rule].severity, "warning")
        assert finding.message
