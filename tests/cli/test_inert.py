"""No byte of data reaches the terminal as control: of plans, texts, names, arguments; read, refused, or damaged."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator

import pytest

from tests.anew import made_anew
from tests.cli.lines import SCRIPT, Line, Result, line_in
from tests.engine.desks import PEOPLE
from tests.hands import by_hand
from tests.hostile_plan import ALL, BIDI, ESCAPES, MARKUP
from tests.pty_screen import PtyScreen

ACTS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
ARGUMENT = ALL.replace("\x00", "")  # no argument of a process and no text file holds one
ONE_LINE = " ".join(ARGUMENT.split())
PLAN = f"""# Backout plan: web {ONE_LINE} 2.0

- release: web{BIDI} 2.0
- returns to: 1.9\x1b[31m
- environment: prod\x07uction
- authoriser: kim{MARKUP}
- colour: {ONE_LINE}

## Steps

### 1. Freeze {ONE_LINE}
- before the decision
- owner: {ONE_LINE}

Instruction {ONE_LINE}

### 2. Print

```sh
printf '\\033[31m\\033]0;title\\007\\302\\233m\\342\\200\\256 <<{ONE_LINE.replace("'", "")}>>'
exit 1
```

### 3. Name <tag\x1b[31m>

## Verification

### A. Looks {ONE_LINE}

## Communication

### Tell {ONE_LINE}
- to: kim{MARKUP}, nobody{ONE_LINE}
- by: email

> Subject: {ONE_LINE}
>
> {ONE_LINE}

## Contacts

| name | role | groups | zone | quiet | reach |
|---|---|---|---|---|---|
| kim | \x1b[31m | x | \x1b[2J | | email:kim\x07@example.org |
"""


def inert(result: Result) -> Result:
    """What was said, in which nothing acts on a terminal."""
    for said in (result.out_bytes, result.err_bytes):
        text = said.decode("utf-8")
        found = ACTS.search(text)
        assert found is None, (found, text[max(0, found.start() - 60) : found.end() + 20])
    return result


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """A backout in which every text that people and programs give is hostile."""
    with pytest.MonkeyPatch.context() as patch:
        line = line_in(tmp_path_factory.mktemp("told"), patch)
        inert(line.run("plan", "import", line.write("plan.md", PLAN)))
        inert(line.ok("start", "./plan.md", "--json", "--reason", ARGUMENT))
        for verb in (
            ["problem-add", ARGUMENT, "--detail", ARGUMENT, "--assign", ARGUMENT],
            ["decide", "--by", ARGUMENT, "--reason", ARGUMENT, "--agreed", ARGUMENT],
            ["step-done", "1", "--note", ARGUMENT],
            ["step-run", "2", "--yes", "--wait", "--reason", ARGUMENT],
            ["step-add", ARGUMENT, "--after", "2", "--instruction", ARGUMENT, "--reason", ARGUMENT],
            ["step-change", "2a", "--command", ARGUMENT, "--reason", ARGUMENT],
            ["step-skip", "3", "--reason", ARGUMENT],
            ["check-record", "A", "fail", "--note", ARGUMENT],
            ["call-log", ARGUMENT, "voicemail", "--note", ARGUMENT],
            ["message-write", "--to", ARGUMENT, "--text", ARGUMENT],
            ["note", ARGUMENT],
            ["var-set", "X", ARGUMENT, "--reason", ARGUMENT],
            ["verdict", "failed", "--reason", ARGUMENT],
        ):
            result = inert(line.run("--as", f"kim{ARGUMENT}", "do", "1", *verb))
            assert result.code == (1 if "--wait" in verb else 0), (verb, result.err)
        yield line


@pytest.fixture
def night(told: Line, line: Line) -> Line:
    """The same, to be done with as a test likes."""
    made_anew(told.database, line.database)
    shutil.copy(told.place / "plan.md", line.place / "plan.md")
    return line


READING = ("list", "show 1", "show 1 --json", "log 1", "log 1 --json", "report 1", "verify 1", "verify 1 --json",
           "plan list", "plan list --json", "plan show 1", "plan show 1 --json", "plan check 1", "plan check 1 --json",
           "plan show ./plan.md", "plan check ./plan.md", "list --json",
           "plan export 1 --json")  # fmt: skip


def test_whatever_is_read_is_inert(night: Line) -> None:
    for command in READING:
        result = inert(night.run(*command.split()))
        assert result.code in (0, 1), (command, result.err)
        assert result.out


def test_a_line_for_each_event_stays_one_line(night: Line) -> None:
    assert len(night.ok("log", "1").out.splitlines()) == len(night.kinds()) + 1
    assert len(night.ok("list").out.splitlines()) == 1


def test_what_went_in_comes_out_of_json_as_it_was(night: Line) -> None:
    records = night.ok("log", "1", "--json").json
    note = next(one for one in records if one["kind"] == "NoteAdded")
    assert note["data"]["text"] == ARGUMENT.strip()


def test_a_copy_and_a_saved_log_are_read_as_inertly(night: Line) -> None:
    (night.place / "x.json").write_bytes(night.ok("log", "1", "--json").out_bytes)
    for command in ("show", "show --json", "log", "log --json", "report", "verify"):
        inert(night.ok(*command.split(), "x.json"))


def test_records_that_another_hand_wrote_into_the_file_are_inert_too(night: Line) -> None:
    """JSON may hold such characters as they are; our own records never do."""
    with by_hand(night.database) as forger:
        forger.execute("DROP TRIGGER event_no_update")
        (record,) = forger.execute("SELECT record FROM event WHERE log_id = 'backout:1' AND seq = 3").fetchone()
        fields = json.loads(record)
        fields["data"]["title"] = fields["actor"]["as"] = "a\u009b31m\u202e\x7f"
        raw = json.dumps(fields, ensure_ascii=False).encode()
        forger.execute("UPDATE event SET record = ? WHERE log_id = 'backout:1' AND seq = 3", (raw,))
    for command in READING:
        inert(night.run(*command.split()))


HOSTILE_ARGUMENTS = (
    ["{}"],
    ["show", "{}"],
    ["show", "{}.json"],
    ["show", "{}.sqlite"],
    ["log", "{}"],
    ["verify", "{}"],
    ["verify", "1", "--anchor", "{}"],
    ["do", "{}", "note", "x"],
    ["do", "1", "{}"],
    ["do", "1", "step-done", "{}"],
    ["do", "1", "step-run", "{}", "--yes"],
    ["do", "1", "check-run", "{}"],
    ["do", "1", "check-record", "A", "{}", "--note", "x"],
    ["do", "1", "message-send", "{}", "--yes"],
    ["do", "1", "message-resolve", "M1", "{}", "sent", "--reason", "x"],
    ["do", "1", "problem-resolve", "{}"],
    ["do", "1", "option-choose", "{}", "--reason", "x"],
    ["do", "1", "var-set", "{}", "x"],
    ["do", "1", "verdict", "{}"],
    ["do", "1", "call-log", "kim", "voicemail", "--follow-up", "{}"],
    ["start", "{}", "--json"],
    ["start", "./{}", "--json"],
    ["start", "1", "--set", "{}", "--json"],
    ["start", "1", "--set", "{}=x", "--json"],
    ["start", "1", "--deployed-at", "{}", "--json"],
    ["plan", "show", "{}"],
    ["plan", "check", "./{}"],
    ["plan", "import", "{}.md"],
    ["plan", "export", "1", "{}/x"],
    ["plan", "export", "{}"],
    ["--database", "{}", "show", "1"],
    ["--database", "postgres://{}", "list"],
    ["--config", "{}", "list"],
)


@pytest.mark.parametrize("arguments", HOSTILE_ARGUMENTS, ids=lambda words: " ".join(words))
def test_an_argument_that_cannot_be_is_told_inertly(night: Line, arguments: list[str]) -> None:
    hostile = (ESCAPES + BIDI + "\udcff\x7f\u009b").replace("\x00", "")
    result = inert(night.run(*(word.replace("{}", hostile) for word in arguments)))
    assert result.code in (2, 3), result.err
    assert result.err.startswith("backout-tui: ")


def test_settings_and_plans_that_are_hostile_themselves_are_told_inertly(line: Line) -> None:
    config = line.write("config.toml", '[mail]\n"\\u001b[31m" = 1\nhost = "\\u009b"\n')
    assert inert(line.run("--config", config, "list")).code == 2
    (line.place / "x\x1b[31m.md").write_bytes(b"\xff\x1b[31m")
    assert inert(line.run("plan", "show", "./x\x1b[31m.md")).code == 2
    (line.place / "y.md").write_text("\x1b[31m\u202e\x07\n# \x1b]0;x\x07\n- \x1b: \x9b\n```\x1b\n\x1b\n" + PEOPLE)
    for command in ("show", "check"):
        inert(line.run("plan", command, "y.md"))
        inert(line.run("plan", command, "y.md", "--json"))


def test_a_bug_over_hostile_text_is_told_inertly(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise type(f"E\x1b[31m{BIDI}", (Exception,), {})(ALL)

    monkeypatch.setattr("backout_tui.engine.listing.listed", broken)
    assert inert(line.run("list")).code == 70
    (report,) = (line.place / "tmp").glob("*crash*")
    assert ACTS.search(report.read_text()) is None


@pytest.mark.parametrize("command", ["show 1", "log 1", "log 1 --json", "report 1", "do 1 step-done 99", "plan show 1"])
def test_on_a_real_terminal_only_line_ends_arrive(night: Line, command: str) -> None:
    with PtyScreen([str(SCRIPT), *command.split()]) as screen:
        screen.wait()
        raw = screen.raw
    assert raw
    assert ACTS.search(raw.decode().replace("\r\n", "\n")) is None


def test_what_is_asked_on_a_real_terminal_is_inert(night: Line) -> None:
    night.ok("do", "1", "step-change", "2", "--command", f"echo '{ONE_LINE}'", "--reason", "for the test")
    with PtyScreen([str(SCRIPT), "do", "1", "step-run", "2", "--reason", ARGUMENT, "--as", "kim\x1b[31m"]) as screen:
        screen.wait_for("Run it? [y/N]")
        screen.send("n\r")
        screen.wait()
        raw = screen.raw
    assert ACTS.search(raw.decode().replace("\r\n", "\n")) is None
