"""Running a step's command: what is shown before, and what is refused before anything is prepared."""

from __future__ import annotations

from typing import Any

import pytest

from backout_tui.domain.backout.states import StepStatus
from backout_tui.domain.values import replace
from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import run_verbs, step_verbs
from backout_tui.errors import BackoutError, Refused
from tests.engine.desks import HEAD, PEOPLE, Room, attempts_on_disk, kinds, log_of, nothing_written, refusal
from tests.hands import by_hand

PLAN = (
    HEAD
    + """- affects: ledger

## Variables
- TARGET: blue
- TAG:
- TOKEN: (secret)

## Steps

### 1. Say it

```sh timeout=60
echo "going to $TARGET"; pwd; tty || true; env | grep BACKOUT_ || echo clean
```

Expect: `going to blue`

### 2. Break

```bash
echo before; false; echo after
```

### 3. Deploy

```sh
echo deploy <tag>
```

### 4. Tag

```sh
echo "$TAG"
```

### 5. Log in
- point of no return: sessions are gone
- loses: sessions
- only if: there are sessions
- on: web-1
- as: deploy

```sh
echo "token $TOKEN is ${#TOKEN} long"
```

### 6. Wait

```sh
sleep 60
```

### 7. By hand
"""
    + PEOPLE
)
TOKEN = "hunter2-and-some-more"


def ready(room: Room, number: str, **options: Any) -> Operator:
    """Decided, and everything before step `number` left out."""
    op = room.decided(PLAN, **options)
    for before in range(1, int(number)):
        step_verbs.skip(op, str(before), "not what this test is about")
    if number == "5":
        step_verbs.answer(op, "5", "yes")
    return op


def outcome(op: Operator) -> dict[str, Any]:
    """The data of the newest event."""
    return dict(log_of(op)[-1].data)


# ── what is refused, and then nothing is prepared ─────────────────────────────────────────────────────────────────


def test_a_command_runs_only_after_the_decision(room: Room) -> None:
    op = room.start(PLAN)
    assert refusal(op, run_verbs.run, "1").lifted_by == "break-glass"
    assert "Nobody has decided" in refusal(op, run_verbs.refuse_run, "1").reason
    with nothing_written(op), pytest.raises(BackoutError, match="reason for breaking the glass"):
        run_verbs.run(op, "1", break_glass=True)


def test_a_command_that_is_not_filled_in_is_refused(room: Room) -> None:
    op = ready(room, "3")
    refused = refusal(op, run_verbs.run, "3", reason="now", break_glass=True)
    assert ("<tag>" in refused.reason, refused.lifted_by) == (True, "")
    step_verbs.skip(op, "3", "not what this test is about")
    assert "TAG" in refusal(op, run_verbs.run, "4").reason


def test_a_secret_that_nobody_knows_is_named_with_where_it_is_looked_for(room: Room) -> None:
    op = ready(room, "5")
    refused = refusal(op, run_verbs.run, "5", reason="now", break_glass=True)
    assert "needs the secret TOKEN" in refused.reason
    assert "environment variable TOKEN" in refused.reason
    run_verbs.refuse_run(op, "5")  # it can still be asked for


def test_a_manual_step_an_unknown_one_and_one_out_of_order_are_not_run(room: Room) -> None:
    op = ready(room, "7")
    assert "done by hand" in refusal(op, run_verbs.run, "7").reason
    with nothing_written(op), pytest.raises(BackoutError, match="no step 12"):
        run_verbs.run(op, "12")
    fresh = room.decided(PLAN.replace("web 2.0", "web 3.0"))
    refused = refusal(fresh, run_verbs.run, "2")
    assert ("Step 1 comes first" in refused.reason, refused.lifted_by) == (True, "reason")


def test_what_was_changed_after_it_was_shown_is_not_run(room: Room) -> None:
    op = ready(room, "1")
    shown = run_verbs.preview(op, "1")
    second = room.other(op)
    step_verbs.change(second, "1", command="echo something else", reason="found a better one")
    assert "changed meanwhile" in refusal(op, run_verbs.run, "1", shown=shown).reason
    op.refresh()
    assert "changed meanwhile" in refusal(op, run_verbs.run, "1", shown=shown).reason


