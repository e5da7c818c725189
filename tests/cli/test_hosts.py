"""A step runs on a host that changes its name, is another machine, a clone, or was started anew: real namespaces."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backout_tui.engine.attempts.liveness import is_live
from backout_tui.engine.attempts.spool import AttemptFolder
from backout_tui.store.file.place import spool_root
from tests.cli.hosts import Host, with_hosts
from tests.cli.lines import Line
from tests.engine.bench import kill, lives, wait_for

PATIENT_S = 90
PLAN = """# Backout plan: web 2.0

- release: web 2.0
- returns to: 1.9
- environment: production
- authoriser: release manager

## Steps

### 1. Roll back

```sh
until [ -e go ]; do sleep 0.05; done; echo rolled back
```
"""
WEB = Host("web-7")
pytestmark = with_hosts


@pytest.fixture
def running(line: Line) -> Iterator[Line]:
    """Step 1 runs on web-7, until there is a file `go`."""
    line.start(PLAN)
    line.do("problem-add", "5xx everywhere")
    line.do("decide", "--by", "release manager", "--reason", "errors above two percent", "--agreed", "by phone")
    WEB.ok(line, "do", "1", "step-run", "1", "--yes")
    yield line
    (line.place / "go").touch()  # whatever became of the test, nothing goes on running


def elsewhere(line: Line, name: str = "db-1", machine_id: str = "07" * 16) -> Host:
    """Another machine that works on the same database, and does not see the spool of the first."""
    return Host(name, machine_id, "5f1c6a9e-0000-4000-8000-000000000009", f"{line.database}.d")


def folder(line: Line) -> AttemptFolder:
    """The attempt that runs."""
    (path,) = (one for one in spool_root(line.database).iterdir() if one.is_dir())
    return AttemptFolder.at(Path(path))


def step(line: Line) -> Any:
    """Step 1, as this machine sees it."""
    return line.state()["steps"][0]


def let_it_end(line: Line) -> None:
    """The command ends, and its supervisor with it."""
    attempt = folder(line)
    (line.place / "go").touch()
    wait_for(lambda: not is_live(attempt), PATIENT_S)


def test_a_host_that_changes_its_name_sees_stops_and_settles_what_runs_on_it(running: Line) -> None:
    renamed = Host("www-7")
    assert "[running on web-7]" in renamed.ok(running, "show", "1").out
    refused = renamed.run(running, "do", "1", "step-doubt", "1", "--reason", "it has another name")
    assert (refused.code, "Step 1 runs here" in refused.err) == (3, True)
    renamed.ok(running, "do", "1", "step-stop", "1")
    wait_for(lambda: step(running)["state"] == "failed", PATIENT_S)
    assert step(running)["reason"] == "stopped by sam"


def test_what_ran_under_the_name_before_is_settled_when_its_supervisor_was_killed(running: Line) -> None:
    attempt = folder(running)
    wait_for(lambda: attempt.process() is not None, PATIENT_S)
    for word in (attempt.started(), attempt.process()):
        assert word is not None
        kill(word["pid"])
    wait_for(lambda: not is_live(attempt), PATIENT_S)
    assert "IN DOUBT: step 1" in Host("www-7").ok(running, "show", "1").out


def test_from_another_machine_it_is_out_of_reach_is_declared_in_doubt_and_the_backout_is_closed(running: Line) -> None:
    other = elsewhere(running)
    shown = other.ok(running, "show", "1").out
    for words in (
        "[running on web-7, out of reach from here]",
        "OUT OF REACH: step 1, begun",
        "web-7 is another machine",
        "do 1 step-doubt 1 --reason T",
    ):
        assert words in shown
    refused = other.run(running, "do", "1", "close", "--outcome", "failed", "--reason", "we give up")
    assert (refused.code, "running on web-7, out of reach from here" in refused.err) == (3, True)
    assert other.run(running, "do", "1", "step-stop", "1").code == 3
    assert other.run(running, "do", "1", "step-doubt", "1").code == 2
    other.ok(running, "do", "1", "step-doubt", "1", "--reason", "web-7 does not answer")
    assert "IN DOUBT: step 1" in other.ok(running, "show", "1").out
    other.ok(running, "do", "1", "step-resolve", "1", "done", "--reason", "the load balancer says so")
    other.ok(running, "do", "1", "close", "--outcome", "with-residue", "--reason", "web-7 is to be looked after")
    let_it_end(running)
    wait_for(lambda: "StepFinished" in running.kinds(), PATIENT_S)
    state = running.state()
    (attempt,) = state["steps"][0]["attempts"]
    assert (state["state"], state["steps"][0]["state"], attempt["state"]) == ("closed", "done", "done")
    assert attempt["declared"]["reason"] == "web-7 does not answer"
    assert "this came after it was declared in doubt" in running.ok("log", "1").out
    running.ok("verify", "1")


def test_a_late_outcome_that_only_its_own_host_can_settle_is_settled_there(running: Line) -> None:
    """The supervisor was killed after the step had been declared in doubt elsewhere."""
    other, attempt = elsewhere(running), folder(running)
    wait_for(lambda: attempt.process() is not None, PATIENT_S)
    other.ok(running, "do", "1", "step-doubt", "1", "--reason", "web-7 does not answer")
    for word in (attempt.started(), attempt.process()):
        assert word is not None
        kill(word["pid"])
    wait_for(lambda: not is_live(attempt), PATIENT_S)
    other.ok(running, "show", "1")
    assert running.kinds()[-1] == "StepInDoubt", "reading the log on web-7 settles it"
    assert step(running)["state"] == "in_doubt"
    running.ok("verify", "1")


def test_a_cloned_image_cannot_be_known_to_be_the_machine_or_not(running: Line) -> None:
    clone = Host("web-8", "", "5f1c6a9e-0000-4000-8000-000000000009", f"{running.database}.d")
    assert "whether web-7 is this machine cannot be known" in clone.ok(running, "show", "1").out
    clone.ok(running, "do", "1", "step-doubt", "1", "--reason", "web-7 was switched off")
    assert step(running)["state"] == "in_doubt"
    let_it_end(running)
    wait_for(lambda: step(running)["state"] == "done", PATIENT_S)


def test_after_a_reboot_nothing_lives(running: Line) -> None:
    """Even where the spool went with the machine: what ran is in doubt, and not running for ever."""
    rebooted = Host("web-7", "", "5f1c6a9e-0000-4000-8000-000000000009", f"{running.database}.d")
    assert "IN DOUBT: step 1" in rebooted.ok(running, "show", "1").out
    let_it_end(running)


def test_controls_held_on_another_machine_are_asked_for_or_declared_gone(running: Line) -> None:
    other = elsewhere(running)
    refused = other.run(running, "do", "1", "note", "hello", as_="kim")
    assert (refused.code, "on" in refused.err, "out of reach from here" in refused.err) == (3, True, True)
    refused = other.run(running, "do", "1", "take-over", "--reason", "web-7 is down", as_="kim")
    assert (refused.code, "Ask for them first" in refused.err) == (3, True)
    other.ok(running, "do", "1", "take-over", "--ask", as_="kim")
    refused = other.run(running, "do", "1", "take-over", "--reason", "web-7 is down", as_="kim")
    assert (refused.code, "for an answer" in refused.err) == (3, True)
    other.ok(running, "do", "1", "session-doubt", "sam", "--reason", "web-7 is down", as_="kim")
    other.ok(running, "do", "1", "take-over", "--reason", "web-7 is down", as_="kim")
    assert running.state()["operator"] == "kim"
    running.ok("verify", "1")
    let_it_end(running)


def test_a_database_that_was_moved_to_another_folder_waits_for_nothing_for_ever(
    running: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = folder(running)
    wait_for(lambda: attempt.process() is not None, PATIENT_S)
    supervisor = attempt.started()
    assert supervisor is not None
    moved = running.place / "moved"
    moved.mkdir(0o700)
    for name in ("backout.sqlite", "backout.sqlite.d"):
        shutil.move(running.place / name, moved / name)
    monkeypatch.setenv("BACKOUT_DATABASE", str(moved / "backout.sqlite"))
    assert step(running)["state"] == "running", "its lock moved with it, and is held"
    (running.place / "go").touch()
    wait_for(lambda: not lives(supervisor["pid"]), PATIENT_S)
    wait_for(lambda: step(running)["state"] in ("done", "in_doubt"), PATIENT_S)
