"""Owners, contacts, estimates, contingencies, checks, variables, characters: what is a fault, and what is none."""

from __future__ import annotations

import pytest

from backout_tui.domain.checking.check import check_plan
from backout_tui.domain.checking.rules import RULES, by_name, table_markdown
from backout_tui.planfile.reading.reader import read_plan

TOP = "# T\n- release: a 1\n- returns to: 0\n"
PEOPLE = (
    "## Contacts\n| name | role | groups | reach |\n|---|---|---|---|\n"
    "| Ann | lead | ops | email:ann@example.org |\n| Bob | | ops | phone:1 |\n"
)


def found(text: str, top: str = TOP) -> list[tuple[str, str, str]]:
    """Rule, item and severity of all that is found but the reader's own remarks."""
    plan = read_plan(f"{top}{text}")
    said = {one.rule for one in plan.remarks}
    return [(one.rule, one.item, one.severity) for one in check_plan(plan) if one.rule not in said]


def command(script: str, *, language: str = "sh") -> str:
    """A plan with one command."""
    return f"## Steps\n### 1. One\n```{language}\n{script}\n```\n"


def check(body: str, title: str = "A. It is well") -> str:
    """A plan with one check."""
    return f"## Verification\n### {title}\n{body}\n"


@pytest.mark.parametrize(
    "owner", ["Ann", "ann", "lead", "ops", "Ann, Bob", "Ann and Bob", "Ann (with the others)", "Bob or the  lead"]
)
def test_an_owner_is_a_contact_a_role_or_a_group(owner: str) -> None:
    assert found(f"## Steps\n### 1. One\n- owner: {owner.replace('the  ', '')}\n{PEOPLE}") == []


@pytest.mark.parametrize(
    ("fact", "item"),
    [
        ("- authoriser: Cy", ""), ("- proxy: Cy after 10 min", ""), ("- performer: Cy, within 5 min", ""),
    ],
)  # fmt: skip
def test_whoever_answers_for_the_plan_is_a_contact(fact: str, item: str) -> None:
    assert found(PEOPLE, f"{TOP}{fact}\n") == [("unknown-owner", item, "warning")]
    assert found(PEOPLE, f"{TOP}{fact.replace('Cy', 'Ann')}\n") == []


def test_whoever_is_named_for_an_affected_service_is_a_contact() -> None:
    told = found(PEOPLE, f"{TOP}- affects: ledger (Cy), search (Ann)\n")
    assert [one for one in told if one[0] == "unknown-owner"] == [("unknown-owner", "", "warning")]


@pytest.mark.parametrize("reach", ["", "pigeon:1", "email:", "email:ann", "ann@example.org"])
def test_a_contact_that_nothing_reaches(reach: str) -> None:
    text = f"## Contacts\n| name | reach |\n|---|---|\n| Ann | {reach} |\n"
    assert found(text) == [("no-channel", "contact Ann", "error")]


@pytest.mark.parametrize("reach", ["email:a@example.org", "pager:7", "slack:#ops", "webhook:https://x.example/y"])
def test_a_contact_that_something_reaches(reach: str) -> None:
    assert found(f"## Contacts\n| name | reach |\n|---|---|\n| Ann | {reach} |\n") == []


def steps(*facts: str, window: str = "1h after deploy", more: str = "") -> list[tuple[str, str, str]]:
    """What is found in steps with these facts."""
    text = "".join(f"### {at}. Step\n{fact}\n\nDo it.\n" for at, fact in enumerate(facts, start=1))
    return found(f"## Steps\n{text}{more}", f"{TOP}- window: {window}\n")


def test_estimates_have_to_fit_the_window() -> None:
    assert steps("- estimate: 30 min", "- estimate: 30 min") == []
    assert steps("- estimate: 31 min", "- estimate: 30 min") == [("over-window", "", "error")]
    assert steps("- estimate: 30-50 min", "- estimate: 30 min") == [("over-window", "", "warning")]
    assert steps("- estimate: 9 h", window="a while") == []


def test_the_watches_have_to_fit_too_the_longest_in_any_case() -> None:
    watched = "## Verification\n### A. Well\n- watch: 31 min, every 30 s\n\nIt is.\n"
    assert steps("- estimate: 30 min", more=watched) == [("over-window", "", "error")]
    two = watched.replace("31", "20") + "### B. Good\n- watch: 20 min\n\nIt is.\n"
    assert steps("- estimate: 30 min", more=two) == [("over-window", "", "warning")]
    assert steps("- estimate: 30 min", more=watched.replace("- watch", "- when: before\n- watch")) == []


def test_of_exclusive_options_the_longest_counts() -> None:
    options = "### Option A: x\n#### A1. a\n- estimate: 40 min\n### Option B: y\n#### B1. b\n- estimate: 50 min\n"
    assert found(f"## Steps\n{options}", f"{TOP}- window: 1h after deploy\n") == []
    assert found(f"## Steps\n{options}", f"{TOP}- window: 45min after deploy\n") == [("over-window", "", "error")]


