"""Conditions, options, loops, tries and captures by the verbs, on a real database with real processes."""

from __future__ import annotations

import json
from typing import Any

from backout_tui.domain.backout.states import StepStatus
from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import run_verbs, step_verbs
from backout_tui.reports.log_words import sentence
from backout_tui.reports.show_json import show_json
from tests.engine.bench import wait_for
from tests.engine.desks import HEAD, PEOPLE, Room, kinds, log_of, refusal, settled

PLAN = (
    HEAD
    + """## Variables
- RUNS (captured by 1)
- TOKEN (secret)

## Steps

### 1. Find what runs
- capture: RUNS

```sh
echo looking; echo "web 2.0; touch pwned"
```

### 2. Drain
- for each: a, b
- only if: they are full

```sh
echo "$ITEM of $RUNS" >> drained; test "$ITEM" != b || test -e allowed
```

### 3. Wait
- waits for: 1
- until: every 1 s, at most 30 s

```sh
echo x >> tries; test -e ready && echo ready
```

Expect: `ready`

### 4. Not so
- waits for: 1
- until: when it is so

```sh
true
```

### 5. Neither
- waits for: 1
- capture: TOKEN

```sh
true
```

### 6. After both
- waits for: 2, 3

### Phase: Caches
- only if: there are caches
- owner: web lead

#### 7. Empty them

#### 8. Fill them
"""
    + PEOPLE
)


def outcome(op: Operator) -> dict[str, Any]:
    """The data of the newest event."""
    return dict(log_of(op)[-1].data)


def captured(room: Room) -> Operator:
    """Decided, and step 1 is done."""
    op = room.decided(PLAN)
    run_verbs.run(op, "1")
    settled(op)
    return op


# ── only if ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_step_with_an_open_condition_is_refused_with_the_verb_that_answers_it(room: Room) -> None:
    op = captured(room)
    refused = refusal(op, run_verbs.run, "2[a]", reason="now", break_glass=True)
    assert refused.reason == (
        "Step 2 applies only if they are full. First say whether that is so: step-condition 2[a] yes or no."
    )
    assert "step-condition 2[a]" in refusal(op, run_verbs.refuse_run, "2[a]").reason
    assert "step-condition 7" in refusal(op, step_verbs.done, "7", reason="now").reason


def test_a_loop_is_answered_once_by_any_of_its_items(room: Room) -> None:
    op = captured(room)
    receipt = step_verbs.answer(op, "2[b]", "no")
    assert receipt.event is not None
    assert dict(receipt.event.data) == {"step": "2", "answer": "no"}
    assert [receipt.backout.steps[number].state.value for number in ("2", "2[a]", "2[b]")] == ["not_needed"] * 3
    assert receipt.backout.deviations == ()


def test_a_phase_is_answered_once_and_its_owner_is_its_steps(room: Room) -> None:
    op = captured(room)
    assert op.backout.steps["7"].fact("owner") == "web lead"
    receipt = step_verbs.answer(op, "8", "no")
    assert receipt.event is not None
    assert receipt.event.data["part"] == "phase Caches"
    assert "answered the condition of phase Caches: no" in sentence(receipt.event)
    assert [receipt.backout.steps[number].state.value for number in ("7", "8")] == ["not_needed", "not_needed"]
    step_verbs.answer(op, "7", "yes")
    assert "no condition" in refusal(op, step_verbs.answer, "6", "yes").reason
    again = room.other(op)
    assert dict(again.backout.part_conditions) == {"phase Caches": "yes"}
    assert again.backout.steps["7"].state is StepStatus.PENDING


# ── for each ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_item_runs_with_its_name_has_attempts_of_its_own_and_is_recorded(room: Room) -> None:
    op = captured(room)
    step_verbs.answer(op, "2", "yes")
    assert "consists of sub-steps" in refusal(op, run_verbs.run, "2").reason
    assert "Step 2[a] comes first" in refusal(op, run_verbs.run, "2[b]").reason
    run_verbs.run(op, "2[a]")
    assert settled(op).steps["2[a]"].state is StepStatus.DONE
    run_verbs.run(op, "2[b]")
    assert settled(op).steps["2"].state is StepStatus.FAILED
    (room.place / "allowed").touch()
    run_verbs.run(op, "2[b]")
    backout = settled(op)
    assert [len(backout.steps[number].attempts) for number in ("2", "2[a]", "2[b]")] == [0, 1, 2]
    assert backout.steps["2"].state is StepStatus.DONE
    drained = (room.place / "drained").read_text().splitlines()
    assert drained == [f"{item} of web 2.0; touch pwned" for item in ("a", "b", "b")]
    started = [event for event in log_of(op) if event.kind == "StepStarted"]
    assert [(event.data["step"], event.data.get("item")) for event in started][1:3] == [("2[a]", "a"), ("2[b]", "b")]
    assert run_verbs.preview(op, "2[a]").besides == ("with ITEM=a",)


def test_the_log_holds_the_loop_as_it_is_spelt_out(room: Room) -> None:
    """What a backout means is fixed when it is opened: an older log's loop, never spelt out, stays one step."""
    op = captured(room)
    content = log_of(op)[0].data["content"]
    assert [step["number"] for step in content["parts"][0]["steps"][1]["children"]] == ["2[a]", "2[b]"]


