"""`for each`: a plan with its loops spelt out, and what is wrong with one."""

from __future__ import annotations

import pytest

from backout_tui.domain.backout.flatten import steps_of
from backout_tui.domain.backout.items import StepState
from backout_tui.domain.backout.order import waits_for
from backout_tui.domain.backout.states import StepStatus
from backout_tui.domain.clock.forecast import ahead
from backout_tui.domain.plan.loops import estimate_of, item_of, numbers_of, spelt_out, why_no_items
from backout_tui.domain.plan.plan import Part, Plan, Step
from backout_tui.domain.plan.readiness import questions
from backout_tui.domain.refusal import BREAK_GLASS, REASON
from backout_tui.domain.rules import gates
from backout_tui.domain.spans import Estimate
from tests.sample_plan import PLAN, expect, facts, fence, text
from tests.story import Story, at
from tests.way_scenes import captured


def flat(*steps: Step) -> dict[str, StepState]:
    """The steps of a plan whose loops are spelt out."""
    return steps_of(spelt_out(Plan(parts=(Part("", "", steps),))))


def told(steps: dict[str, StepState]) -> list[tuple[str, str, str, str]]:
    """Number, kind, title and item of each."""
    return [(one.number, one.kind, one.title, item_of(one).get("ITEM", "")) for one in steps.values()]


def test_a_loop_is_a_group_with_a_step_for_each_item() -> None:
    drain = Step(
        "4", "Drain", facts(for_each="a, node-2", owner="sam", estimate="5 min"),
        (text("One by one."), fence("drain $ITEM", "sh timeout=60"), expect("`ok`")),
    )  # fmt: skip
    steps = flat(drain)
    assert told(steps) == [
        ("4", "group", "Drain", ""),
        ("4[a]", "command", "Drain: a", "a"),
        ("4[node-2]", "command", "Drain: node-2", "node-2"),
    ]
    item = steps["4[a]"]
    assert (item.command, item.timeout_s, item.expects, item.parent) == ("drain $ITEM", 60, ("`ok`",), "4")
    assert (item.fact("owner"), item.estimate, steps["4"].estimate) == ("sam", Estimate(300, 300), None)
    assert steps["4"].instruction == "One by one."


def test_a_step_by_hand_is_done_by_hand_for_each_item() -> None:
    assert told(flat(Step("2", "Call", facts(for_each="desk"))))[1:] == [("2[desk]", "manual", "Call: desk", "desk")]


def test_several_commands_and_sub_steps_are_done_for_each_item() -> None:
    two = Step("4", "Restart", facts(for_each="a,b"), (fence("one"), fence("two")))
    assert told(flat(two))[1:4] == [
        ("4[a]", "group", "Restart: a", "a"),
        ("4[a].1", "command", "one", "a"),
        ("4[a].2", "command", "two", "a"),
    ]
    inner = Step("4.1", "Stop", facts(for_each="x, y"), (fence("stop"),))
    nested = flat(Step("4", "Restart", facts(for_each="a, b"), children=(inner, Step("4.2", "Look"))))
    assert [(one[0], one[3]) for one in told(nested)][1:6] == [
        ("4[a]", "a"),
        ("4[a].1", "a"),
        ("4[a].1[x]", "x"),
        ("4[a].1[y]", "y"),
        ("4[a].2", "a"),
    ]


def test_what_belongs_to_the_loop_is_said_of_it_and_what_belongs_to_an_item_of_each() -> None:
    loop = Step(
        "4", "Drop", facts(for_each="a, b", waits_for="1", only_if="it is full", required="",
                           until="every 1 s, at most 9 s", capture="GONE", point_of_no_return="gone"), (fence("drop"),),
    )  # fmt: skip
    steps = flat(Step("1", "first"), loop)
    assert [one.fact("waits for") for one in steps.values()] == [None, "1", "1", None]
    assert [one.no_way_back for one in steps.values()] == [None, None, "gone", "gone"]
    assert [one.fact("until") is not None for one in steps.values()] == [False, False, True, True]
    assert steps["4[b]"].fact("only if") == "it is full"


