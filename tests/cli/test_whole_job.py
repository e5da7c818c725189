"""The whole job through `do`, in one night: from a plan file to the log that the lead reads the week after.

Real processes run the commands, a real mail server takes the mail, and everything is asked of the command line alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.anew import made_anew
from tests.cli.lines import Line, line_in
from tests.smtp import MailServer, Manners, Received

PLAN = """# Backout plan: payments-api 4.12.0

- release: payments-api 4.12.0
- returns to: 4.11.3
- environment: production
- team: payments
- affects: ledger (ledger team)
- window: 2h after deploy
- authoriser: release manager
- performer: sam, within 10 min

## When to back out
- 5xx on /charge above 2 % for 5 minutes

## Variables
- NAMESPACE: payments
- TOKEN: (secret)

## Steps

### 1. Freeze deployments
- before the decision

### 2. Drain the workers

```sh
echo drained >> ran
```

### 3. Roll the deployment back

```sh timeout=60
echo "rolling $NAMESPACE back"
echo rolled >> ran
echo 4.11.3 > version
echo 'successfully rolled out'
```

Expect: `successfully rolled out`

### 4. Clear the cache

```sh
echo clearing >> ran
cat no-such-lock
echo never >> ran
```

### 5. Restart the workers

```sh
test "$(cat version)" = wrong
```

### 6. Restore the ledger
- point of no return: postings since 01:50 are gone
- required

```sh
echo "restored with ${#TOKEN} characters" >> ran
```

### 7. Tell the support desk

### 8. Lift the freeze

## Verification

### A. The old version answers

```sh
cat version
```

Expect: `4.11.3`

### B. Ten charges looked at

## If the backout fails
Stop all writers.

## Communication

### Started
- to: stakeholders
- by: email
- when: decision

> Subject: Backing out {release}
>
> We return to {returns_to}, because of: {problems}

### Finished
- to: stakeholders
- by: email
- when: end

> {release} in {environment}: {outcome}. Departures: {deviations}.

## Contacts

| name | role | groups | zone | quiet | reach |
|---|---|---|---|---|---|
| release manager | authoriser | stakeholders | Europe/London | | email:rm@example.org |
| payments lead | development | stakeholders | America/New_York | | email:lead@example.org |
| ledger team | ledger | stakeholders | UTC | | email:ledger@example.org |
"""
TOKEN = "hunter2-and-some-more"


@dataclass(frozen=True)
class Night:
    """The night as it was left behind: the lead's command line on it, its folder, and the mails that went out."""

    line: Line
    place: Path
    received: list[Received]


@pytest.fixture
def night(played: tuple[Path, list[Received]], line: Line) -> Night:
    """What the lead has a week later: the database."""
    place, received = played
    made_anew(place / "backout.sqlite", line.database)
    return Night(line, place, received)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[Received]]]:
    """The night, played once from its first minute to its last; the mail server does not know the ledger team."""
    refusing = Manners(refuse={"ledger@example.org": "550 5.1.1 no such user"})
    with pytest.MonkeyPatch.context() as patch, MailServer(refusing) as server:
        line = line_in(tmp_path_factory.mktemp("night"), patch)
        config = f'[mail]\nport = {server.port}\nfrom = "backout@example.org"\ndeadline_s = 20\n'
        patch.setenv("BACKOUT_CONFIG", line.write("config.toml", config))
        patch.setenv("TOKEN", TOKEN)
        _identify_and_decide(line)
        _back_out(line)
        _verify_tell_and_close(line)
        yield line.place, server.received


def _identify_and_decide(line: Line) -> None:
    line.ok("plan", "import", line.write("plan.md", PLAN), "--yes")
    assert line.run("start", "payments-api 4.12.0", "--json").code == 3
    line.ok("plan", "approve", "1", "--by", "release manager", "--reason", "a small plan")
    started = line.ok("start", "payments-api 4.12.0", "--deployed-at", "2026-11-22T01:50:00Z", "--json").json
    assert (started["state"], started["plan"]["approved"]) == ("identifying", True)
    assert line.do("problem-add", "5xx on /charge")["created"] == "P1"
    line.do("problem-edit", "P1", "--detail", "from 0.1 % to 4 % within a minute")
    line.do("problem-assign", "P1", "payments lead")
    line.do("step-done", "1", "--note", "the bot answered")
    assert line.run("do", "1", "step-run", "2", "--yes").code == 3
    line.do("call-log", "release manager", "voicemail", "--follow-up", "5 min")
    line.do("call-log", "release manager", "reached", "--note", "agrees, go ahead")
    line.do("decide", "--by", "release manager", "--agreed", "by phone", "--reason", "errors above 2 % for ten minutes")
    assert line.run("do", "1", "message-send", "Started", "--yes", "--wait").code == 1


def _back_out(line: Line) -> None:
    line.do("step-skip", "2", "--reason", "the workers were drained already")
    assert line.run("do", "1", "step-run", "3", "--yes", "--wait").code == 0
    assert line.run("do", "1", "step-run", "4", "--yes", "--wait").code == 1
    assert line.run("do", "1", "step-run", "5", "--yes").code == 3
    line.do("step-workaround", "4", "--reason", "cleared it in the console of the cache")
    line.do(
        "step-change", "5", "--command", 'test "$(cat version)" = 4.11.3', "--reason", "the plan compares with wrong"
    )
    assert line.run("do", "1", "step-run", "5", "--yes", "--wait").code == 0
    assert line.run("do", "1", "step-skip", "6", "--reason", "no time for it").code == 3
    assert line.run("do", "1", "step-run", "6", "--yes", "--wait").code == 0
    added = line.do("step-add", "Rebuild the ledger's index", "--after", "6", "--reason", "queries time out")
    assert added["created"] == "6a"
    line.do("step-done", "6a")
    line.do("step-done", "8", "--reason", "the desk opens at six")
    line.do("step-done", "7")


