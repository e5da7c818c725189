"""Steps by a person's word: done, failed, left out, reopened."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backout_tui.domain.backout.states import StepStatus
from backout_tui.domain.rules.outstanding import left_open
from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import decision_verbs, problem_verbs, step_verbs
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


def states(op: Operator) -> dict[str, str]:
    """Every step's state by its number."""
    return {step.number: step.state.value for step in op.backout.steps.values()}


def deviations(op: Operator) -> list[tuple[str, str, str]]:
    """Kind, step and reason of each deviation."""
    return [(one.kind, one.step, one.reason) for one in op.backout.deviations]


# ── done, failed ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_only_a_step_that_says_so_is_done_before_the_decision(op: Operator) -> None:
    assert step_verbs.done(op, "1").backout.steps["1"].state is StepStatus.DONE
    refused = refusal(op, step_verbs.done, "2")
    assert ("Nobody has decided" in refused.reason, refused.lifted_by) == (True, "break-glass")


def test_a_decision_not_to_back_out_does_not_open_the_steps(op: Operator) -> None:
    problem_verbs.log(op, "5xx")
    decision_verbs.decide(op, "fix-forward", by="kim", reason="one line to fix")
    step_verbs.done(op, "1")
    assert "fix-forward" in refusal(op, step_verbs.done, "2").reason


def test_the_glass_is_broken_only_where_the_decision_is_missing(room: Room) -> None:
    op = room.start(BY_HAND + PEOPLE)
    with nothing_written(op), pytest.raises(BackoutError, match="breaking the glass is missing"):
        step_verbs.done(op, "2", break_glass=True)
    step_verbs.done(op, "1", reason="because", break_glass=True)
    assert "GlassBroken" not in kinds(op)
    before = op.backout.seq
    backout = step_verbs.done(op, "2", reason="orders are lost every second", break_glass=True).backout
    assert kinds(op, before) == ["GlassBroken", "MessageWritten", "StepDone"]
    assert backout.glass[0].what == "run step 2"
    assert backout.phase.value == "backing_out"


def test_out_of_order_needs_a_reason_and_is_a_deviation(decided: Operator) -> None:
    refused = refusal(decided, step_verbs.done, "3")
    assert ("steps 1 and 2 come first" in refused.reason, refused.lifted_by) == (True, "reason")
    step_verbs.done(decided, "3", reason="the snapshot expires at four")
    assert deviations(decided) == [("reordered", "3", "the snapshot expires at four")]
    assert decided.backout.deviations[0].ahead_of == ("1", "2")


def test_what_is_skipped_opens_nothing_behind_what_is_still_open(decided: Operator) -> None:
    step_verbs.skip(decided, "2", "it was done before the night")
    refused = refusal(decided, step_verbs.done, "3")
    assert ("Step 1 comes first" in refused.reason, refused.lifted_by) == (True, "reason")
    step_verbs.done(decided, "1")
    step_verbs.done(decided, "3")
    assert [one.kind for one in decided.backout.deviations] == ["skipped"]


def test_a_reason_where_none_was_needed_is_a_note_and_accuses_nobody(decided: Operator) -> None:
    step_verbs.done(decided, "1", reason="fine")
    step_verbs.done(decided, "2", reason="ok then")
    step_verbs.set_variable(decided, "REGION", "eu", "typo")
    assert (decided.backout.deviations, decided.backout.thin) == ((), ())
    assert not [one for one in left_open(decided.backout) if "thin" in one]


def test_a_reason_that_no_gate_asked_for_is_kept_all_the_same(decided: Operator) -> None:
    receipt = step_verbs.done(decided, "1", reason="the bot was down, frozen by hand")
    assert receipt.event is not None
    assert receipt.event.data["reason"] == "the bot was down, frozen by hand"
    assert receipt.backout.steps["1"].reason == "the bot was down, frozen by hand"
    assert deviations(decided) == []


def test_a_failed_step_stops_the_next_one_until_there_is_a_reason(decided: Operator) -> None:
    step_verbs.fail(decided, "1", "the bot does not answer")
    assert "Step 1 has failed" in refusal(decided, step_verbs.done, "2").reason
    assert "has failed already" in refusal(decided, step_verbs.fail, "1", "again").reason
    step_verbs.done(decided, "2", reason="the bot can wait")
    assert states(decided) == {"1": "failed", "2": "done", "3": "pending", "4": "pending"}


