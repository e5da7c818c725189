"""The gate of the first step: *Before you start* is ticked, or one reason says why not."""

from __future__ import annotations

from backout_tui.domain.backout import flatten
from backout_tui.domain.backout.choices import DecisionKind
from backout_tui.domain.backout.prerequisites import Readiness, as_ticked, prerequisites
from backout_tui.domain.backout.state import Backout, Decision
from backout_tui.domain.backout.states import StepStatus
from backout_tui.domain.refusal import REASON, TICKS
from backout_tui.domain.rules.first_step import asked_before, not_ready
from backout_tui.domain.rules.gates import against_finishing, why_not_finish
from backout_tui.domain.values import replace
from backout_tui.planfile.reading.reader import read_plan
from tests.story import THREE_AM

TEXT = """# Backout plan: web 2.0

- release: web 2.0

## Before you start
- the VPN is up
- you are the only one who deploys

## Steps

### 1. Look
- before the decision

### 2. Freeze

### 3. Restore
"""
DECIDED = Decision(DecisionKind.BACK_OUT, "rm", "it is broken for all", THREE_AM)


def backout(text: str = TEXT) -> Backout:
    plan = read_plan(text)
    return Backout(1, plan=plan, steps=flatten.steps_of(plan), decision=DECIDED)


def with_state(one: Backout, number: str, state: StepStatus) -> Backout:
    return replace(one, steps={**one.steps, number: replace(one.steps[number], state=state)})


def test_the_first_step_is_refused_with_every_line_that_is_not_ticked() -> None:
    refused = not_ready(backout(), backout().steps["2"])
    assert refused is not None
    assert refused.lifted_by == TICKS
    assert "1. the VPN is up; 2. you are the only one who deploys" in refused.words
    assert "prerequisite 1 yes" in refused.words


def test_a_tick_takes_its_line_off_and_a_no_does_not() -> None:
    half = as_ticked(backout(), {1: "yes", 2: "no"})
    refused = not_ready(half, half.steps["2"])
    assert refused is not None
    assert "VPN" not in refused.words
    assert "2. you are the only one who deploys (no)" in refused.words
    assert [one.tick.answer for one in prerequisites(half)] == [Readiness.YES, Readiness.NO]


def test_when_all_hold_nothing_is_asked() -> None:
    ready = as_ticked(backout(), {1: "yes", 2: "yes"})
    assert asked_before(ready, ready.steps["2"]) == ()
    assert why_not_finish(ready, "2") is not None  # step 1 comes first, and that is another matter


def test_a_step_that_may_come_before_the_decision_needs_nothing_and_is_not_the_first() -> None:
    one = backout()
    assert not_ready(one, one.steps["1"]) is None
    after = with_state(one, "1", StepStatus.DONE)
    assert not_ready(after, after.steps["2"]) is not None


def test_only_the_first_step_is_asked_whichever_it_is() -> None:
    one = backout()
    assert not_ready(one, one.steps["3"]) is not None
    for state in (StepStatus.RUNNING, StepStatus.DONE, StepStatus.FAILED, StepStatus.IN_DOUBT):
        begun = with_state(one, "2", state)
        assert not_ready(begun, begun.steps["3"]) is None, state
    left_out = with_state(one, "2", StepStatus.SKIPPED)
    assert not_ready(left_out, left_out.steps["3"]) is not None


def test_it_stands_last_so_that_nobody_ticks_what_cannot_begin_anyway() -> None:
    one = replace(backout(), decision=None)
    lifts = [refusal.lifted_by for refusal in against_finishing(one, "2")]
    assert lifts == ["break-glass", REASON, TICKS]


def test_a_plan_without_the_section_asks_nothing() -> None:
    one = backout(TEXT.replace("## Before you start\n- the VPN is up\n- you are the only one who deploys\n", ""))
    assert prerequisites(one) == ()
    assert not_ready(one, one.steps["2"]) is None


def test_prose_without_bullets_is_one_line_a_paragraph() -> None:
    one = backout(TEXT.replace("- the VPN is up\n- you", "The VPN\nis up.\n\nYou"))
    assert [line.text for line in prerequisites(one)] == ["The VPN is up.", "You are the only one who deploys"]