def _verify_tell_and_close(line: Line) -> None:
    assert line.run("do", "1", "verdict", "backed-out").code == 3
    assert line.run("do", "1", "check-run", "all", "--wait").code == 0
    line.do("check-record", "B", "pass", "--note", "ten of ten agree")
    line.do("problem-resolve", "P1", "--note", "errors at 0.05 %")
    line.do("note", "the plan has to name the right version in step 5")
    line.do("verdict", "backed-out")
    assert line.run("do", "1", "message-send", "Finished", "--yes", "--wait").code == 1
    refused = line.run("do", "1", "close")
    assert (refused.code, "was not sent to everybody" in refused.err) == (3, True)
    line.do("close", "--reason", "the ledger team is told in the morning")
    assert line.run("do", "1", "note", "too late").code == 3


def test_what_the_lead_reads_of_the_night(night: Night) -> None:
    """Each departure with its reason, who decided, who was told, and that the record can be trusted."""
    state = night.line.state()
    assert (state["state"], state["outcome"]) == ("closed", "backed-out")
    assert {step["number"]: step["state"] for step in state["steps"]} == {
        "1": "done", "2": "skipped", "3": "done", "4": "worked_around", "5": "done", "6": "done", "6a": "done",
        "7": "done", "8": "done",
    }  # fmt: skip
    assert [(one["kind"], one["step"], one["reason"]) for one in state["deviations"]] == [
        ("skipped", "2", "the workers were drained already"),
        ("worked_around", "4", "cleared it in the console of the cache"),
        ("changed", "5", "the plan compares with wrong"),
        ("added", "6a", "queries time out"),
        ("reordered", "8", "the desk opens at six"),
    ]
    assert state["decision"]["named_authoriser"] is True
    assert [check["verdict"] for check in state["checks"]] == ["pass", "pass"]
    told = {message["title"]: message for message in state["messages"]}
    assert told["Started"]["state"] == told["Finished"]["state"] == "partly"
    ledger = next(one for one in told["Finished"]["recipients"] if one["name"] == "ledger team")
    assert (ledger["state"], "no such user" in ledger["detail"]) == ("failed", True)
    assert [one.message["Subject"] for one in night.received] == ["Backing out payments-api 4.12.0", "Finished"]
    assert "because of: P1 5xx on /charge" in night.received[0].body
    assert "backed-out. Departures: step 2 skipped" in night.received[1].body
    # A command that failed was not repeated, and one that was refused did not run.
    assert (night.place / "ran").read_text().splitlines() == ["rolled", "clearing", "restored with 21 characters"]


def test_the_record_of_the_night_can_be_trusted(night: Night) -> None:
    line = night.line
    assert line.ok("verify", "1", "--json").json["ok"]
    raw = line.ok("log", "1", "--json").out_bytes
    records = json.loads(raw)
    prev = hashlib.sha256(b"backout:1" + records[0]["data"]["plan"]["sha256"].encode()).hexdigest()
    for number, record in enumerate(raw.removeprefix(b"[").removesuffix(b"]\n").split(b",\n"), start=1):
        assert (records[number - 1]["seq"], records[number - 1]["prev"]) == (number, prev)
        prev = hashlib.sha256(b"backout-event\x00v1\x00" + record).hexdigest()
    assert line.state()["log"]["head"] == f"{len(records)}:{prev[:20]}"
    # The heads that left the host by mail are anchors for ever.
    for received in night.received:
        head = received.body.rpartition("Log head: ")[2].strip()
        assert line.run("verify", "1", "--anchor", head).code == 0
    # Each intent stands before its outcome, and has exactly one.
    for intent in (one for one in records if one["kind"] in ("StepStarted", "CheckStarted", "MessageSending")):
        outcomes = [one for one in records if one["data"].get("intent") == intent["event_id"]]
        assert [one["kind"].endswith("Finished") for one in outcomes] == [True]
        assert outcomes[0]["seq"] > intent["seq"]
    assert TOKEN.encode() not in (night.place / "backout.sqlite").read_bytes()
    assert not list((night.place / "backout.sqlite.d" / "spool").iterdir())


def test_the_night_in_words(night: Night) -> None:
    """The report and the log name what a reader looks for; how they say it is tested elsewhere."""
    report, log = night.line.ok("report", "1", "--format", "md").out, night.line.ok("log", "1").out
    for words in (
        "payments-api", "4.12.0", "4.11.3", "release manager", "5xx on /charge", "the workers were drained already",
        "cleared it in the console of the cache", "queries time out", "the desk opens at six",
        "the ledger team is told in the morning", night.line.state()["log"]["head"],
    ):  # fmt: skip
        assert words in report, words
        assert words in log, words
    assert len(night.line.ok("list").out.splitlines()) == 1
    assert "backed-out" in night.line.ok("list").out
