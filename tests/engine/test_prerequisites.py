"""*Before you start*, on a real database: what is ticked, what is left, what stands in the log and in the reports."""

from __future__ import annotations

import pytest

from backout_tui.domain.backout.prerequisites import prerequisites
from backout_tui.domain.backout.states import StepStatus
from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import note_verbs, prerequisite_verbs, run_verbs, step_verbs
from backout_tui.engine.verbs.prerequisite_verbs import Ticked
from backout_tui.errors import BackoutError
from backout_tui.reports.show_json import show_json
from tests.engine.desks import HEAD, Room, kinds, nothing_written, refusal

PLAN = (
    HEAD
    + """## Before you start
- the VPN is up
- you are the only one who deploys

## Steps

### 1. Freeze

### 2. Restore

```sh
true
```
"""
)


@pytest.fixture
def decided(room: Room) -> Operator:
    return room.decided(PLAN)


def answers(op: Operator) -> list[tuple[str, str, str]]:
    return [(one.tick.answer.value, one.tick.reason, one.tick.by) for one in prerequisites(op.backout)]


def test_the_first_step_waits_for_both_lines(decided: Operator) -> None:
    with nothing_written(decided):
        assert refusal(decided, step_verbs.done, "1").lifted_by == "ticks"
        assert refusal(decided, run_verbs.refuse_run, "2", reason="").lifted_by == "reason"
    prerequisite_verbs.answer(decided, 1, "yes")
    assert "VPN" not in refusal(decided, step_verbs.done, "1").reason
    prerequisite_verbs.answer(decided, 2, "yes", "asked in the channel")
    assert step_verbs.done(decided, "1").backout.steps["1"].state is StepStatus.DONE
    assert answers(decided) == [("yes", "", "sam"), ("yes", "asked in the channel", "sam")]
    assert decided.backout.started_without is None


def test_a_command_that_is_the_first_step_waits_for_them_too(decided: Operator) -> None:
    step_verbs.skip(decided, "1", "it was never frozen")
    assert refusal(decided, run_verbs.refuse_run, "2").lifted_by == "ticks"
    run_verbs.refuse_run(decided, "2", reason="the VPN is not needed")
    assert refusal(decided, run_verbs.run, "2", ticked=Ticked({1: "yes"})).lifted_by == "ticks"


def test_one_reason_covers_all_of_them_and_is_not_the_steps(decided: Operator) -> None:
    step_verbs.done(decided, "1", reason="the jump host works without it")
    without = decided.backout.started_without
    assert without is not None
    assert (without.left, without.reason, without.by) == ((1, 2), "the jump host works without it", "sam")
    assert kinds(decided)[-2:] == ["PrerequisitesLeft", "StepDone"]
    assert decided.backout.steps["1"].reason == ""
    assert decided.backout.deviations == ()


def test_a_reason_for_the_ticks_lifts_nothing_else(decided: Operator) -> None:
    refused = refusal(decided, step_verbs.done, "2", "by hand", ticked=Ticked({}, "the VPN is not needed"))
    assert refused.lifted_by == "reason"
    assert "Step 1 comes first" in refused.reason


def test_the_confirmation_records_its_ticks_with_the_step_or_not_at_all(decided: Operator) -> None:
    with nothing_written(decided):
        refusal(decided, step_verbs.done, "1", ticked=Ticked({1: "yes"}))
    step_verbs.done(decided, "1", ticked=Ticked({1: "yes", 2: "no"}, "nobody else is awake"))
    assert kinds(decided)[-4:] == ["PrerequisiteAnswered", "PrerequisiteAnswered", "PrerequisitesLeft", "StepDone"]
    assert decided.backout.started_without is not None
    assert decided.backout.started_without.left == (2,)


def test_all_ticked_there_needs_no_reason(decided: Operator) -> None:
    step_verbs.done(decided, "1", ticked=Ticked({1: "yes", 2: "yes"}))
    assert decided.backout.started_without is None
    before = len(kinds(decided))
    step_verbs.skip(decided, "2", "it was never changed")
    assert len(kinds(decided)) == before + 1


def test_the_last_word_counts_and_a_line_that_is_not_there_is_refused(decided: Operator) -> None:
    prerequisite_verbs.answer(decided, 1, "yes")
    prerequisite_verbs.answer(decided, 1, "no", "it dropped a minute ago")
    assert answers(decided)[0] == ("no", "it dropped a minute ago", "sam")
    for number in (0, 3, -1):
        with pytest.raises(BackoutError, match="There are: 1 to 2"):
            prerequisite_verbs.answer(decided, number, "yes")


def test_a_thin_reason_is_completed_where_it_is_told(decided: Operator) -> None:
    step_verbs.done(decided, "1", reason="no VPN")
    (thin,) = decided.backout.thin_reasons
    assert "starting before everything was ticked" in str(thin)
    note_verbs.complete_reason(decided, thin.event, "the jump host works without the VPN")
    assert decided.backout.started_without is not None
    assert decided.backout.started_without.reason == "the jump host works without the VPN"


def test_json_names_each_line_and_its_state(decided: Operator) -> None:
    prerequisite_verbs.answer(decided, 2, "yes")
    document = show_json(decided.backout)
    assert [(one["text"], one["state"]) for one in document["prerequisites"]] == [
        ("the VPN is up", "open"),
        ("you are the only one who deploys", "yes"),
    ]
    assert document["started_without"] is None
    step_verbs.done(decided, "1", reason="the jump host works without it")
    assert show_json(decided.backout)["started_without"]["left"] == [1]
