"""A plan without one of its items reads as the rest of it."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from backout_tui.domain.plan.plan import Plan
from backout_tui.domain.plan.plan_items import items_of
from backout_tui.planfile.reading.reader import read_plan
from backout_tui.planfile.reading.sections import section_of
from backout_tui.planfile.writing.dropping import without
from backout_tui.planfile.writing.keeping import kept_text
from backout_tui.planfile.writing.writer import write_plan
from tests.campaigns.counts import examples
from tests.domain.test_plan_items import PLAN
from tests.planfile.plans import plans

LABELS = [item.label for item in items_of(PLAN)]


def dropped(label: str) -> list[str]:
    """The titles of the items that are left, as read again."""
    item = next(one for one in items_of(PLAN) if one.label == label)
    return [f"{one.kind} {one.title}" for one in items_of(read_plan(write_plan(without(PLAN, item))))]


@pytest.mark.parametrize("label", LABELS)
def test_what_is_dropped_is_gone_and_nothing_else(label: str) -> None:
    before = [(item.label, f"{item.kind} {item.title}") for item in items_of(PLAN)]
    number = label.partition(" ")[2]
    parts = {f"command {number}", f"step {number}"} if label.startswith("step") else {label}
    under = {one for one, _ in before if label.startswith("step") and one.partition(" ")[2].startswith(f"{number}.")}
    left = [title for one, title in before if one not in {label, *parts, *under}]
    # The second of two commands becomes the first when that one goes: its place is a part of its title.
    assert [one.removesuffix(" / 1").removesuffix(" / 2") for one in dropped(label)] == [
        one.removesuffix(" / 1").removesuffix(" / 2") for one in left
    ]


def test_a_command_goes_with_what_was_expected_of_it_and_the_step_stays() -> None:
    item = next(one for one in items_of(PLAN) if one.label == "command 2")
    step = next(step for step in without(PLAN, item).top_steps() if step.number == "2")
    assert (step.commands, step.expected, step.title) == ((), (), "Return to 1.9")


def test_the_last_criterion_takes_its_section_with_it() -> None:
    item = next(one for one in items_of(PLAN) if one.label == "criterion 3")
    assert without(PLAN, item).success is None


@settings(max_examples=examples())
@given(plans(), st.data())
def test_from_any_plan_any_item_can_be_dropped_and_the_rest_reads_the_same(plan: Plan, data: st.DataObject) -> None:
    again = read_plan(write_plan(plan))
    items = items_of(again)
    if not items:
        return
    item = data.draw(st.sampled_from(items))
    assume(item.kind not in {section_of(one.title) for one in again.others})  # its repetition is the next test
    rest = without(again, item)
    assert len(items_of(rest)) < len(items)
    assert read_plan(write_plan(rest)) == rest


@pytest.mark.parametrize("title", ["Risks", "If the backout fails"])
def test_the_repetition_of_a_section_that_is_dropped_stays_without_effect(title: str) -> None:
    plan = read_plan(f"# Backout plan: shop 2.0\n\n## {title}\n- one\n\n## {title}\n- two\n")
    (item,) = (one for one in items_of(plan) if one.kind in {"risks", "contingency"})
    again = read_plan(kept_text(without(plan, item)))
    assert (again.risks, again.contingency, [one.title for one in again.others]) == (None, None, [title])
