"""Steps by a person's word: done, failed, left out, changed, added, moved, reopened; options, conditions, values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from backout_tui.domain.items import StepStatus
from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import decisions, problems, steps
from backout_tui.errors import BackoutError
from tests.engine.desks import BY_HAND, HEAD, PEOPLE, Room, kinds, nothing_written, refusal

GROUPED = (
    HEAD
    + """## Variables
- TARGET: blue
- TAG:
- TOKEN: (secret)

## Steps

### 1. Prepare

### 2. Restart

```sh
echo one
```

```sh
echo two
```

### 3. Only sometimes
- only if: the queue is not empty

### 4. Deploy

```sh
echo deploy <tag>
```
"""
)
WAYS = (
    HEAD
    + """## Steps

### 1. Freeze

### Option A: roll back

#### A1. Undo

#### A2. Check

### Option B: by hand

#### B1. Copy
"""
)


def states(op: Operator) -> dict[str, str]:
    """Every step's state by its number."""
    return {step.number: step.state.value for step in op.backout.steps.values()}


def deviations(op: Operator) -> list[tuple[str, str, str]]:
    """Kind, step and reason of each deviation."""
    return [(one.kind, one.step, one.reason) for one in op.backout.deviations]


# ── done, failed ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_only_a_step_that_says_so_is_done_before_the_decision(op: Operator) -> None:
    assert steps.done(op, "1").backout.steps["1"].state is StepStatus.DONE
    refused = refusal(op, steps.done, "2")
    assert ("Nobody has decided" in refused.reason, refused.lifted_by) == (True, "break-glass")


def test_a_decision_not_to_back_out_does_not_open_the_steps(op: Operator) -> None:
    problems.log(op, "5xx")
    decisions.decide(op, "fix-forward", by="kim", reason="one line to fix")
    steps.done(op, "1")
    assert "fix-forward" in refusal(op, steps.done, "2").reason


def test_the_glass_is_broken_only_where_the_decision_is_missing(room: Room) -> None:
    op = room.start(BY_HAND + PEOPLE)
    with nothing_written(op), pytest.raises(BackoutError, match="breaking the glass is missing"):
        steps.done(op, "2", break_glass=True)
    steps.done(op, "1", reason="because", break_glass=True)
    assert "GlassBroken" not in kinds(op)
    before = op.backout.seq
    backout = steps.done(op, "2", reason="orders are lost every second", break_glass=True).backout
    assert kinds(op, before) == ["GlassBroken", "MessageWritten", "StepDone"]
    assert backout.glass[0].what == "run step 2"
    assert backout.phase.value == "backing_out"


def test_out_of_order_needs_a_reason_and_is_a_deviation(decided: Operator) -> None:
    refused = refusal(decided, steps.done, "3")
    assert ("Step 2 comes first" in refused.reason, refused.lifted_by) == (True, "reason")
    steps.done(decided, "3", reason="the snapshot expires at four")
    assert deviations(decided) == [("reordered", "3", "the snapshot expires at four")]


def test_a_reason_that_no_gate_asked_for_is_kept_all_the_same(decided: Operator) -> None:
    receipt = steps.done(decided, "1", reason="the bot was down, frozen by hand")
    assert receipt.event is not None
    assert receipt.event.data["reason"] == "the bot was down, frozen by hand"
    assert receipt.backout.steps["1"].reason == "the bot was down, frozen by hand"
    assert deviations(decided) == []


def test_a_failed_step_stops_the_next_one_until_there_is_a_reason(decided: Operator) -> None:
    steps.fail(decided, "1", "the bot does not answer")
    assert "Step 1 has failed" in refusal(decided, steps.done, "2").reason
    assert "has failed already" in refusal(decided, steps.fail, "1", "again").reason
    steps.done(decided, "2", reason="the bot can wait")
    assert states(decided) == {"1": "failed", "2": "done", "3": "pending", "4": "pending"}


