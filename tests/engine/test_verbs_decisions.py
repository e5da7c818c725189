"""The decision, the verdict, closing and reopening; breaking the glass."""

from __future__ import annotations

import pytest

from backout_tui.domain.backout.state import Phase
from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import check_verbs, decision_verbs, note_verbs, problem_verbs, step_verbs
from backout_tui.errors import BackoutError
from tests.engine.desks import BY_HAND, HEAD, PEOPLE, Room, kinds, nothing_written, refusal

WITH_CHECKS = (
    HEAD
    + """## Steps

### 1. Do it

## Verification

### A. It works

### B. Nice to have
- optional
"""
)


def test_a_decision_needs_a_problem(op: Operator) -> None:
    refused = refusal(op, decision_verbs.decide, by="kim", reason="errors above two percent")
    assert "No problem is logged" in refused.reason
    assert refused.lifted_by == "break-glass"


def test_breaking_the_glass_decides_without_one_and_prepares_a_message_to_the_authoriser(room: Room) -> None:
    op = room.start(BY_HAND + PEOPLE)
    backout = decision_verbs.decide(op, by="kim", reason="we lose orders now", break_glass=True).backout
    assert kinds(op, 1) == ["ControlsTaken", "GlassBroken", "MessageWritten", "Decided"]
    assert (backout.glass[0].what, backout.glass[0].reason) == ("decide to back-out", "we lose orders now")
    (message,) = backout.messages.values()
    assert (message.origin, message.to, message.state) == ("prepared", ("release manager",), "draft")
    assert backout.decision is not None
    assert backout.decision.break_glass


def test_breaking_the_glass_without_a_reason_is_not_possible(op: Operator) -> None:
    with nothing_written(op), pytest.raises(BackoutError, match="reason"):
        decision_verbs.decide(op, by="kim", reason=" ", break_glass=True)


@pytest.mark.parametrize(
    ("by", "named"), [("release manager", True), ("Web Lead", True), ("kim", False), ("release", False)]
)
def test_anybody_may_be_named_and_it_is_said_who_is_not_the_named_authoriser(
    op: Operator, by: str, named: bool
) -> None:
    problem_verbs.log(op, "5xx")
    decision = decision_verbs.decide(op, by=by, reason="errors above two percent").backout.decision
    assert decision is not None
    assert (decision.by, decision.named_authoriser) == (by, named)


def test_a_decision_names_the_problems_that_are_open_and_how_the_authoriser_agreed(op: Operator) -> None:
    problem_verbs.log(op, "5xx")
    problem_verbs.log(op, "slow")
    problem_verbs.resolve(op, "P2")
    decision = decision_verbs.decide(
        op, "fix-forward", by="kim", reason="one line to fix", agreed=" by phone "
    ).backout.decision
    assert decision is not None
    assert (decision.kind, decision.problems, decision.agreed) == ("fix-forward", ("P1",), "by phone")


@pytest.mark.parametrize("wrong", [{"kind": "panic"}, {"by": " "}, {"reason": ""}])
def test_a_decision_that_says_too_little_is_not_recorded(op: Operator, wrong: dict[str, str]) -> None:
    problem_verbs.log(op, "5xx")
    given = {"kind": "back-out", "by": "kim", "reason": "errors", **wrong}
    with nothing_written(op), pytest.raises(BackoutError):
        decision_verbs.decide(op, **given)  # type: ignore[arg-type]


def test_the_phases_follow_from_what_was_done(room: Room) -> None:
    op = room.start(WITH_CHECKS)
    assert op.backout.phase is Phase.IDENTIFYING
    assert problem_verbs.log(op, "5xx", assign="kim").backout.phase is Phase.DECIDING
    assert (
        decision_verbs.decide(op, by="kim", reason="errors everywhere now", agreed="here").backout.phase
        is Phase.BACKING_OUT
    )
    assert step_verbs.done(op, "1").backout.phase is Phase.VERIFYING
    assert check_verbs.record(op, "A", "pass", "looked").backout.phase is Phase.VERDICT
    assert decision_verbs.verdict(op, "backed-out").backout.phase is Phase.VERDICT
    assert decision_verbs.close(op).backout.phase is Phase.CLOSED


