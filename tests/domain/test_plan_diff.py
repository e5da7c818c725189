"""Two plans compared by item, not by line."""

from __future__ import annotations

from hypothesis import given, settings

from backout_tui.domain.plan.differences import changed_lines, differences
from backout_tui.domain.plan.plan import Plan
from backout_tui.domain.plan.plan_items import everything_of
from backout_tui.planfile.reading.reader import read_plan
from backout_tui.reports import plan_diff_words
from tests.campaigns.counts import examples
from tests.domain.test_plan_items import TEXT
from tests.planfile.plans import plans


def found(*changes: tuple[str, str]) -> list[tuple[str, str]]:
    """What differs between the text and the text so changed."""
    text = TEXT
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return [(one.kind, one.item.label) for one in differences(read_plan(TEXT), read_plan(text))]


def test_the_same_plan_differs_in_nothing_however_it_is_written() -> None:
    assert found() == []
    assert found(("\n\n", "\n\n\n")) == []
    assert list(plan_diff_words.lines(())) == ["nothing differs"]


def test_one_change_is_one_difference() -> None:
    assert found(("deploy 1.9", "deploy 1.8")) == [("changed", "command 2")]
    assert found(("- a customer calls\n", "")) == [("removed", "criterion 2")]
    assert found(("2h after", "3h after")) == [("changed", "window")]
    assert found(("Call the lead.", "Call the lead twice.")) == [("changed", "section If the backout fails")]
    assert found(("## Verification", "### 4. More\n\n## Verification")) == [("added", "step 4")]


def test_a_step_under_another_title_or_number_is_the_same_step() -> None:
    assert found(("### 1. Freeze", "### 1. Freeze everything")) == [("changed", "step 1")]
    assert found(("### 1. Freeze", "### 8. Freeze")) == []
    assert found(("### 2. Return to 1.9", "### 2. Return to 1.8")) == [("changed", "step 2")]


def test_a_step_that_takes_the_number_of_another_is_told_from_it() -> None:
    text = TEXT.replace("### 1. Freeze\n- owner: sam\n\nSay so.", "### 1. Drain the queue")
    (one,) = differences(read_plan(TEXT), read_plan(text))
    assert (one.kind, one.before and one.before.title, one.item.title) == ("changed", "Freeze", "Drain the queue")


def test_lines_are_marked_by_what_became_of_them() -> None:
    assert changed_lines(("a", "b"), ("a", "c", "d")) == ("  a", "- b", "+ c", "+ d")
    assert changed_lines((), ("a",)) == ("+ a",)


def test_in_words_each_item_stands_with_what_it_says_now_and_said_before() -> None:
    two = differences(read_plan(TEXT), read_plan(TEXT.replace("deploy 1.9", "deploy\x1b[31m 1.8")))
    assert list(plan_diff_words.lines(two)) == [
        "~ changed  command 2: Return to 1.9",
        "      ```sh timeout=60",
        "    - deploy 1.9",
        "    + deploy␛[31m 1.8",
        "      Expect: `deployed`",
        "0 added, 1 changed, 0 removed",
    ]


@settings(max_examples=examples(few=15))
@given(plans(), plans())
def test_what_differs_between_any_two_plans_accounts_for_every_item(first: Plan, second: Plan) -> None:
    assert differences(first, first) == ()
    differing = differences(first, second)
    gone = {one.before.key for one in differing if one.before is not None}
    come = {one.after.key for one in differing if one.after is not None}
    same_before = [item.lines for item in everything_of(first) if item.key not in gone]
    same_after = [item.lines for item in everything_of(second) if item.key not in come]
    assert sorted(same_before) == sorted(same_after)