def test_done_against_the_program_needs_a_note_and_counts_as_worked_around(decided: Operator) -> None:
    step_verbs.fail(decided, "1", "the bot does not answer")
    assert refusal(decided, step_verbs.done, "1").lifted_by == "note"
    step_verbs.done(decided, "1", "frozen in the console")
    assert states(decided)["1"] == "done"
    assert deviations(decided) == [("worked_around", "1", "frozen in the console")]
    assert "is done" in refusal(decided, step_verbs.done, "1", "again").reason


def test_a_command_can_be_said_done_by_a_note_alone(room: Room) -> None:
    op = room.decided(GROUPED)
    step_verbs.done(op, "1")
    assert "add a note" in refusal(op, step_verbs.done, "2.1").reason
    step_verbs.done(op, "2.1", "restarted in the console")
    assert deviations(op) == [("worked_around", "2.1", "restarted in the console")]


def test_a_group_is_done_by_its_parts(room: Room) -> None:
    op = room.decided(GROUPED)
    step_verbs.done(op, "1")
    assert "sub-steps" in refusal(op, step_verbs.done, "2", "all of it").reason
    step_verbs.done(op, "2.1", "by hand")
    assert states(op)["2"] == "pending"
    step_verbs.done(op, "2.2", "by hand")
    assert states(op)["2"] == "done"


def test_failing_needs_a_reason_and_a_decision(op: Operator) -> None:
    with nothing_written(op), pytest.raises(BackoutError, match="reason is missing"):
        step_verbs.fail(op, "1", " ")
    assert "Nobody has decided" in refusal(op, step_verbs.fail, "2", "it broke").reason


# ── left out, reopened ────────────────────────────────────────────────────────────────────────────────────────────

LEAVE_OUT: list[tuple[Callable[..., object], str]] = [
    (step_verbs.skip, "skipped"),
    (step_verbs.work_around, "worked_around"),
    (step_verbs.not_needed, "not_needed"),
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
    assert ("only the authoriser may leave it out" in refused.reason, refused.lifted_by) == (True, "break-glass")
    assert room.other(op, "release manager").why_not_act() is not None  # sam's session lives
    op.close()
    lead = room.other(op, "release manager")
    verb(lead, "3", "the snapshot is not needed")
    assert states(lead)["3"] == state
    assert "GlassBroken" not in kinds(lead)


def test_leaving_out_a_required_step_by_glass_says_so_first(decided: Operator) -> None:
    step_verbs.skip(decided, "3", "nobody answers and it burns", break_glass=True)
    assert decided.backout.glass[0].what == "leave out required step 3"
    before = decided.backout.seq
    step_verbs.skip(decided, "2", "nobody answers and it burns", break_glass=True)
    assert kinds(decided, before) == ["StepSkipped"]


def test_a_failed_step_is_skipped_or_worked_around_and_never_not_needed(decided: Operator) -> None:
    step_verbs.fail(decided, "2", "nobody answers")
    assert "skip it or work around it" in refusal(decided, step_verbs.not_needed, "2", "no").reason
    step_verbs.work_around(decided, "2", "mailed them instead")
    assert "worked around" in refusal(decided, step_verbs.skip, "2", "no").reason


def test_what_was_left_out_can_be_reopened_and_is_no_deviation_any_more(decided: Operator) -> None:
    step_verbs.skip(decided, "1", "the bot is down")
    assert "Reopen it first" in refusal(decided, step_verbs.done, "1").reason
    step_verbs.reopen(decided, "1", "the bot is back")
    assert states(decided)["1"] == "pending"
    assert deviations(decided) == []
    step_verbs.done(decided, "1")
    assert "nothing to reopen" in refusal(decided, step_verbs.reopen, "1", "once more").reason


def test_leaving_out_a_group_leaves_out_what_is_open_in_it(room: Room) -> None:
    op = room.decided(GROUPED)
    step_verbs.done(op, "1")
    step_verbs.done(op, "2.1", "by hand")
    step_verbs.skip(op, "2", "two is new already")
    assert (states(op)["2.1"], states(op)["2.2"]) == ("done", "skipped")
