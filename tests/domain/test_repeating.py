"""What `until` says."""

from __future__ import annotations

import pytest

from backout_tui.domain.backout.repeating import Until, until, why_not_read
from backout_tui.domain.plan.plan import Step
from backout_tui.domain.refusal import REASON
from backout_tui.domain.rules import gates
from tests.sample_plan import facts
from tests.way_scenes import begun


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("every 10 s, at most 10 min", Until(10, 600)),
        ("Every 1 min at most 1 h 30 min", Until(60, 5400)),
        ("every 5 s, for at most 5 s", Until(5, 5)),
        (" every 2 s ,  at most 90 s ", Until(2, 90)),
        ("every 10 s", None),
        ("at most 10 min", None),
        ("every 0 s, at most 10 min", None),
        ("every 0.3 s, at most 10 min", None),
        ("every 10 min, at most 10 s", None),
        ("every now and then, at most 10 min", None),
        ("every 10 s, at most 10 min or so", None),
        ("10 s, 10 min", None),
        ("", None),
    ],
)
def test_an_interval_and_a_limit_are_read(text: str, meant: Until | None) -> None:
    assert until(text) == meant


def test_what_cannot_be_read_is_said_with_the_right_form() -> None:
    wrong = Step("1", "Wait", facts(until="soon"))
    assert why_not_read(wrong) == "`until: soon` cannot be read: write `every 10 s, at most 10 min`"
    assert why_not_read(Step("1", "Wait")) == ""
    assert why_not_read(Step("1", "Wait", facts(until="every 1 s, at most 2 s"))) == ""


def test_the_sample_of_ways_can_be_run() -> None:
    backout = begun().backout
    assert gates.why_not_run(backout, "5", lifted={REASON}) is None