@pytest.mark.parametrize("named", ["1 and 2[this-and-that]", "1, 2[this-and-that]", "steps 1 and 2[this-and-that]"])
def test_a_step_waits_for_an_item_whatever_its_name(named: str) -> None:
    loop = Step("2", "Drain", facts(for_each="this-and-that, other"))
    story = Story()
    steps = (Step("1", "first"), loop, Step("3", "then", facts(waits_for=named)))
    story.open(spelt_out(Plan(parts=(Part("", "", steps),))))
    waited = waits_for(story.backout, story.backout.steps["3"])
    assert [one.number for one in waited] == ["1", "2[this-and-that]"]


def test_a_plan_without_loops_is_the_same_plan() -> None:
    assert spelt_out(PLAN) == PLAN


def test_a_loops_estimate_is_that_of_one_item() -> None:
    step = Step("1", "Drain", facts(for_each="a, b, c", estimate="5-10 min"))
    assert estimate_of(step) == Estimate(900, 1800)
    assert estimate_of(Step("1", "Drain", facts(estimate="5 min"))) == Estimate(300, 300)
    duration = next(one for one in questions(Plan(parts=(Part("", "", (step,)),))) if one.id == "Q7")
    assert duration.answer == "15 min to 30 min"


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("a, b", ""),
        ("a", ""),
        ("", "names nothing"),
        ("a,,b", "comma too many"),
        ("a, b,", "comma too many"),
        ("a, b, a", "`a` is named twice"),
        ("$NODES", "is a variable"),
        ("eu west", "a blank, a bracket"),
        ("a]", "a blank, a bracket"),
        ("a\x1b[31m", "a blank, a bracket"),
        ("a\u202eb", "what cannot be seen"),
        ("x" * 61, "longer than 60"),
    ],
)
def test_what_is_wrong_with_items_is_said_and_then_nothing_is_done_for_any_of_them(said: str, wrong: str) -> None:
    loop = Step("1", "Drain", facts(for_each=said), (fence("drain"),))
    assert wrong in why_no_items(loop)
    assert bool(why_no_items(loop)) == bool(wrong)
    assert (len(numbers_of(loop)) > 0) == (not wrong and bool(said))
    story = Story()
    story.open(spelt_out(Plan(parts=(Part("", "", (loop,)),))))
    story.tell("Decided", 1, kind="back-out", by="sam", reason="errors above 2 %", named_authoriser=True)
    if wrong:
        refused = gates.why_not_run(story.backout, "1", lifted={REASON, BREAK_GLASS})
        assert refused is not None
        assert wrong in refused.words


def test_a_wrong_loop_over_several_commands_is_refused_for_each_of_them() -> None:
    story = Story()
    story.open(
        spelt_out(Plan(parts=(Part("", "", (Step("1", "x", facts(for_each="a,"), (fence("a"), fence("b"))),)),)))
    )
    story.tell("Decided", 1, kind="back-out", by="sam", reason="errors above 2 %", named_authoriser=True)
    refused = gates.why_not_run(story.backout, "1.1")
    assert refused is not None
    assert "comma too many" in refused.words


def test_one_item_or_all_that_are_open_are_left_out() -> None:
    story = captured()
    story.tell("StepSkipped", step="4[node-1]", reason="it is drained already")
    assert story.backout.steps["4"].state is StepStatus.PENDING
    story.run("4[node-2]", 5, 1, exit_code=1)
    story.tell("StepSkipped", step="4", reason="nodes are drained already")
    states = [story.backout.steps[number].state.value for number in ("4", "4[node-1]", "4[node-2]")]
    assert states == ["skipped", "skipped", "skipped"]
    assert story.backout.steps["4[node-2]"].attempts[0].state == "failed"


def test_the_clock_counts_every_item() -> None:
    assert ahead(captured().backout, at(4)).typical_s == 240