def test_done_against_the_program_needs_a_note_and_counts_as_worked_around(decided: Operator) -> None:
    steps.fail(decided, "1", "the bot does not answer")
    assert refusal(decided, steps.done, "1").lifted_by == "note"
    steps.done(decided, "1", "frozen in the console")
    assert states(decided)["1"] == "done"
    assert deviations(decided) == [("worked_around", "1", "frozen in the console")]
    assert "is done" in refusal(decided, steps.done, "1", "again").reason


def test_a_command_can_be_said_done_by_a_note_alone(room: Room) -> None:
    op = room.decided(GROUPED)
    steps.done(op, "1")
    assert "needs a note" in refusal(op, steps.done, "2.1").reason
    steps.done(op, "2.1", "restarted in the console")
    assert deviations(op) == [("worked_around", "2.1", "restarted in the console")]


def test_a_group_is_done_by_its_parts(room: Room) -> None:
    op = room.decided(GROUPED)
    steps.done(op, "1")
    assert "sub-steps" in refusal(op, steps.done, "2", "all of it").reason
    steps.done(op, "2.1", "by hand")
    assert states(op)["2"] == "pending"
    steps.done(op, "2.2", "by hand")
    assert states(op)["2"] == "done"


def test_failing_needs_a_reason_and_a_decision(op: Operator) -> None:
    with nothing_written(op), pytest.raises(BackoutError, match="reason is missing"):
        steps.fail(op, "1", " ")
    assert "Nobody has decided" in refusal(op, steps.fail, "2", "it broke").reason


# ── left out, reopened ────────────────────────────────────────────────────────────────────────────────────────────

LEAVE_OUT: list[tuple[Callable[..., object], str]] = [
    (steps.skip, "skipped"),
    (steps.work_around, "worked_around"),
    (steps.not_needed, "not_needed"),
]


@pytest.mark.parametrize(("verb", "state"), LEAVE_OUT)
def test_leaving_out_needs_a_reason_and_no_decision(op: Operator, verb: Callable[..., object], state: str) -> None:
    with nothing_written(op), pytest.raises(BackoutError, match="reason is missing"):
        verb(op, "2", "")
    verb(op, "2", "the desk knows already")
    assert states(op)["2"] == state
    assert deviations(op) == [(state, "2", "the desk knows already")]


@pytest.mark.parametrize(("verb", "state"), LEAVE_OUT)
def test_a_required_step_is_left_out_by_the_authoriser_or_by_breaking_the_glass(
    room: Room, verb: Callable[..., object], state: str
) -> None:
    op = room.decided()
    refused = refusal(op, verb, "3", "no time for it")
    assert ("needs the authoriser" in refused.reason, refused.lifted_by) == (True, "break-glass")
    assert room.other(op, "release manager").why_not_act() is not None  # sam's session lives
    op.close()
    lead = room.other(op, "release manager")
    verb(lead, "3", "the snapshot is not needed")
    assert states(lead)["3"] == state
    assert "GlassBroken" not in kinds(lead)


def test_leaving_out_a_required_step_by_glass_says_so_first(decided: Operator) -> None:
    steps.skip(decided, "3", "nobody answers and it burns", break_glass=True)
    assert decided.backout.glass[0].what == "leave out required step 3"
    before = decided.backout.seq
    steps.skip(decided, "2", "nobody answers and it burns", break_glass=True)
    assert kinds(decided, before) == ["StepSkipped"]


def test_a_failed_step_is_skipped_or_worked_around_and_never_not_needed(decided: Operator) -> None:
    steps.fail(decided, "2", "nobody answers")
    assert "skip it or work around it" in refusal(decided, steps.not_needed, "2", "no").reason
    steps.work_around(decided, "2", "mailed them instead")
    assert "worked around" in refusal(decided, steps.skip, "2", "no").reason


def test_what_was_left_out_can_be_reopened_and_is_no_deviation_any_more(decided: Operator) -> None:
    steps.skip(decided, "1", "the bot is down")
    assert "Reopen it first" in refusal(decided, steps.done, "1").reason
    steps.reopen(decided, "1", "the bot is back")
    assert states(decided)["1"] == "pending"
    assert deviations(decided) == []
    steps.done(decided, "1")
    assert "nothing to reopen" in refusal(decided, steps.reopen, "1", "once more").reason


