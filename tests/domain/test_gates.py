"""The gates of steps: every rule of the contract's tables of states and gates, each with both of its answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from backout_tui.domain.backout import order
from backout_tui.domain.backout.choices import DecisionKind
from backout_tui.domain.backout.flatten import steps_of
from backout_tui.domain.backout.folding.fold_steps import with_step
from backout_tui.domain.backout.items import Attempt
from backout_tui.domain.backout.state import Backout, Decision
from backout_tui.domain.backout.states import AttemptStatus, StepStatus
from backout_tui.domain.clock import forecast
from backout_tui.domain.plan.plan import Part, Plan, Step
from backout_tui.domain.refusal import BREAK_GLASS, REASON, Refusal
from backout_tui.domain.rules import gates
from backout_tui.domain.values import replace
from tests.sample_plan import OPTIONS, facts, fence
from tests.story import at

PLAN = Plan(
    facts=facts(authoriser="release manager", proxy="payments lead after 10 min"),
    parts=(
        Part(
            "",
            "",
            (
                Step("1", "by hand"),
                Step("2", "by command", (), (fence("true"),)),
                Step("3", "must be", facts(required=""), (fence("true"),)),
                Step("4", "early", facts(before_the_decision="")),
                Step("5", "both", children=(Step("5.1", "one"), Step("5.2", "two", facts(required="")))),
                Step("6", "waits", facts(waits_for="1 and 3", only_if="it rains")),
            ),
        ),
    ),
)
BACK_OUT = Decision(DecisionKind.BACK_OUT, "release manager", "it burns", at(1))
S = StepStatus


def backout(*states: StepStatus, decision: Decision | None = BACK_OUT, **more: Any) -> Backout:
    """The plan above, its steps 1, 2, ... in these states, decided."""
    made = Backout(3, plan=PLAN, steps=steps_of(PLAN), decision=decision, **more)
    for number, state in zip("123456", states, strict=False):
        made = with_step(made, number, state=state)
    return made


def answer(refusal: Refusal | None) -> str:
    """`go`, or what lifts the no, or `no` when nothing does."""
    return "go" if refusal is None else refusal.lifted_by or "no"


STATES = (S.PENDING, S.RUNNING, S.DONE, S.FAILED, S.SKIPPED, S.WORKED_AROUND, S.IN_DOUBT, S.NOT_NEEDED)
Gate = Callable[[Backout, str], Refusal | None]


def _left_out(state: StepStatus) -> Gate:
    return lambda b, number: gates.why_not_leave_out(b, number, state, "sam")


#                                      pending running done  failed skipped worked doubt  not needed
STATE_RULES: dict[str, tuple[Gate, tuple[str, ...]]] = {
    "run": (gates.why_not_run, ("go", "no", "no", "go", "no", "no", "no", "no")),
    "finish": (
        lambda b, n: gates.why_not_finish(b, n, note="seen"),
        ("go", "no", "no", "go", "no", "no", "no", "no"),
    ),
    "fail": (gates.why_not_fail, ("go", "no", "no", "no", "no", "no", "no", "no")),
    "skip": (_left_out(S.SKIPPED), ("go", "no", "no", "go", "no", "no", "no", "no")),
    "work around": (_left_out(S.WORKED_AROUND), ("go", "no", "no", "go", "no", "no", "no", "no")),
    "not needed": (_left_out(S.NOT_NEEDED), ("go", "no", "no", "no", "no", "no", "no", "no")),
    "reopen": (gates.why_not_reopen_step, ("no", "no", "no", "no", "go", "no", "no", "go")),
    "change": (gates.why_not_change, ("go", "no", "no", "go", "no", "no", "no", "no")),
    "move": (lambda b, n: gates.why_not_move(b, n, "3"), ("go", "no", "no", "go", "no", "no", "no", "no")),
    "stop": (gates.why_not_stop, ("no", "go", "no", "no", "no", "no", "no", "no")),
    "resolve": (gates.why_not_resolve, ("no", "no", "no", "no", "no", "no", "go", "no")),
}


@pytest.mark.parametrize(
    ("verb", "state", "expected"),
    [(verb, s, e) for verb, (_, row) in STATE_RULES.items() for s, e in zip(STATES, row, strict=True)],
)
def test_what_may_be_done_with_a_step_depends_on_its_state(verb: str, state: StepStatus, expected: str) -> None:
    gate, _ = STATE_RULES[verb]
    assert answer(gate(backout(S.DONE, state), "2")) == expected


@pytest.mark.parametrize("verb", STATE_RULES)
def test_every_no_is_a_whole_sentence_that_names_the_step(verb: str) -> None:
    """The words stand alone on the command line and on the screen."""
    gate, _ = STATE_RULES[verb]
    refusals = [gate(backout(S.DONE, state), "2") for state in STATES]
    words = [refusal.words for refusal in refusals if refusal is not None]
    assert all("tep 2" in one and one.endswith((".", ").")) for one in words)


# ── the decision ──────────────────────────────────────────────────────────────────────────────────────────────────

FIX_FORWARD = replace(BACK_OUT, kind="fix-forward")


@pytest.mark.parametrize(
    ("number", "decision", "expected"),
    [
        ("1", None, BREAK_GLASS),
        ("1", BACK_OUT, "go"),
        ("1", FIX_FORWARD, BREAK_GLASS),
        ("4", None, "go"),
        ("4", FIX_FORWARD, "go"),
    ],
)
def test_a_step_needs_a_decision_to_back_out_unless_it_says_otherwise(
    number: str, decision: Decision | None, expected: str
) -> None:
    before = (S.PENDING,) if number == "1" else (S.DONE, S.DONE, S.DONE)
    assert answer(gates.why_not_finish(backout(*before, decision=decision), number)) == expected


def test_breaking_the_glass_lifts_the_missing_decision_and_a_reason_does_not() -> None:
    undecided = backout(S.DONE, decision=None)
    assert answer(gates.why_not_run(undecided, "2", lifted={BREAK_GLASS})) == "go"
    assert answer(gates.why_not_run(undecided, "2", lifted={REASON})) == BREAK_GLASS


def test_a_decision_needs_a_problem_or_the_glass_broken() -> None:
    assert answer(gates.why_not_decide(backout())) == BREAK_GLASS
    assert answer(gates.why_not_decide(backout(), {BREAK_GLASS})) == "go"


@pytest.mark.parametrize(("mode", "expected"), [("live", "no"), ("rehearsal", "go")])
def test_nothing_lifts_a_placeholder_that_is_not_filled(mode: str, expected: str) -> None:
    """A rehearsal only shows the command, so it may be shown as it is."""
    everything = {REASON, BREAK_GLASS}
    refusal = gates.why_not_run(backout(S.DONE, mode=mode), "2", missing=["<tag>"], lifted=everything)
    assert answer(refusal) == expected
    assert refusal is None or "<tag>" in refusal.words


# ── the order ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (S.PENDING, REASON),
        (S.FAILED, REASON),
        (S.RUNNING, "no"),
        (S.IN_DOUBT, "no"),
        (S.DONE, "go"),
        (S.SKIPPED, "go"),
        (S.WORKED_AROUND, "go"),
        (S.NOT_NEEDED, "go"),
    ],
)
def test_a_step_waits_for_the_one_before(before: StepStatus, expected: str) -> None:
    for gate in (gates.why_not_run, lambda b, n: gates.why_not_finish(b, n, note="seen")):
        assert answer(gate(backout(before), "2")) == expected


def test_running_and_in_doubt_are_never_lifted() -> None:
    for before in (S.RUNNING, S.IN_DOUBT):
        assert answer(gates.why_not_run(backout(before), "2", lifted={REASON, BREAK_GLASS})) == "no"
    assert answer(gates.why_not_run(backout(S.PENDING), "2", lifted={REASON})) == "go"


def test_a_step_that_names_what_it_waits_for_waits_for_these_alone() -> None:
    waited_for = with_step(backout(S.DONE, S.PENDING, S.DONE, S.PENDING), "6", condition="yes")
    assert answer(gates.why_not_finish(waited_for, "6")) == "go"
    assert [one.number for one in order.waits_for(waited_for, waited_for.steps["6"])] == ["1", "3"]


def waited_for(made: Backout, number: str) -> list[str]:
    """The numbers of what a step waits for."""
    return [one.number for one in order.come_first(made, made.steps[number])]


def test_a_step_waits_for_every_open_one_before_it() -> None:
    """Skipping 3 does not open 4 while 1 and 2 are pending."""
    made = backout(S.PENDING, S.FAILED, S.SKIPPED, S.PENDING)
    assert waited_for(made, "4") == ["1", "2"]
    refused = gates.why_not_finish(made, "4", note="seen")
    assert refused is not None
    assert refused.words == "Going out of order needs a reason: step 2 has failed, and step 1 comes first."
    assert waited_for(backout(S.DONE, S.SKIPPED, S.DONE, S.WORKED_AROUND), "5.1") == []


def test_one_that_runs_holds_whatever_comes_later_not_only_the_next() -> None:
    for before in (S.RUNNING, S.IN_DOUBT):
        made = backout(before, S.SKIPPED, S.SKIPPED, S.PENDING)
        assert answer(gates.why_not_finish(made, "4", note="seen", lifted={REASON})) == "no"


def test_the_steps_of_a_group_wait_for_all_before_the_group_and_for_each_other() -> None:
    made = backout(S.DONE, S.PENDING, S.DONE, S.PENDING)
    assert waited_for(made, "5.1") == ["2", "4"]
    assert waited_for(made, "5.2") == ["2", "4", "5.1"]


def test_whoever_names_a_later_step_does_not_hold_it() -> None:
    steps = (Step("1", "a"), Step("2", "b", facts(waits_for="4")), Step("3", "c", facts(waits_for="1")), Step("4", "d"))
    plan = Plan("web", parts=(Part("", "", steps),))
    made = Backout(3, plan=plan, steps=steps_of(plan), decision=BACK_OUT)
    assert waited_for(made, "4") == ["1", "3"]
    assert waited_for(made, "2") == ["4"]


def test_many_steps_are_named_in_part() -> None:
    assert order.listed(["1"]) == "step 1"
    assert order.listed(["1", "2", "3"]) == "steps 1, 2 and 3"
    assert order.listed([str(number) for number in range(1, 10)]) == "steps 1, 2, 3, 4 and 5 more"


# ── options ───────────────────────────────────────────────────────────────────────────────────────────────────────


def options(chosen: str = "", **states: StepStatus) -> Backout:
    """The plan with two ways, decided, one way chosen."""
    ways = tuple(part.name for part in OPTIONS.parts if part.kind == "option")
    made = Backout(3, plan=OPTIONS, steps=steps_of(OPTIONS), decision=BACK_OUT, options=ways, chosen_option=chosen)
    for number, state in states.items():
        made = with_step(made, number.removeprefix("s").replace("_", "."), state=state)
    return made


@pytest.mark.parametrize(
    ("chosen", "number", "expected"),
    [("", "A1", "choice"), ("A: roll back", "A1", "go"), ("B: by hand", "A1", "no"), ("B: by hand", "B1", "go")],
)
def test_a_step_of_an_option_needs_that_option_chosen(chosen: str, number: str, expected: str) -> None:
    assert answer(gates.why_not_run(options(chosen, s1=S.DONE), number)) == expected


def test_the_first_step_of_an_option_waits_for_the_common_one_before_all_options() -> None:
    assert answer(gates.why_not_run(options("B: by hand"), "B1")) == REASON


@pytest.mark.parametrize(
    ("chosen", "waits_for"),
    [("A: roll back", ["A1", "A2.1", "A2.2"]), ("B: by hand", ["B1"]), ("", ["A1", "A2.1", "A2.2"])],
)
def test_a_common_step_after_the_options_waits_for_the_chosen_one(chosen: str, waits_for: list[str]) -> None:
    """While none is chosen it waits for the first, so that it is not taken for the next thing to do."""
    made = options(chosen, s1=S.DONE)
    assert [one.number for one in order.waits_for(made, made.steps["2"])] == waits_for
    assert answer(gates.why_not_finish(made, "2")) == REASON


def test_another_option_can_be_chosen_until_a_step_of_the_first_was_begun() -> None:
    assert answer(gates.why_not_choose(options("A: roll back"), "B: by hand")) == "go"
    for begun in (S.RUNNING, S.DONE, S.FAILED, S.IN_DOUBT, S.WORKED_AROUND):
        assert answer(gates.why_not_choose(options("A: roll back", sA1=begun), "B: by hand")) == "no"
        assert answer(gates.why_not_choose(options("A: roll back", sA1=begun), "A: roll back")) == "go"


def test_a_step_of_the_option_not_chosen_is_not_reopened() -> None:
    assert answer(gates.why_not_reopen_step(options("A: roll back", sB1=S.NOT_NEEDED), "B1")) == "no"


# ── who, and what kind ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "expected"),
    [("sam", BREAK_GLASS), ("release manager", "go"), ("Release Manager", "go"), ("payments lead", "go")],
)
@pytest.mark.parametrize("number", ["3", "5.2", "5"])
def test_leaving_out_a_required_step_needs_the_authoriser(name: str, number: str, expected: str) -> None:
    """Also where it is left out with the group around it."""
    for state in (S.SKIPPED, S.WORKED_AROUND, S.NOT_NEEDED):
        assert answer(gates.why_not_leave_out(backout(), number, state, name)) == expected
        assert answer(gates.why_not_leave_out(backout(), number, state, name, {BREAK_GLASS})) == "go"


def test_a_plan_without_authoriser_bypasses_nobody() -> None:
    nobody = replace(backout(), plan=replace(PLAN, facts=()))
    assert answer(gates.why_not_leave_out(nobody, "3", S.SKIPPED, "sam")) == "go"


def test_a_group_is_done_by_its_sub_steps_but_left_out_as_a_whole() -> None:
    made = backout(S.DONE, S.DONE, S.DONE, S.DONE)
    for gate in (gates.why_not_run, gates.why_not_finish, gates.why_not_fail, gates.why_not_change):
        refusal = gate(made, "5")
        assert refusal is not None
        assert "sub-steps" in refusal.words
    assert answer(gates.why_not_leave_out(made, "5", S.SKIPPED, "release manager")) == "go"


@pytest.mark.parametrize("settled", [S.DONE, S.SKIPPED, S.NOT_NEEDED])
def test_a_group_in_which_nothing_is_open_is_not_left_out_again(settled: StepStatus) -> None:
    made = with_step(with_step(backout(), "5.1", state=settled), "5.2", state=settled)
    assert answer(gates.why_not_leave_out(made, "5", S.SKIPPED, "release manager")) == "no"


def test_a_manual_step_is_not_run_and_a_commands_done_by_hand_needs_a_note() -> None:
    assert answer(gates.why_not_run(backout(), "1")) == "no"
    assert answer(gates.why_not_finish(backout(), "1")) == "go"
    assert answer(gates.why_not_finish(backout(S.DONE), "2", note="  ")) == "note"
    assert answer(gates.why_not_finish(backout(S.FAILED), "1")) == "note"
    assert answer(gates.why_not_finish(backout(S.FAILED), "1", note="done after all")) == "go"


@pytest.mark.parametrize(
    ("number", "state", "expected"),
    [("1", S.PENDING, "no"), ("6", S.PENDING, "go"), ("6", S.DONE, "no"), ("6", S.FAILED, "no")],
)
def test_a_condition_is_answered_while_its_step_is_open(number: str, state: StepStatus, expected: str) -> None:
    """A failed step was begun, so it cannot become not needed by an answer."""
    assert answer(gates.why_not_answer(with_step(backout(), number, state=state), number)) == expected


@pytest.mark.parametrize(
    ("number", "after", "expected"),
    [
        ("5", "3", "go"),
        ("5", "5", "no"),
        ("5", "5.1", "no"),
        ("5.2", "5.1", "go"),
        ("5.1", "5", "go"),
        ("5.1", "3", "no"),
        ("3", "5.1", "no"),
        ("3", "5", "go"),
    ],
)
def test_nothing_is_moved_into_a_group_or_out_of_it(number: str, after: str, expected: str) -> None:
    assert answer(gates.why_not_move(backout(), number, after)) == expected


def test_a_step_is_not_moved_out_of_its_option() -> None:
    made = options()
    assert answer(gates.why_not_move(made, "A1", "B1")) == "no"
    assert answer(gates.why_not_move(made, "A1", "A2")) == "go"
    assert answer(gates.why_not_move(made, "1", "A1")) == "go"


# ── what no test held ─────────────────────────────────────────────────────────────────────────────────────────────


def attempted(*states: AttemptStatus, state: StepStatus = S.PENDING) -> Backout:
    """The first way is chosen, and its first step was attempted so often."""
    made = options("A: roll back", s1=S.DONE)
    tries = tuple(Attempt(number, f"{number:032x}", at(2), state=one) for number, one in enumerate(states, start=1))
    return with_step(made, "A1", attempts=tries, state=state)


def test_another_option_can_be_chosen_until_an_attempt_really_ran() -> None:
    never = AttemptStatus.NOT_STARTED
    assert answer(gates.why_not_choose(attempted(never), "B: by hand")) == "go"
    assert answer(gates.why_not_choose(attempted(never, never), "B: by hand")) == "go"
    for ran in (AttemptStatus.DONE, AttemptStatus.FAILED, AttemptStatus.IN_DOUBT, AttemptStatus.RUNNING):
        assert answer(gates.why_not_choose(attempted(ran, never), "B: by hand")) == "no"
        assert answer(gates.why_not_choose(attempted(never, ran), "A: roll back")) == "go"
    assert answer(gates.why_not_choose(attempted(state=S.DONE), "B: by hand")) == "no"


def test_an_attempt_that_never_ran_is_no_point_of_no_return() -> None:
    made = with_step(attempted(AttemptStatus.NOT_STARTED), "A1", facts=facts(irreversible=""))
    assert forecast.no_way_back_at(made) == ("A1", False)
    ran = with_step(attempted(AttemptStatus.IN_DOUBT), "A1", facts=facts(irreversible=""))
    assert forecast.no_way_back_at(ran) == ("A1", True)


def family(whole: str = "", part: str = "", innermost: str = "") -> Backout:
    """A step with a part, which has a part itself; each may say that it is required, or optional."""
    said = [facts(**{one: ""}) if one else () for one in (whole, part, innermost)]
    inner = Step("1.1", "part", said[1], children=(Step("1.1.1", "innermost", said[2]),))
    plan = Plan(PLAN.title, PLAN.facts, parts=(Part("", "", (Step("1", "whole", said[0], children=(inner,)),)),))
    return Backout(3, plan=plan, steps=steps_of(plan), decision=BACK_OUT)


@pytest.mark.parametrize(
    ("made", "required"),
    [
        (family(), ""),
        (family(whole="required"), "1 1.1 1.1.1"),
        (family(part="required"), "1 1.1 1.1.1"),
        (family(innermost="required"), "1 1.1 1.1.1"),
        (family(whole="required", part="optional"), "1"),
        (family(whole="required", innermost="optional"), "1 1.1"),
        (family(part="required", innermost="optional"), "1 1.1"),
    ],
)
def test_an_optional_part_of_what_is_required_may_be_left_out_by_anybody(made: Backout, required: str) -> None:
    for number in ("1", "1.1", "1.1.1"):
        wanted = BREAK_GLASS if number in required.split() else "go"
        assert answer(gates.why_not_leave_out(made, number, S.SKIPPED, "sam")) == wanted
        assert answer(gates.why_not_leave_out(made, number, S.SKIPPED, "release manager")) == "go"
