"""Each fault that is planted in a plan without faults is found by its own rule, and by no other."""

from __future__ import annotations

import pytest

from backout_tui.domain.checking.check import check_plan
from backout_tui.planfile.reading.reader import read_plan
from tests.domain.checking.planted import PLANTED, VALID


def test_nothing_is_found_in_a_plan_without_faults() -> None:
    assert check_plan(read_plan(VALID), VALID) == ()
    assert check_plan(read_plan(VALID)) == ()


@pytest.mark.parametrize("rule", PLANTED)
def test_a_planted_fault_is_found_by_its_rule_alone(rule: str) -> None:
    fault = PLANTED[rule]
    (found,) = check_plan(read_plan(fault.text), fault.text)
    assert (found.rule, found.severity, found.item) == (rule, fault.severity, fault.item)
    assert found.message


@pytest.mark.parametrize("rule", PLANTED)
def test_it_is_found_in_the_line_where_it_stands(rule: str) -> None:
    """The first line that differs, or the heading of the item that lacks something."""
    fault = PLANTED[rule]
    (found,) = check_plan(read_plan(fault.text), fault.text)
    before, after = VALID.split("\n"), fault.text.split("\n")
    differs = next(at for at, (old, new) in enumerate(zip(before, after, strict=False), start=1) if old != new)
    near = {"no-estimate": 2, "no-contingency": 1, "asserts-nothing": 1}.get(rule, 0)
    assert found.line == (9 if rule == "over-window" else differs - near)
    assert found == check_plan(read_plan(fault.text))[0]