def test_leaving_out_a_group_leaves_out_what_is_open_in_it(room: Room) -> None:
    op = room.decided(GROUPED)
    steps.done(op, "1")
    steps.done(op, "2.1", "by hand")
    steps.skip(op, "2", "two is new already")
    assert (states(op)["2.1"], states(op)["2.2"]) == ("done", "skipped")


# ── changed, added, moved ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_step_is_changed_in_this_backout_alone(room: Room) -> None:
    op = room.start(GROUPED)
    steps.change(op, "4", command="echo deploy 1.9", title=" Deploy 1.9 ", reason="the tag is known")
    step = op.backout.steps["4"]
    assert (step.command, step.title, step.origin) == ("echo deploy 1.9", "Deploy 1.9", "changed")
    assert deviations(op) == [("changed", "4", "the tag is known")]
    assert "<tag>" in (op.desk.reader.plan_text(op.backout.ref.id) or "")


def test_a_manual_step_with_a_command_is_a_command_from_then_on(op: Operator) -> None:
    steps.change(op, "2", command="echo told", reason="there is a script")
    assert op.backout.steps["2"].kind == "command"


@pytest.mark.parametrize(
    "wrong",
    [{}, {"title": " "}, {"command": "\n"}, {"title": "x", "reason": ""}],
)
def test_a_change_that_cannot_be_is_not_recorded(op: Operator, wrong: dict[str, str]) -> None:
    with nothing_written(op), pytest.raises(BackoutError):
        steps.change(op, "1", **{"reason": "why not", **wrong})


def test_what_is_done_and_what_is_a_group_is_not_changed(room: Room) -> None:
    op = room.decided(GROUPED)
    steps.done(op, "1")
    assert "is done" in refusal(op, steps.change, "1", title="x", reason="late").reason
    assert "sub-steps" in refusal(op, steps.change, "2", title="x", reason="late").reason


def test_added_steps_are_numbered_after_the_one_they_follow_and_never_alike(op: Operator) -> None:
    created = [
        steps.add(op, "x", after=after, reason="found on the way").created for after in ("2", "2", "2a", "4", "", "")
    ]
    assert created == ["2a", "2b", "2c", "4a", "4b", "4c"]
    assert list(op.backout.steps) == ["1", "2", "2b", "2a", "2c", "3", "4", "4a", "4b", "4c"]
    assert op.backout.steps["2a"].origin == "added"


def test_a_step_added_at_the_end_is_no_part_of_the_last_group(room: Room) -> None:
    text = GROUPED.partition("### 3.")[0]
    op = room.start(text)
    receipt = steps.add(op, "Look again", reason="to be sure")
    assert receipt.created == "2a"
    assert receipt.backout.steps["2a"].parent == ""
    assert steps.add(op, "And once more", after="2.2", reason="to be sure").created == "2.2a"
    assert op.backout.steps["2.2a"].parent == "2"


def test_a_letter_that_the_plan_uses_itself_is_not_given_again(room: Room) -> None:
    op = room.start(HEAD + "## Steps\n\n### 1. One\n\n### 1a. One more\n")
    assert list(op.backout.steps) == ["1", "1a"]
    assert steps.add(op, "x", after="1", reason="found on the way").created == "1b"


def test_adding_beside_a_plan_needs_a_reason_and_without_a_plan_none(room: Room) -> None:
    op = room.start()
    with nothing_written(op), pytest.raises(BackoutError, match="reason is missing"):
        steps.add(op, "x")
    with nothing_written(op), pytest.raises(BackoutError, match="title is missing"):
        steps.add(op, " ", reason="found on the way")
    with nothing_written(op), pytest.raises(BackoutError, match="no step 9"):
        steps.add(op, "x", after="9", reason="found on the way")
    bare = room.start(HEAD.replace("web 2.0", "bare 1.0"))
    assert [steps.add(bare, title).created for title in ("one", "two")] == ["1", "2"]
    assert steps.add(bare, "between", after="1", command="true").created == "1a"
    assert deviations(bare) == []
    assert bare.backout.steps["1a"].kind == "command"
    steps.add(bare, "by hand", command=" \n")
    assert bare.backout.steps["3"].kind == "manual"


