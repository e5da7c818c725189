"""Steps changed, added and moved in this backout alone; options, conditions, values, doubts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from backout_tui.domain.backout.states import StepStatus
from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import step_verbs
from backout_tui.errors import BackoutError
from tests.engine.desks import HEAD, Room, nothing_written, refusal
from tests.engine.test_verbs_steps import GROUPED, deviations, states

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


# ── changed, added, moved ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_step_is_changed_in_this_backout_alone(room: Room) -> None:
    op = room.start(GROUPED)
    step_verbs.change(op, "4", command="echo deploy 1.9", title=" Deploy 1.9 ", reason="the tag is known")
    step = op.backout.steps["4"]
    assert (step.command, step.title, step.origin) == ("echo deploy 1.9", "Deploy 1.9", "changed")
    assert deviations(op) == [("changed", "4", "the tag is known")]
    assert "<tag>" in (op.desk.reader.plan_text(op.backout.ref.id) or "")


def test_a_manual_step_with_a_command_is_a_command_from_then_on(op: Operator) -> None:
    step_verbs.change(op, "2", command="echo told", reason="there is a script")
    assert op.backout.steps["2"].kind == "command"


@pytest.mark.parametrize(
    "wrong",
    [{}, {"title": " "}, {"command": "\n"}, {"title": "x", "reason": ""}],
)
def test_a_change_that_cannot_be_is_not_recorded(op: Operator, wrong: dict[str, Any]) -> None:
    with nothing_written(op), pytest.raises(BackoutError):
        step_verbs.change(op, "1", **{"reason": "why not", **wrong})


def test_what_is_done_and_what_is_a_group_is_not_changed(room: Room) -> None:
    op = room.decided(GROUPED)
    step_verbs.done(op, "1")
    assert "is done" in refusal(op, step_verbs.change, "1", title="x", reason="late").reason
    assert "sub-steps" in refusal(op, step_verbs.change, "2", title="x", reason="late").reason


def test_added_steps_are_numbered_after_the_one_they_follow_and_never_alike(op: Operator) -> None:
    created = [
        step_verbs.add(op, "x", after=after, reason="found on the way").created
        for after in ("2", "2", "2a", "4", "", "")
    ]
    assert created == ["2a", "2b", "2c", "4a", "4b", "4c"]
    assert list(op.backout.steps) == ["1", "2", "2b", "2a", "2c", "3", "4", "4a", "4b", "4c"]
    assert op.backout.steps["2a"].origin == "added"


def test_a_step_added_at_the_end_is_no_part_of_the_last_group(room: Room) -> None:
    text = GROUPED.partition("### 3.")[0]
    op = room.start(text)
    receipt = step_verbs.add(op, "Look again", reason="to be sure")
    assert receipt.created == "2a"
    assert receipt.backout.steps["2a"].parent == ""
    assert step_verbs.add(op, "And once more", after="2.2", reason="to be sure").created == "2.2a"
    assert op.backout.steps["2.2a"].parent == "2"


def test_a_letter_that_the_plan_uses_itself_is_not_given_again(room: Room) -> None:
    op = room.start(HEAD + "## Steps\n\n### 1. One\n\n### 1a. One more\n")
    assert list(op.backout.steps) == ["1", "1a"]
    assert step_verbs.add(op, "x", after="1", reason="found on the way").created == "1b"


def test_adding_beside_a_plan_needs_a_reason_and_without_a_plan_none(room: Room) -> None:
    op = room.start()
    with nothing_written(op), pytest.raises(BackoutError, match="reason is missing"):
        step_verbs.add(op, "x")
    with nothing_written(op), pytest.raises(BackoutError, match="title is missing"):
        step_verbs.add(op, " ", reason="found on the way")
    with nothing_written(op), pytest.raises(BackoutError, match="no step 9"):
        step_verbs.add(op, "x", after="9", reason="found on the way")
    bare = room.start(HEAD.replace("web 2.0", "bare 1.0"))
    assert [step_verbs.add(bare, title).created for title in ("one", "two")] == ["1", "2"]
    assert step_verbs.add(bare, "between", after="1", command="true").created == "1a"
    assert deviations(bare) == []
    assert bare.backout.steps["1a"].kind == "command"
    step_verbs.add(bare, "by hand", command=" \n")
    assert bare.backout.steps["3"].kind == "manual"


def test_a_moved_step_keeps_its_number(op: Operator) -> None:
    step_verbs.move(op, "2", "4", "the desk opens at six")
    assert list(op.backout.steps) == ["1", "3", "4", "2"]
    assert deviations(op) == [("moved", "2", "the desk opens at six")]
    assert "cannot be moved after itself" in refusal(op, step_verbs.move, "2", "2", "why").reason
    with nothing_written(op), pytest.raises(BackoutError, match="no step 9"):
        step_verbs.move(op, "2", "9", "why")


# ── options, conditions, values, doubts ───────────────────────────────────────────────────────────────────────────


def test_a_way_is_chosen_by_its_letter_and_the_other_is_not_needed(room: Room) -> None:
    op = room.decided(WAYS)
    step_verbs.done(op, "1")
    assert "Choose one of the options first" in refusal(op, step_verbs.done, "A1").reason
    step_verbs.choose_option(op, "b", "the image is gone")
    assert states(op) == {"1": "done", "A1": "not_needed", "A2": "not_needed", "B1": "pending"}
    assert [one[0] for one in deviations(op)] == ["option"]
    step_verbs.choose_option(op, "A: roll back", "found the image")
    assert states(op)["A1"] == "pending"
    step_verbs.done(op, "A1")
    assert "has already started with step A1" in refusal(op, step_verbs.choose_option, "B", "after all").reason
    with nothing_written(op), pytest.raises(BackoutError, match=r"no option C.*A: roll back"):
        step_verbs.choose_option(op, "C", "why")


def test_a_condition_answered_no_is_not_needed_and_no_deviation(room: Room) -> None:
    op = room.decided(GROUPED)
    assert "no condition" in refusal(op, step_verbs.answer, "1", "no").reason
    with nothing_written(op), pytest.raises(BackoutError, match="yes or no"):
        step_verbs.answer(op, "3", "maybe")
    step_verbs.answer(op, "3", "no")
    assert states(op)["3"] == "not_needed"
    assert deviations(op) == []


@pytest.mark.parametrize("name", ["", "A B", "1A", "A=B", "Ä", "A\n"])
def test_a_name_that_no_shell_takes_is_not_set(op: Operator, name: str) -> None:
    if name == "A\n":  # white space around a name is a slip of the hand
        assert step_verbs.set_variable(op, name, "x").backout.variables["A"] == "x"
        return
    with nothing_written(op), pytest.raises(BackoutError, match="not a valid name for a variable"):
        step_verbs.set_variable(op, name, "x")


def test_a_secret_is_never_set(room: Room) -> None:
    op = room.start(GROUPED)
    assert "never recorded" in refusal(op, step_verbs.set_variable, "TOKEN", "hunter2").reason
    assert step_verbs.set_variable(op, "TAG", "1.9", "as the registry says").backout.variables["TAG"] == "1.9"


def test_only_what_is_in_doubt_is_resolved(decided: Operator) -> None:
    assert "not in doubt" in refusal(decided, step_verbs.resolve, "1", "done", "looked").reason
    with nothing_written(decided), pytest.raises(BackoutError, match="done, failed, not-started"):
        step_verbs.resolve(decided, "1", "maybe", "looked")


UNKNOWN: list[tuple[Callable[..., object], tuple[Any, ...]]] = [
    (step_verbs.done, ()),
    (step_verbs.fail, ("why",)),
    (step_verbs.skip, ("why",)),
    (step_verbs.reopen, ("why",)),
    (step_verbs.resolve, ("done", "why")),
    (step_verbs.answer, ("no",)),
]


@pytest.mark.parametrize(("verb", "more"), UNKNOWN)
def test_an_unknown_step_is_told_with_those_there_are(
    op: Operator, verb: Callable[..., object], more: tuple[Any, ...]
) -> None:
    with nothing_written(op), pytest.raises(BackoutError, match=r"no step 9.*There are: 1, 2, 3, 4"):
        verb(op, "9", *more)


def test_a_step_is_found_in_whatever_case_it_is_typed(room: Room) -> None:
    op = room.decided(WAYS)
    step_verbs.done(op, " 1 ")
    step_verbs.choose_option(op, "a", "as planned here")
    assert step_verbs.done(op, "a1").backout.steps["A1"].state is StepStatus.DONE