def test_a_variable_that_was_changed_at_another_terminal_is_looked_at_again(room: Room) -> None:
    op = ready(room, "1")
    step_verbs.set_variable(room.other(op), "TARGET", "green")
    assert log_of(op)[-1].kind == "VariableSet"
    with pytest.raises(Refused, match="changed meanwhile"):
        run_verbs.run(op, "1")
    assert log_of(op)[-1].kind == "VariableSet"
    assert attempts_on_disk(op) == []


def test_somebody_without_the_controls_runs_nothing(room: Room) -> None:
    op = ready(room, "1")
    kim = room.other(op, "kim")
    assert "sam has the controls" in refusal(kim, run_verbs.run, "1").reason
    assert "sam has the controls" in refusal(kim, run_verbs.stop, "1").reason
    assert "sam has the controls" in refusal(kim, run_verbs.refuse_run, "1").reason


def test_when_the_claim_cannot_be_recorded_nothing_runs(room: Room) -> None:
    """A locked database: the operator is told, and a supervisor was never started."""
    op = ready(room, "1")
    op.desk.journal()._patience_s = 0.1
    with by_hand(op.desk.database) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(BackoutError, match="locked"):
            run_verbs.run(op, "1")
        other.execute("ROLLBACK")
    (folder,) = attempts_on_disk(op)
    assert not (folder / "started.json").exists()
    assert room.other(op).backout.steps["1"].state is StepStatus.PENDING


def test_when_the_supervisor_cannot_be_started_the_step_is_pending_again(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    op = ready(room, "1")
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    with pytest.raises(BackoutError, match="supervisor cannot be started"):
        run_verbs.run(op, "1")
    monkeypatch.undo()
    backout = op.refresh()
    assert kinds(op)[-2:] == ["StepStarted", "StepNotStarted"]
    assert backout.steps["1"].state is StepStatus.PENDING
    assert attempts_on_disk(op) == []


# ── the preview ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_preview_says_exactly_what_would_happen(room: Room) -> None:
    op = ready(room, "1")
    first = run_verbs.preview(op, "1")
    assert (first.shell, first.host, first.user, first.cwd) == ("sh -e", op.actor.host, "sam", str(room.place))
    assert (first.timeout_s, first.expects, first.type_number) == (60, ("`going to blue`",), False)
    assert first.warnings == ("affects ledger",)
    assert run_verbs.preview(op, "2").shell == "bash -eo pipefail"
    assert run_verbs.preview(op, "3").missing == ("<tag>",)
    assert run_verbs.preview(op, "4").missing == ("TAG",)
    with pytest.raises(BackoutError, match="no step 12"):
        run_verbs.preview(op, "12")


def test_the_preview_of_what_cannot_be_undone_warns_and_wants_the_number_typed(room: Room) -> None:
    op = ready(room, "1")
    preview = run_verbs.preview(op, "5")
    assert preview.type_number
    assert (preview.missing, preview.asked_secrets) == (("TOKEN",), ("TOKEN",))
    assert preview.warnings == (
        "no way back after it: sessions are gone",
        "loses sessions",
        "affects ledger",
        "only if there are sessions",
        "the plan says: on web-1",
        "the plan says: as deploy",
    )
    op.desk.secrets.remember("TOKEN", TOKEN)
    assert run_verbs.preview(op, "5").asked_secrets == ()


def test_a_command_for_secrets_that_fails_is_asked_once_for_each_look(room: Room) -> None:
    """It may want a person's touch, and take its ten seconds."""
    op = ready(room, "5")
    asked = room.place / "asked"
    command = ("sh", "-c", f"echo {{name}} >> {asked}; exit 1")
    op.desk.settings = replace(op.desk.settings, secret_command=command)
    assert run_verbs.preview(op, "5").missing == ("TOKEN",)
    assert asked.read_text() == "TOKEN\n"
    refused = refusal(op, run_verbs.run, "5")
    assert "needs the secret TOKEN" in refused.reason
    assert "failed (exit code 1)" in refused.reason
    assert asked.read_text() == "TOKEN\n" * 2