def test_a_moved_step_keeps_its_number(op: Operator) -> None:
    steps.move(op, "2", "4", "the desk opens at six")
    assert list(op.backout.steps) == ["1", "3", "4", "2"]
    assert deviations(op) == [("moved", "2", "the desk opens at six")]
    assert "cannot stand after itself" in refusal(op, steps.move, "2", "2", "why").reason
    with nothing_written(op), pytest.raises(BackoutError, match="no step 9"):
        steps.move(op, "2", "9", "why")


# ── options, conditions, values, doubts ───────────────────────────────────────────────────────────────────────────


def test_a_way_is_chosen_by_its_letter_and_the_other_is_not_needed(room: Room) -> None:
    op = room.decided(WAYS)
    steps.done(op, "1")
    assert "Choose one of the options first" in refusal(op, steps.done, "A1").reason
    steps.choose_option(op, "b", "the image is gone")
    assert states(op) == {"1": "done", "A1": "not_needed", "A2": "not_needed", "B1": "pending"}
    assert [one[0] for one in deviations(op)] == ["option"]
    steps.choose_option(op, "A: roll back", "found the image")
    assert states(op)["A1"] == "pending"
    steps.done(op, "A1")
    assert "was begun already with step A1" in refusal(op, steps.choose_option, "B", "after all").reason
    with nothing_written(op), pytest.raises(BackoutError, match=r"no option C.*A: roll back"):
        steps.choose_option(op, "C", "why")


def test_a_condition_answered_no_is_not_needed_and_no_deviation(room: Room) -> None:
    op = room.decided(GROUPED)
    assert "no condition" in refusal(op, steps.answer, "1", "no").reason
    with nothing_written(op), pytest.raises(BackoutError, match="yes or no"):
        steps.answer(op, "3", "maybe")
    steps.answer(op, "3", "no")
    assert states(op)["3"] == "not_needed"
    assert deviations(op) == []


@pytest.mark.parametrize("name", ["", "A B", "1A", "A=B", "Ä", "A\n"])
def test_a_name_that_no_shell_takes_is_not_set(op: Operator, name: str) -> None:
    if name == "A\n":  # white space around a name is a slip of the hand
        assert steps.set_variable(op, name, "x").backout.variables["A"] == "x"
        return
    with nothing_written(op), pytest.raises(BackoutError, match="no name of a variable"):
        steps.set_variable(op, name, "x")


def test_a_secret_is_never_set(room: Room) -> None:
    op = room.start(GROUPED)
    assert "never recorded" in refusal(op, steps.set_variable, "TOKEN", "hunter2").reason
    assert steps.set_variable(op, "TAG", "1.9", "as the registry says").backout.variables["TAG"] == "1.9"


def test_only_what_is_in_doubt_is_resolved(decided: Operator) -> None:
    assert "not in doubt" in refusal(decided, steps.resolve, "1", "done", "looked").reason
    with nothing_written(decided), pytest.raises(BackoutError, match="done, failed, not-started"):
        steps.resolve(decided, "1", "maybe", "looked")


UNKNOWN: list[tuple[Callable[..., object], tuple[Any, ...]]] = [
    (steps.done, ()),
    (steps.fail, ("why",)),
    (steps.skip, ("why",)),
    (steps.reopen, ("why",)),
    (steps.resolve, ("done", "why")),
    (steps.answer, ("no",)),
]


@pytest.mark.parametrize(("verb", "more"), UNKNOWN)
def test_an_unknown_step_is_told_with_those_there_are(
    op: Operator, verb: Callable[..., object], more: tuple[Any, ...]
) -> None:
    with nothing_written(op), pytest.raises(BackoutError, match=r"no step 9.*There are: 1, 2, 3, 4"):
        verb(op, "9", *more)


def test_a_step_is_found_in_whatever_case_it_is_typed(room: Room) -> None:
    op = room.decided(WAYS)
    steps.done(op, " 1 ")
    steps.choose_option(op, "a", "as planned here")
    assert steps.done(op, "a1").backout.steps["A1"].state is StepStatus.DONE
