"""Silences: what a plan asks not to be told of, by its own text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backout_tui.domain.checking.check import checked, found_in
from backout_tui.domain.checking.finding import Checked
from backout_tui.domain.plan.plan import Plan
from backout_tui.planfile.reading.read_silences import silenced_text
from backout_tui.planfile.reading.reader import read_plan
from backout_tui.planfile.writing.writer import write_plan
from tests.campaigns.counts import examples
from tests.domain.checking.planted import PLANTED, VALID
from tests.planfile.plans import plans


def judged(text: str, **how: Any) -> Checked:
    """What is told and what is silenced."""
    plan = read_plan(text)
    return checked(plan, found_in(plan, text), **how)


def told(text: str) -> list[tuple[str, str]]:
    """Rule and item of what is told."""
    return [(one.rule, one.item) for one in judged(text).findings]


FINDABLE = [rule for rule in PLANTED if not rule.startswith("silence-")]


@pytest.mark.parametrize("rule", FINDABLE)
def test_a_finding_is_silenced_at_its_item_with_a_reason(rule: str) -> None:
    fault = PLANTED[rule]
    found = judged(silenced_text(fault.text, rule, fault.item, "it is meant so"))
    assert found.findings == ()
    assert [(one.finding.rule, one.finding.item, one.reason) for one in found.silenced] == [
        (rule, fault.item, "it is meant so")
    ]


def test_without_an_item_the_item_is_the_one_whose_lines_hold_it() -> None:
    text = PLANTED["no-estimate"].text
    inside = text.replace("Set the freeze", "<!-- silence no-estimate: the bot decides -->\nSet the freeze")
    elsewhere = text.replace("### 2. Roll", "### 2. Roll").replace(
        "```bash timeout", "<!-- silence no-estimate: the bot decides -->\n\n```bash timeout"
    )
    assert told(inside) == []
    assert told(elsewhere) == [("no-estimate", "step 1"), ("silence-unused", "step 2")]


def test_another_rule_or_item_is_told_as_before() -> None:
    text = PLANTED["no-estimate"].text
    for rule, item in (("no-contingency", "step 1"), ("no-estimate", "step 2")):
        assert ("no-estimate", "step 1") in told(silenced_text(text, rule, item, "why not"))


def test_a_title_with_colons_is_known_as_the_item_that_it_is() -> None:
    text = VALID.replace("### Started", "### Started: at: once").replace("- to: stakeholders", "- to: nobody")
    untold = ("affected-untold", "")
    assert told(text) == [untold, ("unknown-recipient", "message Started: at: once")]
    assert told(silenced_text(text, "unknown-recipient", "message Started: at: once", "a list: of theirs")) == [untold]


@pytest.mark.parametrize(
    ("comment", "rule"),
    [
        ("<!-- silence no-estimate at step 1 -->", "silence-form"),
        ("<!-- silence no-estimate at step 1:  -->", "silence-form"),
        ("<!-- silence: because -->", "silence-form"),
        ("<!-- silence the lambs -->", "silence-form"),
        ("<!-- silence no-estimate at step 77: because -->", "silence-unused"),
        ("<!-- about silence -->", ""),
    ],
)
def test_a_silence_that_is_wrong_is_a_warning_itself(comment: str, rule: str) -> None:
    found = judged(VALID.replace("The release changed", f"{comment}\n\nThe release changed"))
    assert [one.rule for one in found.findings] == ([rule] if rule else [])
    assert all(one.severity == "warning" for one in found.findings)


def test_a_silence_of_a_rule_that_was_not_asked_may_be_needed_another_time() -> None:
    text = silenced_text(VALID, "dead-link", "", "only from inside")
    assert judged(text).findings == ()
    assert [one.rule for one in judged(text, untried=frozenset()).findings] == ["silence-unused"]


def test_a_silence_in_a_command_is_text_of_the_command() -> None:
    assert read_plan(VALID.replace("for part in", "# <!-- silence never-ends: x -->\nfor part in")).silences == ()


def test_a_silence_changes_nothing_else_of_the_text() -> None:
    text = silenced_text(VALID, "no-estimate", "step 1", "first")
    again = silenced_text(text, "never-ends", "", "second")
    added = [line for line in again.split("\n") if "silence" in line]
    assert added == ["<!-- silence no-estimate at step 1: first -->", "<!-- silence never-ends: second -->"]
    assert again.replace("\n" + "\n".join(added) + "\n", "\n", 1).replace("\n\n\n", "\n\n") == VALID
    assert VALID.split("\n")[:12] == again.split("\n")[:12]


@settings(deadline=None, max_examples=examples(few=10))
@given(plans(), st.text(max_size=30), st.sampled_from(["\n", "\r\n"]))
def test_a_silence_in_any_plan_is_read_as_it_was_given(plan: Plan, reason: str, end: str) -> None:
    text = write_plan(plan).replace("\n", end)
    new = silenced_text(text, "no-estimate", "step 1", reason)
    read = read_plan(new)
    assert [(one.rule, one.item) for one in read.silences[:1]] == [("no-estimate", "step 1")]
    old = read_plan(text)
    assert (read.facts, read.parts, read.checks, read.messages) == (old.facts, old.parts, old.checks, old.messages)
    lines = new.split(end)
    for line in text.split(end):
        assert line in lines
    assert read_plan(write_plan(read)) == read