# ── until ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_tries_are_one_attempt_and_the_record_says_how_many(room: Room) -> None:
    op = captured(room)
    before = op.backout.seq
    assert run_verbs.preview(op, "3").besides == ("repeats every second until it succeeds, for up to 30 s",)
    run_verbs.run(op, "3")
    wait_for(lambda: (room.place / "tries").exists() and len((room.place / "tries").read_text()) >= 4)
    (room.place / "ready").touch()
    backout = settled(op)
    assert kinds(op, before) == ["StepStarted", "StepFinished"]
    (attempt,) = backout.steps["3"].attempts
    assert (attempt.state, attempt.tries, attempt.expect_met) == ("done", outcome(op)["tries"], True)
    assert attempt.tries >= 3
    assert f", {attempt.tries} tries" in sentence(log_of(op)[-1])
    assert log_of(op)[-2].data["until"] == "every 1 s, at most 30 s"
    assert b"try 2 at " in op.output(attempt).text
    shown = next(one for one in show_json(backout)["steps"] if one["number"] == "3")
    assert shown["attempts"][0]["tries"] == attempt.tries


def test_what_cannot_be_read_is_refused_at_the_run(room: Room) -> None:
    op = captured(room)
    assert (
        "`until: when it is so` cannot be read" in refusal(op, run_verbs.run, "4", break_glass=True, reason="x").reason
    )
    assert "TOKEN is a secret" in refusal(op, run_verbs.run, "5").reason
    step_verbs.done(op, "4", "looked at it by hand")


# ── capture ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_step_that_needs_a_value_names_the_step_that_captures_it(room: Room) -> None:
    op = room.decided(PLAN)
    step_verbs.skip(op, "1", "not what this test is about")
    step_verbs.answer(op, "2", "yes")
    assert "RUNS (captured by step 1)" in refusal(op, run_verbs.run, "2[a]").reason
    assert run_verbs.preview(op, "2[a]").missing == ("RUNS (captured by step 1)",)
    step_verbs.set_variable(op, "RUNS", "web 2.0")
    run_verbs.run(op, "2[a]")
    assert settled(op).steps["2[a]"].state is StepStatus.DONE


def test_what_was_captured_is_recorded_shown_and_data_alone(room: Room) -> None:
    op = captured(room)
    assert outcome(op)["captured"] == {"name": "RUNS", "value": "web 2.0; touch pwned"}
    assert "RUNS is web 2.0; touch pwned" in sentence(log_of(op)[-1])
    again = room.other(op).backout
    assert again.variables["RUNS"] == "web 2.0; touch pwned"
    document = json.loads(json.dumps(show_json(again)))
    assert [one["item"] for one in document["steps"]][:4] == [None, None, "a", "b"]
    assert document["variables"]["RUNS"] == "web 2.0; touch pwned"
    assert document["steps"][0]["attempts"][0]["captured"] == {"name": "RUNS", "value": "web 2.0; touch pwned"}
    assert not (room.place / "pwned").exists()


def test_a_rehearsal_captures_nothing_and_shows_what_would_use_it(room: Room) -> None:
    op = room.decided(PLAN, rehearsal=True)
    run_verbs.run(op, "1")
    step_verbs.answer(op, "2", "yes")
    run_verbs.run(op, "2[a]")
    assert kinds(op)[-3:] == ["StepShown", "ConditionAnswered", "StepShown"]
    assert "RUNS" not in op.backout.variables


# ── side by side ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_steps_that_do_not_wait_for_each_other_run_at_the_same_time(room: Room) -> None:
    """Two real processes, of which each waits for the other."""
    text = HEAD + "## Steps\n\n### 1. Freeze\n\n" + _waiting_for("2", "3") + _waiting_for("3", "2") + PEOPLE
    op = room.decided(text)
    assert "Step 1 comes first" in refusal(op, run_verbs.run, "3").reason
    step_verbs.done(op, "1")
    run_verbs.run(op, "2")
    run_verbs.run(op, "3")
    assert [op.backout.steps[number].state.value for number in "23"] == ["running", "running"]
    backout = settled(op)
    assert [backout.steps[number].state.value for number in "23"] == ["done", "done"]
    assert backout.deviations == ()


def test_what_waits_for_both_is_refused_while_one_runs(room: Room) -> None:
    op = captured(room)
    step_verbs.answer(op, "2", "no")
    run_verbs.run(op, "3")
    assert refusal(op, step_verbs.done, "6", reason="now").reason == "Step 3 is still running."
    assert "is running" in refusal(op, run_verbs.run, "3").reason
    (room.place / "ready").touch()
    settled(op)
    step_verbs.done(op, "6")


def _waiting_for(number: str, other: str) -> str:
    script = f"touch is-{number}; for i in $(seq 200); do test ! -e is-{other} || exit 0; sleep 0.1; done; exit 1"
    return f"### {number}. One\n- waits for: 1\n\n```sh\n{script}\n```\n\n"
