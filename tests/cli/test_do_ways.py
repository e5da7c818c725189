"""Conditions, loops, tries, captures and steps side by side on the command line."""

from __future__ import annotations

from tests.cli.lines import Line
from tests.engine.bench import wait_for
from tests.engine.desks import HEAD, PEOPLE

PLAN = (
    HEAD
    + """## Steps

### 1. Find
- capture: RUNS

```sh
echo "web 2.0"
```

### 2. Clean
- waits for: 1
- only if: pods are stuck
- for each: a, b

```sh
echo "$ITEM $RUNS" >> cleaned
```

### 3. Wait
- waits for: 1
- until: every 1 s, at most 2 s

```sh
test -e ready
```

### 4. Odd
- waits for: 1
- until: soon

```sh
true
```

### Option A: roll back

#### A1. Do
- waits for: 1

### Option B: by hand

#### B1. Do it
- waits for: 1

#### B2. Do more
"""
    + PEOPLE
)


def decided(line: Line) -> None:
    """Opened, with a problem and the decision."""
    line.start(PLAN)
    line.do("problem-add", "5xx everywhere")
    line.do("decide", "--by", "release manager", "--reason", "errors above two percent")


def states(line: Line) -> dict[str, str]:
    """The state of each step."""
    return {step["number"]: step["state"] for step in line.state()["steps"]}


def test_a_condition_is_answered_before_an_item_is_run(line: Line) -> None:
    decided(line)
    line.do("step-run", "1", "--yes", "--wait")
    refused = line.run("do", "1", "step-run", "2[a]", "--yes")
    assert refused.code == 3
    assert "step-condition 2[a] yes or no" in refused.err
    assert line.do("step-condition", "2[a]", "yes")["event"]["kind"] == "ConditionAnswered"
    for number in ("2[a]", "2[b]"):
        line.do("step-run", number, "--yes", "--wait")
    assert (line.place / "cleaned").read_text() == "a web 2.0\nb web 2.0\n"
    assert states(line)["2"] == "done"


def test_a_value_that_was_not_captured_yet_is_missed_by_the_number_of_its_step(line: Line) -> None:
    decided(line)
    line.do("step-condition", "2", "yes")
    refused = line.run("do", "1", "step-run", "2[a]", "--yes", "--reason", "it is in a hurry")
    assert (refused.code, "RUNS (captured by step 1)" in refused.err) == (3, True)


def test_what_never_becomes_true_ends_with_1_and_says_how_often_it_was_tried(line: Line) -> None:
    decided(line)
    line.do("step-run", "1", "--yes", "--wait")
    result = line.run("do", "1", "step-run", "3", "--yes", "--wait")
    assert result.code == 1
    assert "not true within 2 s, 3 tries" in line.ok("log", "1").out
    odd = line.run("do", "1", "step-run", "4", "--yes")
    assert (odd.code, "write `every 10 s, at most 10 min`" in odd.err) == (3, True)


def test_two_steps_run_side_by_side(line: Line) -> None:
    decided(line)
    line.do("step-run", "1", "--yes", "--wait")
    line.do("step-condition", "2", "yes")
    line.do("step-run", "3", "--yes")
    assert line.do("step-run", "2[a]", "--yes")["event"]["kind"] == "StepStarted"
    (line.place / "ready").touch()
    wait_for(lambda: {states(line)[number] for number in ("2[a]", "3")} == {"done"})


def test_an_option_is_chosen_before_its_step_and_the_other_folds_to_one_line(line: Line) -> None:
    decided(line)
    line.do("step-run", "1", "--yes", "--wait")
    refused = line.run("do", "1", "step-done", "A1")
    assert (refused.code, "option-choose" in refused.err) == (3, True)
    assert "Option B: by hand: not chosen yet" in line.ok("show", "1").out
    line.do("option-choose", "A", "--reason", "the image is there")
    line.do("step-done", "A1")
    shown = line.ok("show", "1").out
    assert "Option A: roll back: chosen" in shown
    assert "Option B: by hand: not chosen, 2 steps" in shown
    assert "Do more" not in shown
    assert {"B1", "B2"} <= set(states(line)), "the document is complete"
    report = line.ok("report", "1").out
    assert "Option B: by hand: not chosen, 2 steps." in report
    assert "Do more" not in report