def test_an_estimate_of_a_group_covers_its_sub_steps() -> None:
    group = "## Steps\n### 1. a\n- estimate: 5 min\n#### 1.1 b\n### 2. c\n#### 2.1 d\n#### 2.2 e\n- estimate: 2 min\n"
    assert found(group, f"{TOP}- window: 1h after deploy\n") == [("no-estimate", "step 2.1", "warning")]
    assert found(group) == [], "without a window nothing has to fit"


def test_where_there_is_no_way_back_something_has_to_be_said() -> None:
    step = "## Steps\n### 1. One\n- irreversible\n"
    assert found(step) == [("no-contingency", "step 1", "error")]
    assert found(step.replace("irreversible", "irreversible: no")) == []
    assert found(f"{step}- if it fails: call Ann\n") == []
    assert found(f"{step}## If the backout fails\nCall Ann.\n") == []
    assert found(f"{step}## If the backout fails\nTBD\n") == [("no-contingency", "step 1", "error")]


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("All ten agree.", "A. Looked at"), ("", "A. Error rate below 0.2 %"), ("```sh\ntest -e x\n```", "A. x"),
        ("```sh\ncurl x | tee y\n```\nExpect: `ok`", "A. x"),
        ("```http\nGET http://x\nexpect: status = 200\n```", "A. x"),
        ("```bash\ncurl x | tee y\n```", "A. x"),
    ],
)  # fmt: skip
def test_a_check_that_asserts_something(body: str, title: str) -> None:
    assert found(check(body, title)) == []


@pytest.mark.parametrize(
    "body",
    ["", "TBD", "```sh\ncurl x || true\n```", "```http\nGET http://x\n```", "```sql url=DB\nselect 1\n```"],
)
def test_a_check_that_asserts_nothing(body: str) -> None:
    assert found(check(body)) == [("asserts-nothing", "check A", "error")]


def test_checks_of_a_list_are_their_own_criteria() -> None:
    assert found("## Verification\n- all is well\n") == []


@pytest.mark.parametrize(
    "use",
    [
        "### 1. Type $TAG",
        "### 1. x\n\nSet TAG.",
        "### 1. x\n- on: ${TAG}\n",
        "### 1. x\n```sh\necho ${TAG%x}\n```",
    ],
)
def test_a_variable_is_used_wherever_it_is_named(use: str) -> None:
    assert found(f"## Variables\n- TAG: 1\n## Steps\n{use}\n") == []


def test_a_variable_that_a_query_or_a_message_names_is_used() -> None:
    query = "```sql url=DB\nselect 1\nexpect: rows = 1\n```"
    assert found(f"## Variables\n- DB: x\n{check(query)}") == []
    message = f"## Communication\n### Hi\n- to: Ann\n> {{TAG}}\n{PEOPLE}"
    assert found(f"## Variables\n- TAG: 1\n{message}") == []


def test_a_variable_that_programs_look_for_by_themselves_is_used() -> None:
    assert found("## Variables\n- PGPASSWORD (secret)\n") == []


@pytest.mark.parametrize("script", ['echo "$HOME $KUBECONFIG"', "echo $AWS_PROFILE", "for i in 1; do echo $i; done"])
def test_what_the_environment_or_the_script_sets_is_set(script: str) -> None:
    assert found(command(script)) == []


def test_what_a_step_captures_is_set() -> None:
    capture = "## Steps\n### 1. One\n- capture: POD\n```sh\nfoo\n```\n### 2. Two\n```sh\nbar $POD\n```\n"
    assert [one for one in found(capture) if one[0] != "not-acted-on"] == []


@pytest.mark.parametrize(
    ("script", "rule"),
    [
        ("echo ‘a’", "curly-quote"), ("echo \u201ca\u201d", "curly-quote"), ("ls \u2013la", "confusable-character"),
        ("kubectl \u2014namespace x", "confusable-character"), ("ls\u00a0x", "confusable-character"),
        ("de\u0440loy x", "confusable-character"), ("ｌs", "confusable-character"), ("ls \u202etxt", "bidi-character"),
        ("ls x\u200by", "confusable-character"), ("\u0441\u0440 a b", "confusable-character"),
    ],
)  # fmt: skip
def test_a_character_that_is_not_what_it_looks_like(script: str, rule: str) -> None:
    assert [one[0] for one in found(command(script))] == [rule]


@pytest.mark.parametrize(
    "script",
    ["echo 'Grüße \u2013 für alle'", "# a \u201cquoted\u201d \u2013word", "echo Привет", "echo 日本", "echo a \u2026"],
)
def test_characters_that_are_meant(script: str) -> None:
    assert found(command(script)) == []


def test_the_rules_make_a_table_for_the_documentation() -> None:
    lines = table_markdown().split("\n")
    assert len(lines) == len(RULES) + 2
    assert len(by_name()) == len(RULES)
    assert all(line.count("|") == 4 for line in lines)
    assert "| `never-ends` | error | a command that does not end by itself |" in lines
