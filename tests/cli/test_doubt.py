"""In doubt, probes, who may decide and the failing backout from the command line: real commands, real kills."""

from __future__ import annotations

from pathlib import Path

from backout_tui.engine.attempts.spool import AttemptFolder
from backout_tui.store.file.place import spool_root
from tests.cli.lines import Line
from tests.engine.bench import kill, lives, wait_for

PLAN = """# Backout plan: web 2.0

- release: web 2.0
- returns to: 1.9
- environment: production
- authoriser: release manager
- proxy: web lead after 10 min

## Steps

### 1. Roll back
- safe to repeat
- probe: echo looked; test -e there

```sh
echo begun; test -e again || sleep 60
```

### 2. Drop the schema
- point of no return: it is dropped
- if it fails: restore the snapshot

```sh
exit 3
```

## If the backout fails

Call the web lead on +44 20 7946 0000.

## Contacts

| name | role | groups | zone | quiet | reach |
|---|---|---|---|---|---|
| release manager | authoriser | | UTC | | email:rm@example.org |
| web lead | development | | UTC | | phone:+44 20 7946 0000 |
"""


def begun(line: Line) -> None:
    """A problem is logged, nobody has decided."""
    line.start(PLAN)
    line.do("problem-add", "5xx everywhere")


def orphaned(line: Line) -> int:
    """Decided; step 1 runs, and its supervisor is killed; the command's process."""
    begun(line)
    line.do("decide", "--by", "release manager", "--reason", "errors above two percent", "--agreed", "by phone")
    line.do("step-run", "1", "--yes")
    (path,) = spool_root(line.database).iterdir()
    folder = AttemptFolder.at(Path(path))
    wait_for(lambda: folder.process() is not None)
    started, process = folder.started(), folder.process()
    assert started is not None
    assert process is not None
    kill(started["pid"])
    wait_for(lambda: not lives(started["pid"]))
    wait_for(lambda: line.state()["steps"][0]["state"] == "in_doubt")
    return int(process["pid"])


def test_what_is_in_doubt_is_said_first_with_the_ways_out_and_a_probe_answers_by_its_exit(line: Line) -> None:
    command = orphaned(line)
    try:
        shown = line.ok("show", "1").out
        assert shown.index("IN DOUBT: step 1, Roll back") < shown.index("Problems")
        for words in (
            f"process {command} still ran then",
            "do 1 step-probe 1",
            "do 1 step-resolve 1",
            "do 1 step-run 1",
        ):
            assert words in shown
        refused = line.run("do", "1", "step-run", "1", "--yes")
        assert (refused.code, f"still alive: process {command}" in refused.err) == (3, True)
    finally:
        kill(command)
    wait_for(lambda: not lives(command))
    assert line.run("do", "1", "step-probe", "1", "--yes", "--wait").code == 1
    (line.place / "there").touch()
    assert line.run("do", "1", "step-probe", "1", "--yes", "--wait").code == 0
    step = line.state()["steps"][0]
    assert (step["state"], [one["state"] for one in step["probes"]]) == ("in_doubt", ["failed", "done"])
    assert step["probe"] == "echo looked; test -e there"
    assert "the probe of step 1, run 2 says yes" in line.ok("log", "1").out
    assert "| echo looked; test -e there | says no" in line.ok("report", "1").out
    (line.place / "again").touch()
    assert line.run("do", "1", "step-run", "1", "--yes", "--wait").code == 0
    assert [one["state"] for one in line.state()["steps"][0]["attempts"]] == ["in_doubt", "done"]


def test_a_probe_asks_on_a_terminal_and_is_refused_where_there_is_none(line: Line) -> None:
    kill(orphaned(line))
    refused = line.run("do", "1", "step-probe", "1")
    assert (refused.code, "--yes" in refused.err) == (3, True)
    assert line.run("do", "1", "step-probe", "2", "--yes").code == 3
    assert line.run("do", "1", "step-probe", "9", "--yes").code == 2
    assert "ProbeStarted" not in line.kinds()


def test_who_may_decide_is_said_and_what_was_decided_too_early_and_by_whom_is_marked(line: Line) -> None:
    begun(line)
    assert "may decide: release manager; web lead from" in line.ok("show", "1").out
    line.do("call-log", "release manager", "voicemail")
    standing = line.state()["authority"]
    assert (standing["authoriser"], standing["proxy"]) == ("release manager", "web lead")
    assert standing["proxy_from"] > standing["waiting_since"]
    line.do("decide", "--by", "web lead", "--reason", "errors above two percent")
    decision = line.state()["decision"]
    assert (decision["role"], decision["named_authoriser"], 590 < decision["early_s"] <= 600) == ("proxy", True, True)
    assert decision["question"] == "Back web 2.0 out of production? P1 5xx everywhere"
    for command in ("show", "log", "report"):
        assert "the proxy, 10 min before their time" in line.ok(command, "1").out
    refused = line.run("do", "1", "close", "--outcome", "failed")
    assert "how web lead agreed was not said" in refused.err
    assert "how web lead agreed was not said" in line.ok("report", "1").out


def test_a_decision_anew_is_reported_with_the_one_before(line: Line) -> None:
    begun(line)
    line.do("decide", "fix-forward", "--by", "release manager", "--reason", "one line to fix", "--agreed", "by phone")
    refused = line.run("do", "1", "step-run", "1", "--yes")
    assert (refused.code, "fix-forward" in refused.err) == (3, True)
    line.do("decide", "--by", "kim", "--reason", "it was not the one line", "--agreed", "in the channel")
    report = line.ok("report", "1").out
    assert report.index("not the named authoriser") < report.index("It took the place of this one")
    assert "To fix forward" in report


def test_past_the_point_of_no_return_show_prints_what_to_do_and_whom_to_call_by_name(line: Line) -> None:
    kill(orphaned(line))
    assert line.state()["contingency"] is None
    line.do("step-resolve", "1", "done", "--reason", "looked on the host")
    assert line.run("do", "1", "step-run", "2", "--yes", "--wait").code == 1
    shown = line.ok("show", "1").out
    for words in ("THE BACKOUT FAILS: step 2", "if it fails: restore the snapshot", "call web lead, release manager"):
        assert words in shown
    assert "7946" not in shown
    said = line.state()["contingency"]
    assert (said["step"], said["call"]) == ("2", ["web lead", "release manager"])
