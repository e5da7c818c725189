"""What `plan check` says of items, tries and captures."""

from __future__ import annotations

import pytest

from backout_tui.domain.checking.check import check_plan
from backout_tui.planfile.reading.reader import read_plan

TOP = "# Backout plan: a 1\n- release: a 1\n- returns to: 0\n"
COMMAND = "```sh\ntrue\n```\n"


def found(text: str) -> list[tuple[str, int, str]]:
    """Rule, line and item of every finding."""
    return [(one.rule, one.line, one.item) for one in check_plan(read_plan(TOP + text), TOP + text)]


@pytest.mark.parametrize(
    "step",
    [
        f"- for each: a, b\n- until: every 1 s, at most 9 s\n- capture: POD\n{COMMAND}",
        f"- until: every 1 s, at most 9 s\n- capture: POD\n{COMMAND}{COMMAND}",
        "- for each: a, b\n",
        '- for each: a, b\n```sh\necho "$ITEM"\n```\n#### 1.1 Inner\n```sh\necho "$ITEM"\n```\n',
    ],
)
def test_nothing_is_found_where_nothing_is_wrong(step: str) -> None:
    assert found(f"## Steps\n### 1. One\n{step}") == []


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ("- until: every 1 s, at most 9 s", "until-form"),
        ("- until: every 1 s, at most 9 s\n#### 1.1 Inner\n```sh\ntrue\n```", "until-form"),
        ("- capture: POD", "capture-form"),
        ("- capture: A B\n```sh\ntrue\n```", "capture-form"),
        ("- for each: a b", "for-each-form"),
    ],
)
def test_what_no_command_can_do_is_found_where_it_is_said(facts: str, rule: str) -> None:
    assert found(f"## Steps\n### 1. One\n{facts}\n") == [(rule, 6, "step 1")]


def test_a_secret_that_would_be_captured_is_found() -> None:
    later = '### 2. Two\n```sh\necho "$POD_TOKEN"\n```\n'
    steps = f"## Steps\n### 1. One\n- capture: POD_TOKEN\n{COMMAND}{later}"
    assert ("capture-form", 8, "step 1") in found(f"## Variables\n- POD_TOKEN (secret)\n{steps}")


def test_a_variable_whose_step_does_not_capture_it_is_found() -> None:
    steps = f"## Steps\n### 1. One\n{COMMAND}### 2. Two\n```sh\necho $POD\n```\n"
    assert found(f"## Variables\n- POD (captured by 1)\n{steps}") == [("capture-form", 5, "variable POD")]
    right = steps.replace("### 1. One\n", "### 1. One\n- capture: POD\n")
    assert found(f"## Variables\n- POD (captured by 1)\n{right}") == []


def test_an_item_is_known_in_its_own_step_alone() -> None:
    loop = '## Steps\n### 1. One\n- for each: a, b\n```sh\necho "$ITEM"\n```\n### 2. Two\n```sh\necho "$ITEM"\n```\n'
    assert found(loop) == [("unset-variable", 12, "step 2")]


def test_a_step_may_wait_for_an_item() -> None:
    loop = "## Steps\n### 1. One\n- for each: a, b\n### 2. Two\n- waits for: 1[a]\n"
    assert found(loop) == []
    assert [one[0] for one in found(loop.replace("1[a]", "1[c]"))] == ["unknown-step"]
