"""Whatever a plan says that nothing acts on is found at its line, and what has an effect is not."""

from __future__ import annotations

import pytest

from backout_tui.domain.checking.check import check_plan
from backout_tui.domain.plan.planfacts import TABLE, FactKey
from backout_tui.planfile.reading.reader import read_plan

TOP = "# T\n- release: a 1\n- returns to: 0\n"
RUNS = "\n```sh\ntrue\n```\n"


def told(text: str, top: str = TOP) -> list[tuple[int, str]]:
    """Line and words of what has no effect."""
    found = check_plan(read_plan(f"{top}{text}"), f"{top}{text}")
    return [(one.line, one.message) for one in found if one.rule == "not-acted-on"]


HOMES = {
    "plan": "- {fact}\n",
    "part": "## Steps\n### Phase: x\n- {fact}\n#### 1. One\n" + RUNS,
    "step": "## Steps\n### 1. One\n- {fact}\n" + RUNS,
    "check": "## Verification\n### A. One\n- {fact}\n" + RUNS,
    "message": "## Communication\n### Hi\n- {fact}\n> x\n",
}
VALUES = {"watch": "10 min, every 30 s", "baseline": "+- 10 %", "by": "email", "when": "before", "required": "yes"}
ONLY_SHOWN = {("step", "on"), ("step", "as"), ("step", "optional")}
"""What the table acts on, and a step with a command and no group above it does not."""


@pytest.mark.parametrize(
    "entry", [one for one in TABLE if one.place in HOMES], ids=lambda one: f"{one.place} {one.key}"
)
def test_every_fact_of_the_table_has_an_effect_or_is_said_to_have_none(entry: FactKey) -> None:
    value = "start" if (entry.place, entry.key) == ("message", "when") else VALUES.get(entry.key, "x")
    lines = told(HOMES[entry.place].format(fact=f"{entry.key}: {value}"))
    without = not entry.acted_on or (entry.place, entry.key) in ONLY_SHOWN
    assert len(lines) == without, lines
    assert all(f"`{entry.key}`" in words for _, words in lines)


@pytest.mark.parametrize("channel", ["slack", "page", "ops-chat", "sms", "teams"])
def test_a_channel_that_nothing_sends_by_is_said(channel: str) -> None:
    ((line, words),) = told(f"## Communication\n### Hi\n- to: Ann\n- by: {channel}\n> x\n")
    assert line == 7
    assert f"`by: {channel}`" in words


@pytest.mark.parametrize("channel", ["email", "Email", "phone", "call"])
def test_mail_and_calls_have_an_effect(channel: str) -> None:
    assert told(f"## Communication\n### Hi\n- to: Ann\n- by: {channel}\n> x\n") == []


def test_the_host_and_the_user_of_a_step_by_hand_are_for_people_to_read() -> None:
    assert told("## Steps\n### 1. One\n- on: db-1\n- as: postgres\nLook.\n") == []
    ((line, words),) = told(f"## Steps\n### 1. One\n- on: db-1\n#### 1.1 Two\n{RUNS}")
    assert (line, words) == (6, "`on` is only shown: the command runs on this host")


@pytest.mark.parametrize("fact", ["keep going", "safe to repeat", "rehearse: run"])
def test_what_is_about_a_command_needs_one(fact: str) -> None:
    assert [line for line, _ in told(f"## Steps\n### 1. One\n- {fact}\nLook.\n")] == [6]
    assert told(f"## Steps\n### 1. One\n- {fact}\n{RUNS}") == []


def test_one_rehearsal_command_is_for_one_command() -> None:
    assert told(f"## Steps\n### 1. One\n- rehearse: ./x --dry-run\n{RUNS}") == []
    assert told(f"## Steps\n### 1. One\n- rehearse: run\n{RUNS}{RUNS}") == []
    assert [line for line, _ in told(f"## Steps\n### 1. One\n- rehearse: ./x --dry-run\n{RUNS}{RUNS}")] == [6]


def test_optional_is_for_a_part_of_a_required_step() -> None:
    assert told(f"## Steps\n### 1. One\n- required\n#### 1.1 Two\n- optional\n{RUNS}") == []
    assert [line for line, _ in told(f"## Steps\n### 1. One\n#### 1.1 Two\n- optional\n{RUNS}")] == [7]


def test_an_option_of_a_fence_is_the_time_that_it_may_take() -> None:
    assert told("## Steps\n### 1. One\n```sh timeout=5\ntrue\n```\n") == []
    ((line, words),) = told("## Steps\n### 1. One\n```sh retries=5\ntrue\n```\n")
    assert (line, "`retries=5`" in words) == (6, True)


def test_a_fence_that_the_kind_of_its_check_leaves_out_is_said() -> None:
    text = f"## Verification\n### A. One\n{RUNS}\n```http\nGET http://x\nexpect: status = 200\n```\n"
    assert [line for line, _ in told(text)] == [11]


def test_a_check_before_the_backout_waits_for_no_step() -> None:
    text = f"## Steps\n### 1. One\n{RUNS}\n## Verification\n### A. Two\n- after: 1\n- when: {{when}}\n{RUNS}"
    assert [line for line, _ in told(text.format(when="before"))] == [13]
    assert told(text.format(when="after")) == []


def test_a_way_to_reach_somebody_that_nothing_uses_is_said() -> None:
    rows = "| Ann | email:a@example.org, phone:1 |\n| Bo | slack:@bo, phone:2 |\n"
    table = f"## Contacts\n| name | reach |\n|---|---|\n{rows}"
    ((line, words),) = told(table)
    assert (line, "`slack:`" in words) == (8, True)


@pytest.mark.parametrize("title", ["When to back out", "When the release is a success"])
def test_the_check_below_a_criterion_is_said(title: str) -> None:
    text = f"## {title}\n- errors above 2 %\n\n  ```promql url=P\n  errors\n  expect: value > 2\n  ```\n- lost data\n"
    assert [line for line, _ in told(text)] == [7]
    assert told(f"## {title}\n- errors above 2 %\n") == []


@pytest.mark.parametrize("title", ["Before you start", "Risks", "If the backout fails", "After the backout"])
def test_a_command_in_a_section_of_prose_is_said(title: str) -> None:
    assert [line for line, _ in told(f"## {title}\n- look\n\n```sh\nls\n```\n")] == [7]
    assert told(f"## {title}\n- look\n") == []


def test_required_no_is_what_it_says() -> None:
    plan = read_plan(f"{TOP}## Verification\n### A. One\n- required: no\n{RUNS}### B. Two\n- required\n{RUNS}")
    assert [check.required for check in plan.checks] == [False, True]
