"""By the command line, with real processes: what is known by day is refused by night, and what lifts it."""

from __future__ import annotations

import pytest

from backout_tui.domain.plan.fences import FORMER
from backout_tui.engine import plans
from tests.cli.lines import Line
from tests.engine.desks import HEAD, PEOPLE

WRONG = f"""{HEAD}
## Steps

### 1. Roll back

```sh
echo “rolled back”
```

### 2. Empty the folder

```sh
rm -rf "$NOBODY_SETS_IT/data"
```

## Verification

### A. Look

```sh
echo “ok” | grep ok
```
{PEOPLE}"""
UNNAMED = (
    f"{HEAD}\n## Steps\n\n### 1. One\n\n```\necho unnamed\n```\n\n### 2. Two\n\n```shell\necho shell\n```\n{PEOPLE}"
)


def stored(line: Line, text: str) -> None:
    line.ok("plan", "import", line.write("plan.md", text), "--yes")


def backing_out(line: Line) -> None:
    line.ok("do", "1", "problem-add", "502 everywhere")
    line.ok("do", "1", "decide", "back-out", "--by", "release manager", "--reason", "errors are everywhere")


def test_a_plan_with_errors_is_approved_only_with_a_reason_which_stands_everywhere(line: Line) -> None:
    stored(line, WRONG)
    refused = line.run("plan", "approve", "1", "--by", "release manager")
    assert refused.code == 3
    for words in ("plan check finds", "curly-quote at step 1", "unset-variable at step 2", "--reason T"):
        assert words in refused.err
    assert not line.ok("plan", "show", "1", "--json").json["stored"]["approved"]
    line.ok("plan", "approve", "1", "--by", "release manager", "--reason", "the quotes are printed as they are")
    for said in (line.ok("plan", "show", "1").out, line.ok("start", "1", "--json").out and line.ok("show", "1").out):
        assert "the quotes are printed as they are" in said
        assert "unset-variable at step 2" in said
    assert "the quotes are printed as they are" in line.ok("report", "1").out
    assert line.state()["plan"]["approved"]
    assert line.state()["plan"]["despite_why"] == "the quotes are printed as they are"


def test_what_a_plan_silences_stands_in_nobodys_way(line: Line) -> None:
    stored(line, WRONG.replace('### 2. Empty the folder\n\n```sh\nrm -rf "$NOBODY_SETS_IT/data"\n```\n', ""))
    for item in ("step 1", "check A"):
        line.ok("plan", "check", "1", "--silence", "curly-quote", "--item", item, "--reason", "they are printed so")
    line.ok("plan", "approve", "1", "--by", "release manager")
    line.ok("start", "1", "--json")
    backing_out(line)
    line.ok("do", "1", "step-run", "1", "--yes", "--wait")


def test_a_command_with_an_error_wants_a_reason_and_one_with_an_unset_variable_wants_its_value(line: Line) -> None:
    line.start(WRONG)
    backing_out(line)
    refused = line.run("do", "1", "step-run", "1", "--yes", "--wait")
    assert (refused.code, "plan check finds" in refused.err, "--reason T" in refused.err) == (3, True, True)
    line.ok("do", "1", "step-run", "1", "--yes", "--wait", "--reason", "they are printed as they are")
    assert "although plan check finds" in line.ok("log", "1").out
    unset = line.run("do", "1", "step-run", "2", "--yes", "--reason", "it has to be done now", "--break-glass")
    assert unset.code == 3
    assert "NOBODY_SETS_IT (var-set NOBODY_SETS_IT VALUE)" in unset.err
    assert [one["state"] for one in line.state()["steps"]] == ["done", "pending"]
    line.ok("do", "1", "var-set", "NOBODY_SETS_IT", str(line.place / "nothing"))
    line.ok("do", "1", "step-run", "2", "--yes", "--wait")
    assert line.run("do", "1", "check-run", "A").code == 3
    line.ok("do", "1", "check-run", "A", "--wait", "--reason", "they are printed as they are")
    assert line.state()["deviations"] == []


def test_a_draft_is_rehearsed_without_approval_and_without_the_glass(line: Line) -> None:
    stored(line, WRONG)
    assert line.run("start", "1", "--json").code == 3
    document = line.ok("start", "1", "--rehearsal", "--json").json
    assert (document["mode"], document["plan"]["approved"]) == ("rehearsal", False)
    assert "GlassBroken" not in line.kinds()


@pytest.fixture
def approved_then(line: Line) -> Line:
    """A plan that was approved before fences were read as now."""
    stored(line, UNNAMED)
    with pytest.MonkeyPatch.context() as then:
        then.setattr(plans, "READING", FORMER)
        line.ok("plan", "approve", "1", "--by", "release manager")
    return line


def test_an_approval_of_the_former_reading_says_at_start_what_is_read_otherwise(approved_then: Line) -> None:
    line = approved_then
    for how in ([], ["--rehearsal"]):
        refused = line.run("start", "1", "--json", *how)
        assert refused.code == 3
        for words in ("step 1 (line 14)", "it ran, and is only shown now", "step 2 (line 20)", "--yes"):
            assert words in refused.err
    line.ok("start", "1", "--json", "--yes")
    assert "confirmed what is read otherwise" in line.ok("log", "1").out
    assert [one["kind"] for one in line.state()["steps"]] == ["manual", "command"]


def test_approved_again_it_is_started_without_a_question(approved_then: Line) -> None:
    approved_then.ok("plan", "approve", "1", "--by", "release manager")
    approved_then.ok("start", "1", "--json")
    assert "confirmed" not in approved_then.ok("log", "1").out


def test_a_plan_without_steps_is_approved_only_if_it_says_that_there_is_no_way_back(line: Line) -> None:
    stored(line, f"{HEAD}{PEOPLE}")
    refused = line.run("plan", "approve", "1", "--by", "release manager", "--reason", "there is none")
    assert (refused.code, "This plan has no steps" in refused.err) == (3, True)
    stored(
        line, f"{HEAD}\n## If the backout fails\nThere is no way back: the data is converted. Fix forward.\n{PEOPLE}"
    )
    line.ok("plan", "approve", "1", "--by", "release manager")
