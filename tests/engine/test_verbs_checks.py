"""Checks: run by a supervisor, recorded by a person, shown in a rehearsal."""

from __future__ import annotations

import pytest

from backout_tui.engine.verbs import check_verbs, decision_verbs, step_verbs
from backout_tui.errors import BackoutError
from tests.engine.desks import HEAD, Room, attempts_on_disk, kinds, nothing_written, refusal, settled

PLAN = (
    HEAD
    + """## Variables
- TARGET: blue
- TAG:
- TOKEN: (secret)

## Steps

### 1. Do it

## Verification

### A. It answers

```sh
cat answer
```

Expect: `blue`

### B. It looks right

### C. Over HTTP

```http
GET http://127.0.0.1:1/
expect: status = 200
```
"""
)
GAPS = (
    PLAN
    + """
### D. The tag

```sh
echo "$TAG"
```

### E. The secret

```sh
echo "$TOKEN"
```
"""
)


def test_a_check_needs_no_decision_and_its_verdict_is_what_its_command_says(room: Room) -> None:
    op = room.start(PLAN)
    (room.place / "answer").write_text("green")
    receipt = check_verbs.run(op, "a")
    assert receipt.event is not None
    assert receipt.event.kind == "CheckStarted"
    assert "is running" in refusal(op, check_verbs.run, "A").reason
    assert "Not yet: check A is running" in refusal(op, decision_verbs.close, outcome="failed", reason="no use").reason
    assert settled(op).checks["A"].verdict == "fail"
    (room.place / "answer").write_text("blue")
    check_verbs.run(op, "A")
    check = settled(op).checks["A"]
    assert check.verdict == "pass"
    assert [(one.verdict, one.attempt) for one in check.observations] == [("fail", 1), ("pass", 2)]
    attempt = check.attempt
    assert attempt is not None
    assert op.output(attempt).text == b"blue"


def test_only_command_checks_are_run(room: Room) -> None:
    op = room.start(PLAN)
    assert "is manual" in refusal(op, check_verbs.run, "B").reason
    assert "cannot run http checks yet" in refusal(op, check_verbs.run, "C").reason
    with nothing_written(op), pytest.raises(BackoutError, match=r"no check Z.*There are: A, B, C"):
        check_verbs.run(op, "Z")


def test_a_check_that_is_not_filled_in_is_refused(room: Room) -> None:
    op = room.start(GAPS)
    assert "TAG" in refusal(op, check_verbs.run, "D").reason
    assert "needs the secret TOKEN" in refusal(op, check_verbs.run, "E").reason
    check_verbs.refuse_run(op, "E")
    assert (check_verbs.preview(op, "D").missing, check_verbs.preview(op, "E").asked_secrets) == (("TAG",), ("TOKEN",))


def test_all_are_run_or_none(room: Room) -> None:
    """A refusal of the last one says that nothing was begun."""
    op = room.start(GAPS)
    assert "Check D" in refusal(op, check_verbs.run_all).reason
    step_verbs.set_variable(op, "TAG", "1.9")
    assert "Check E" in refusal(op, check_verbs.run_all).reason
    op.desk.secrets.remember("TOKEN", "hunter2-and-more")
    (room.place / "answer").write_text("blue")
    check_verbs.run_all(op)
    verdicts = {check.id: check.verdict for check in settled(op).checks.values()}
    assert verdicts == {"A": "pass", "B": "", "C": "", "D": "pass", "E": "pass"}


def test_where_there_is_nothing_to_run_all_says_so(room: Room) -> None:
    op = room.start()
    assert "no command check" in refusal(op, check_verbs.run_all).reason


def test_a_person_records_what_they_saw_also_of_a_command_check(room: Room) -> None:
    op = room.start(PLAN)
    check_verbs.record(op, "b", "pass", " ten of ten ")
    check_verbs.record(op, "C", "inconclusive", "the proxy is down")
    check_verbs.record(op, "A", "fail", "looked by hand")
    backout = op.backout
    assert [check.verdict for check in backout.checks.values()] == ["fail", "pass", "inconclusive"]
    assert backout.checks["B"].observations[0].note == "ten of ten"
    for verdict, note in (("maybe", "x"), ("pass", " ")):
        with nothing_written(op), pytest.raises(BackoutError):
            check_verbs.record(op, "B", verdict, note)


def test_somebody_without_the_controls_runs_and_records_nothing(room: Room) -> None:
    op = room.decided(PLAN)
    kim = room.other(op, "kim")
    assert "sam has the controls" in refusal(kim, check_verbs.run, "A").reason
    assert "sam has the controls" in refusal(kim, check_verbs.run_all).reason
    assert "sam has the controls" in refusal(kim, check_verbs.record, "B", "pass", "fine").reason


def test_a_rehearsal_shows_the_check_and_runs_nothing(room: Room) -> None:
    op = room.start(GAPS, rehearsal=True)
    for letter in "ADE":
        check_verbs.run(op, letter)
    assert kinds(op, 2) == ["CheckShown"] * 3
    assert attempts_on_disk(op) == []
    assert op.backout.checks["A"].verdict == "pass"
    assert op.backout.checks["A"].observations[0].note == "shown, not run: a rehearsal"
