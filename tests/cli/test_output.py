"""`output`: all that is kept of what a command printed; the last lines of what failed, wherever people read of it."""

from __future__ import annotations

import shutil

import pytest

from backout_tui.domain.printed_ends import LINES, end_of
from tests.cli.lines import Line
from tests.engine.bench import wait_for
from tests.engine.desks import HEAD, PEOPLE
from tests.hands import by_hand

PLAN = (
    HEAD
    + """## Variables
- TOKEN: (secret)

## Steps

### 1. Copy back

```sh
seq 1 400; i=0; while [ $i -lt 3000 ]; do printf '\\r%8d MB copied' $i; i=$((i+1)); done
printf '\\n\\033]0;copying\\007WARNING: block 20000 was skipped\\n'; echo "token $TOKEN"; test -e mended
```

### 2. By hand

### 3. Two parts

```sh
echo one
```

```sh
echo two
```

### 4. Long

```sh
echo begun; sleep 30
```

## Verification

### A. It answers

```sh
echo "502 from the proxy"; false
```

"""
    + PEOPLE
)


def decided(line: Line) -> None:
    """Start a backout of the plan, and decide it."""
    line.start(PLAN)
    line.do("problem-add", "500s")
    line.do("decide", "back-out", "--by", "lead", "--reason", "errors at 9 % and rising")


@pytest.fixture
def failed(line: Line, monkeypatch: pytest.MonkeyPatch) -> Line:
    """A backout whose step 1 failed twice; then it was mended and done."""
    monkeypatch.setenv("TOKEN", "hunter22")
    decided(line)
    for _ in range(2):
        assert line.run("do", "1", "step-run", "1", "--yes", "--wait").code == 1
    return line


def test_all_that_is_kept_is_printed_as_a_person_read_it(failed: Line) -> None:
    text = failed.ok("output", "1", "1").out
    assert text == "".join(f"{n}\n" for n in range(1, 401)) + (
        "    2999 MB copied\nWARNING: block 20000 was skipped\ntoken ***\n"
    )
    document = failed.ok("output", "1", "1", "--json").json
    assert document["output"] == text
    assert (document["attempt"], document["state"], document["exit_code"]) == (2, "failed", 1)
    assert document["sha256"] == failed.state()["steps"][0]["attempts"][1]["output"]


def test_whoever_waits_for_a_step_reads_at_once_what_it_printed_last(failed: Line) -> None:
    result = failed.run("do", "1", "step-run", "1", "--yes", "--wait")
    first, *printed, more = result.out.splitlines()
    assert "step 1, attempt 3 has failed" in first
    assert printed[-2:] == ["  | WARNING: block 20000 was skipped", "  | token ***"]
    assert more == "All that it printed: backout-tui output 1 1"
    assert "502 from the proxy" in failed.run("do", "1", "check-run", "A", "--wait").out


def test_each_attempt_has_its_own_and_a_check_too(failed: Line) -> None:
    (failed.place / "mended").touch()
    failed.ok("do", "1", "step-run", "1", "--yes", "--wait")
    assert failed.ok("output", "1", "1", "--attempt", "3", "--json").json["state"] == "done"
    assert failed.ok("output", "1", "1", "--attempt", "1", "--json").json["state"] == "failed"
    failed.run("do", "1", "check-run", "A", "--wait")
    assert failed.ok("output", "1", "a").out == "502 from the proxy\n"
    failed.ok("do", "1", "step-done", "2")
    failed.ok("do", "1", "step-run", "3.2", "--yes", "--wait", "--reason", "one was done before")
    assert failed.ok("output", "1", "3.2").out == "two\n"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("1", "--attempt", "7"), "1 has no attempt 7 that ran. There is: 1, 2."),
        (("2",), "nothing was run for 2 yet, so there is no output"),
        (("3",), "step 3 has parts. Name one of them: 3.1, 3.2."),
        (("9",), "there is no step or check 9 in backout 1. See which there are with: backout-tui show 1"),
    ],
)
def test_what_is_not_there_is_named(failed: Line, asked: tuple[str, ...], said: str) -> None:
    result = failed.run("output", "1", *asked)
    assert (result.code, result.out, result.err.strip()) == (2, "", f"backout-tui: {said}")


def test_a_command_that_runs_is_read_as_far_as_it_came(line: Line) -> None:
    decided(line)
    line.ok("do", "1", "step-run", "4", "--yes", "--reason", "the others can wait for now")
    wait_for(lambda: line.run("output", "1", "4").out == "begun\n")
    result = line.ok("output", "1", "4")
    assert result.err == "attempt 1 is running: this is what it printed so far\n"
    line.ok("do", "1", "step-stop", "4")
    wait_for(lambda: line.state()["steps"][-1]["state"] == "failed")
    assert line.ok("output", "1", "4").out == "begun\n"