def test_backed_out_needs_the_required_checks_or_a_reason(room: Room) -> None:
    op = room.decided(WITH_CHECKS)
    refused = refusal(op, decision_verbs.verdict, "backed-out")
    assert ("A" in refused.reason, refused.lifted_by) == (True, "reason")
    check_verbs.record(op, "A", "fail", "still slow")
    assert "have not passed: A." in refusal(op, decision_verbs.verdict, "backed-out").reason
    assert decision_verbs.verdict(op, "with-residue").backout.verdict is not None
    given = decision_verbs.verdict(op, "backed-out", "the check itself is wrong").backout.verdict
    assert given is not None
    assert (given.outcome, given.reason) == ("backed-out", "the check itself is wrong")


def test_an_unknown_outcome_is_told_with_those_there_are(decided: Operator) -> None:
    with nothing_written(decided), pytest.raises(BackoutError, match="backed-out, with-residue"):
        decision_verbs.verdict(decided, "fine")
    with nothing_written(decided), pytest.raises(BackoutError, match="no outcome fine"):
        decision_verbs.close(decided, outcome="fine", reason="enough for one night")


def test_closing_needs_a_verdict_and_a_reason_for_what_is_left_open(decided: Operator) -> None:
    assert "no verdict" in refusal(decided, decision_verbs.close, reason="enough for one night").reason
    decision_verbs.verdict(decided, "partly")
    refused = refusal(decided, decision_verbs.close)
    assert ("step 1 is pending" in refused.reason, refused.lifted_by) == (True, "reason")
    receipt = decision_verbs.close(decided, reason="the rest is done in the morning")
    assert receipt.event is not None
    assert receipt.event.data["outcome"] == "partly"
    assert "P1 is assigned to nobody" in receipt.event.data["left_open"]
    assert receipt.backout.close_reason == "the rest is done in the morning"


def test_an_outcome_given_on_closing_is_the_verdict_and_the_same_one_is_not_given_twice(decided: Operator) -> None:
    before = decided.backout.seq
    decision_verbs.close(decided, outcome="stood-down", reason="nothing was wrong after all")
    assert kinds(decided, before) == ["VerdictGiven", "BackoutClosed"]
    decision_verbs.reopen(decided, "it came back")
    decision_verbs.verdict(decided, "failed")
    before = decided.backout.seq
    decision_verbs.close(decided, outcome="failed", reason="the snapshot is restored by hand")
    assert kinds(decided, before) == ["BackoutClosed"]


def test_what_is_left_open_is_judged_by_the_outcome_that_is_given_with_it(decided: Operator) -> None:
    """Who fixed forward leaves no steps open."""
    problem_verbs.assign(decided, "P1", "kim")
    receipt = decision_verbs.close(decided, outcome="fixed-forward")
    assert receipt.event is not None
    assert receipt.event.data["left_open"] == []


def test_a_thin_reason_is_accepted_and_comes_back_when_closing(decided: Operator) -> None:
    seq = step_verbs.skip(decided, "2", "no time").backout.seq
    decision_verbs.verdict(decided, "partly")
    assert (
        f"the reason for skipping step 2 is thin: “no time” (event {seq})"
        in refusal(decided, decision_verbs.close).reason
    )
    note_verbs.complete_reason(decided, seq, "the desk was closed at that hour")
    assert "thin" not in refusal(decided, decision_verbs.close).reason


def test_after_closing_nothing_is_written_until_it_is_reopened_with_a_reason(decided: Operator) -> None:
    decision_verbs.close(decided, outcome="failed", reason="the snapshot is restored by hand")
    for refused in (
        refusal(decided, note_verbs.add, "one more thing"),
        refusal(decided, decision_verbs.close, outcome="failed", reason="again"),
        refusal(decided, decision_verbs.verdict, "failed"),
        refusal(decided, step_verbs.done, "1"),
    ):
        assert "closed" in refused.reason
    with nothing_written(decided), pytest.raises(BackoutError, match="reason"):
        decision_verbs.reopen(decided, " ")
    backout = decision_verbs.reopen(decided, "it came back").backout
    assert (backout.phase, backout.verdict) == (Phase.BACKING_OUT, None)
    assert "not closed" in refusal(decided, decision_verbs.reopen, "again").reason
