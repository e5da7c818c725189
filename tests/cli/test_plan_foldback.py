"""`plan fold-back`, and what the verbs say of a deviation."""

from __future__ import annotations

import pytest

from tests.cli.lines import BY_HAND, COMMANDS, Line


@pytest.fixture
def night(line: Line) -> Line:
    """A backout of a stored plan, which departs in two steps."""
    line.ok("plan", "import", line.write("web.md", BY_HAND), "--yes")
    line.ok("plan", "approve", "1", "--by", "release manager")
    line.ok("start", "1", "--json")
    line.do("problem-add", "5xx everywhere")
    line.do("step-skip", "2", "--reason", "the desk is closed", "--agreed", "web lead", "--problem", "p1")
    line.do("step-change", "4", "--title", "Lift it all", "--reason", "two freezes were set")
    return line


@pytest.fixture
def done(night: Line) -> Line:
    """The same, with every other step done."""
    night.do("decide", "back-out", "--by", "release manager", "--reason", "errors above 2 %")
    for number in ("1", "3", "4"):
        night.do("step-done", number)
    return night


def test_from_the_night_to_the_next_revision(done: Line) -> None:
    said = done.ok("plan", "fold-back", "1").out
    assert "plan 1, revision 2: with the deviations of backout 1" in said
    assert "to confirm  step 2: Tell the desk" in said
    refused = done.run("plan", "approve", "1", "--by", "release manager")
    assert (refused.code, "2 items are not confirmed: step 2, step 4" in refused.err) == (3, True)
    for item in ("step 2", "step 4"):
        done.ok("plan", "confirm", "1", item, "--by", "sam")
    done.ok("plan", "approve", "1", "--by", "release manager")
    text = done.ok("plan", "export", "1", "-").out
    assert "In backout 1 this step was skipped: the desk is closed (agreed with web lead)." in text
    assert "### 4. Lift it all" in text


def test_as_json_it_says_what_is_to_be_confirmed(done: Line) -> None:
    document = done.ok("plan", "fold-back", "1", "--json").json
    assert (document["id"], document["revision"], document["backout"]) == (1, 2, 1)
    assert (document["unconfirmed"], document["left"]) == (["step 2", "step 4"], [])


def test_what_never_ran_is_left_out_and_a_copy_that_was_made_already_can_be_chosen(night: Line) -> None:
    night.ok("plan", "copy", "1", "--to", "web 2.1", "--returns-to", "2.0")
    document = night.ok("plan", "fold-back", "1", "--into", "2", "--json").json
    assert (document["id"], document["unconfirmed"]) == (2, ["step 2"])
    assert document["left"] == ["step 4, changed: it never ran"]
    assert "the desk is closed" in night.ok("plan", "export", "2", "-").out
    assert "the desk is closed" not in night.ok("plan", "export", "1", "-").out


def test_a_copy_warns_of_what_nobody_has_dealt_with_until_it_is_dismissed(night: Line) -> None:
    warned = night.ok("plan", "copy", "1", "--to", "web 2.1").err
    assert "2 deviations of backout 1 are neither folded back nor dismissed" in warned
    without = night.run("plan", "fold-back", "1", "--dismiss")
    assert (without.code, "the reason for dismissing them is missing" in without.err) == (2, True)
    assert "dismissed: 2 deviations" in night.ok("plan", "fold-back", "1", "--dismiss", "--reason", "odd night").out
    assert night.ok("plan", "copy", "1", "--to", "web 2.2").err == ""


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["9"], 2, "there is no backout 9"),
        (["web 2.0"], 2, "web 2.0 is not a backout"),
        ([], 2, "Missing argument"),
    ],
)
def test_what_cannot_be_folded_back_is_told(night: Line, arguments: list[str], code: int, words: str) -> None:
    result = night.run("plan", "fold-back", *arguments)
    assert (result.code, words in result.err) == (code, True)


def test_folding_back_twice_is_refused(done: Line) -> None:
    done.ok("plan", "fold-back", "1")
    again = done.run("plan", "fold-back", "1")
    assert (again.code, "were already folded back" in again.err) == (3, True)


def test_who_agreed_and_the_problem_are_in_show_and_log(night: Line) -> None:
    first, second = night.state()["deviations"]
    assert (first["kind"], first["agreed"], first["problem"], first["event"]) == ("skipped", "web lead", "P1", 4)
    assert (second["agreed"], second["problem"], second["first_reason"]) == (None, None, None)
    assert "the desk is closed; agreed with web lead; for P1" in night.ok("log", "1").out


def test_a_problem_that_is_not_there_ends_with_2(night: Line) -> None:
    result = night.run("do", "1", "step-skip", "1", "--reason", "why not", "--problem", "P9")
    assert (result.code, "there is no problem P9. There are: P1." in result.err) == (2, True)


def test_a_change_is_told_as_a_difference_and_json_stays_alone_on_standard_output(line: Line) -> None:
    line.decided()
    change = ("step-change", "2", "--command", 'echo "rolled back to 1.9"', "--reason", "the variable is wrong")
    said = line.ok("do", "1", "--json", *change)
    assert said.json["event"]["kind"] == "StepChanged"
    assert 'command of step 2, in this backout only:\n    - echo "rolled back to $TARGET" | tee -a ran' in said.err
    assert '    + echo "rolled back to 1.9"' in said.err


def test_a_completed_reason_stands_beside_the_first(line: Line) -> None:
    line.decided(COMMANDS)
    seq = line.do("step-skip", "2", "--reason", "drained")["event"]["seq"]
    line.do("reason", str(seq), "the pool was drained at 02:50")
    (one,) = line.state()["deviations"]
    assert (one["reason"], one["first_reason"]) == ("the pool was drained at 02:50", "drained")
    assert "the pool was drained at 02:50 (first: drained)" in line.ok("report", "1").out