def test_a_pattern_is_found_wherever_the_command_said_it(line: Line) -> None:
    """As a literal is: what the caps leave out was said all the same."""
    script = "seq 1 50000; echo 'WARNING: block 7 skipped'; seq 1 150000; echo copied"
    expects = "Expect: `block 7`\n\nExpect: /^WARNING: block [0-9]+ skipped$/\n\nExpect: `copied`"
    line.start(f"{HEAD}## Steps\n\n### 1. Copy\n- before the decision\n\n```sh\n{script}\n```\n\n{expects}\n\n{PEOPLE}")
    result = line.run("do", "1", "step-run", "1", "--yes", "--wait")
    assert (result.code, "is done" in result.out) == (0, True), result.out
    text = line.ok("output", "1", "1").out
    assert "bytes are left out here]\n" in text
    assert "WARNING" not in text


def test_a_copy_has_it_and_a_saved_log_has_not(failed: Line) -> None:
    copy = failed.place / "copy.sqlite"
    shutil.copy(failed.database, copy)
    assert "WARNING" in failed.ok("output", str(copy), "1").out
    saved = failed.write("saved.json", failed.ok("log", "1", "--json").out)
    result = failed.run("output", saved, "1")
    assert result.code == 2
    assert "a saved log does not hold what the commands printed" in result.err
    assert "WARNING" not in failed.ok("show", saved).out


def test_output_that_was_changed_or_removed_is_not_shown_as_if_it_were_kept(failed: Line) -> None:
    def without_guards(statement: str) -> None:
        with by_hand(failed.database) as connection:
            for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            connection.execute(statement)
            connection.commit()

    without_guards("UPDATE blob SET bytes = CAST('all went well' AS BLOB)")
    result = failed.run("output", "1", "1")
    assert (result.code, result.out) == (2, "")
    assert "what it printed was changed after it was kept" in result.err
    assert "| [what it printed was changed after it was kept]" in failed.run("show", "1").out
    without_guards("DELETE FROM blob")
    assert "what it printed is missing from the file" in failed.run("output", "1", "1").err


@pytest.mark.parametrize("other", ["'all went well'", "7", "NULL"])
def test_an_output_that_is_no_bytes_any_more_is_told_as_a_changed_one(failed: Line, other: str) -> None:
    with by_hand(failed.database) as hand:
        hand.execute("ALTER TABLE blob RENAME TO once")
        hand.execute("CREATE TABLE blob (sha256, bytes, len)")
        hand.execute(f"INSERT INTO blob SELECT sha256, {other}, len FROM once")
    result = failed.run("output", "1", "1")
    assert (result.code, result.out) == (2, "")
    assert "what it printed was changed after it was kept" in result.err
    assert "| [what it printed was changed after it was kept]" in failed.run("show", "1").out


def test_the_last_lines_of_a_failed_step_stand_wherever_people_read_of_it(failed: Line) -> None:
    failed.run("do", "1", "check-run", "A", "--wait")
    shown = failed.ok("show", "1").out
    assert "| WARNING: block 20000 was skipped\n          | token ***\n" in shown
    assert "| 502 from the proxy\n" in shown
    assert "| 397\n" not in shown
    log = failed.ok("log", "1").out
    assert log.count("; exit code 1; printed last: 399 ⏎ 400 ⏎     2999 MB copied ⏎ WARNING: block 20000 was") == 2
    assert log.count("; exit code 1; printed last: 502 from the proxy\n") == 1
    report = failed.ok("report", "1").out
    assert "Step 1, attempt 2, printed last:\n\n```text\n399\n400\n" in report
    assert report.count("\nWARNING: block 20000 was skipped\n") == 2
    attempts = failed.ok("show", "1", "--json").json["steps"][0]["attempts"]
    assert [one["last_lines"][-2:] for one in attempts] == [["WARNING: block 20000 was skipped", "token ***"]] * 2


def test_what_was_done_in_the_end_shows_no_last_lines_in_show_and_keeps_them_in_the_log(failed: Line) -> None:
    (failed.place / "mended").touch()
    failed.ok("do", "1", "step-run", "1", "--yes", "--wait")
    assert "WARNING" not in failed.ok("show", "1").out
    assert failed.ok("log", "1").out.count(" ⏎ WARNING: block") == 2


def test_the_end_of_an_output_is_its_last_lines_that_say_something() -> None:
    assert end_of("") == ()
    assert end_of("\n \n") == ()
    assert end_of("one\n\ntwo  \n\n") == ("one", "two")
    assert end_of("\n\n".join(map(str, range(100)))) == ("95", "96", "97", "98", "99")
    assert len(end_of("x\n" * 100)) == LINES
    assert end_of("y" * 1000) == ("y" * 300 + "…",)
