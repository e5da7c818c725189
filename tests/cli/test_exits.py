"""How every command line ends: 0, 1, 2, 3, 70, or by a signal; and what it says then."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import time
from pathlib import Path

import pytest

from backout_tui import __version__
from tests.cli.lines import COMMANDS, SCRIPT, Line
from tests.engine.bench import wait_for


def test_version_and_help_end_with_0(line: Line) -> None:
    assert line.ok("--version").out == f"backout-tui {__version__}\n"
    for arguments in (["--help"], ["do", "1", "step-run", "-h"], ["plan", "-h"], ["plan", "import", "--help"]):
        assert line.ok(*arguments).out.startswith("Usage: backout-tui")


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["--nonsense"],
        ["do", "1"],
        ["do", "1", "nonsense"],
        ["do", "1", "problem-add"],
        ["do", "1", "step-skip", "2"],
        ["do", "1", "decide", "panic", "--by", "x", "--reason", "y"],
        ["do", "1", "decide", "--by", "x"],
        ["do", "1", "problem-edit", "P1"],
        ["do", "1", "call-log", "kim", "hung-up"],
        ["start"],
        ["start", "1", "--release", "x 1"],
        ["start", "--release", "x 1", "--json"],
        ["start", "1", "--environment", "e", "--json"],
        ["start", "1", "--set", "novalue", "--json"],
        ["start", "1", "--deployed-at", "yesterday", "--json"],
        ["show"],
        ["show", "one"],
        ["show", "1"],
        ["show", "9" * 5000],
        ["log", "-1"],
        ["report", "1", "--format", "pdf"],
        ["verify", "1"],
        ["plan", "show", "7"],
        ["plan", "show", "missing.md"],
        ["plan", "import", "missing.md"],
        ["plan", "approve", "7", "--by", "kim"],
        ["--database", "", "list"],
        ["--config", " ", "list"],
        ["--config", "missing.toml", "list"],
        ["--as", " ", "list"],
    ],
)
def test_what_cannot_be_done_so_ends_with_2_and_one_sentence(line: Line, arguments: list[str]) -> None:
    result = line.run(*arguments)
    assert result.code == 2, (result.out, result.err)
    assert result.out == ""
    assert result.err.startswith("backout-tui: ")
    assert "Traceback" not in result.err
    assert not line.database.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["do", "2", "note", "x"], "there is no backout 2"),
        (["do", "1", "step-done", "99"], "There are: 1, 2, 3, 4, 5"),
        (["do", "1", "check-record", "Z", "pass", "--note", "x"], "There are: A, B"),
        (["do", "1", "problem-assign", "P7", "kim"], "There is no problem yet"),
        (["do", "1", "message-send", "Nothing", "--yes"], "There are: Started"),
        (["do", "1", "option-choose", "Z", "--reason", "x"], "there is no option Z"),
        (["do", "1", "verdict", "fine"], "'OUTCOME': 'fine' is not one of 'backed-out', 'with-residue'"),
        (["do", "1", "check-record", "A", "maybe", "--note", "x"], "'VERDICT': 'maybe' is not one of 'pass', 'fail'"),
        (["do", "1", "check-record", "A"], "Missing argument 'VERDICT'. Choose from: pass, fail, inconclusive."),
        (["do", "1", "reason", "99", "x"], "there is no event 99"),
        (["do", "1", "var-set", "A B", "x"], "not a valid name for a variable"),
        (["do", "1", "step-skip", "2", "--reason", " "], "the reason is missing"),
        (["do", "1", "note", ""], "the note is missing"),
        (["do", "1", "call-log", "kim", "voicemail", "--follow-up", "soon"], "not a time in the future"),
        (
            ["do", "1", "call-log", "kim", "voicemail", "--follow-up", "2020-01-01T00:00:00Z"],
            "not a time in the future",
        ),
    ],
)
def test_what_is_not_there_is_told_with_what_is(line: Line, arguments: list[str], words: str) -> None:
    line.start()
    before = line.kinds()
    result = line.run(*arguments)
    assert (result.code, result.out) == (2, "")
    assert words in result.err
    assert line.kinds() == before


def test_a_gates_no_ends_with_3_and_says_what_lifts_it(line: Line) -> None:
    line.start()
    for arguments, lift in (
        (
            ["decide", "--by", "kim", "--reason", "errors above two percent"],
            "To do it anyway: --break-glass with --rea",
        ),
        (["step-run", "2", "--yes"], "To do it anyway: --break-glass with --reason T."),
        (["verdict", "backed-out"], "To do it anyway: --reason T."),
        (["step-stop", "2"], "Step 2 is not running."),
        (["reopen", "--reason", "to look again"], "This backout is not closed."),
    ):
        result = line.run("do", "1", *arguments)
        assert (result.code, result.out) == (3, ""), arguments
        assert lift in result.err
    assert line.kinds() == ["BackoutOpened"]
    line.do("step-done", "1")
    line.do("problem-add", "5xx")
    line.do("decide", "--by", "release manager", "--reason", "errors above two percent")
    assert "To do it anyway: --note T." in line.run("do", "1", "step-done", "2").err


def test_our_own_bug_ends_with_70_and_a_report_without_a_single_value(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.start()

    def broken(*_: object, **__: object) -> None:
        password = "hunter2"  # noqa: F841 - what a report must not show
        raise KeyError("some key")

    monkeypatch.setattr("backout_tui.engine.verbs.note_verbs.add", broken)
    result = line.run("do", "1", "note", "a secret word")
    assert (result.code, result.out) == (70, "")
    assert result.err.startswith("backout-tui: this is a bug in backout-tui (KeyError)")
    assert len(result.err.splitlines()) == 1
    (report,) = (line.place / "tmp").glob("*crash*")
    text = report.read_text()
    assert str(report) in result.err
    assert "KeyError" in text
    assert "hunter2" not in text
    assert "a secret word" not in text
    assert report.stat().st_mode & 0o077 == 0


def test_an_interruption_ends_with_130(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    line.start()

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("backout_tui.engine.verbs.note_verbs.add", interrupted)
    result = line.run("do", "1", "note", "x")
    assert result.code == 130
    assert "what was recorded stays" in result.err


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM)])
def test_a_signal_ends_the_waiting_and_the_command_goes_on(line: Line, number: signal.Signals, code: int) -> None:
    line.decided(COMMANDS.replace('echo "rolled back to $TARGET"', 'sleep 1; echo "rolled back to $TARGET"'))
    process = subprocess.Popen(
        [SCRIPT, "do", "1", "step-run", "2", "--yes", "--wait"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    wait_for(lambda: "StepStarted" in line.kinds())
    time.sleep(0.1)
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == code
    assert b"Traceback" not in err
    wait_for(lambda: "StepFinished" in line.kinds())
    assert line.state()["steps"][1]["state"] == "done"


# ── what stands around a command line ─────────────────────────────────────────────────────────────────────────────


def test_nobody_who_reads_on_is_no_trouble(line: Line) -> None:
    line.start()
    process = subprocess.Popen([SCRIPT, "show", "1"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    with process.stderr as stderr:
        assert (process.wait(60), stderr.read()) == (0, b"")


@pytest.mark.parametrize(
    "arguments",
    [
        ["plan", "show", b"web\xff 1"],
        ["plan", "import", "plan.md", "--yes", "--release", b"web\xff 1"],
        ["show", b"\xff"],
    ],
)
def test_an_argument_that_is_not_text_is_told(line: Line, arguments: list[str | bytes]) -> None:
    line.start()
    line.write("plan.md", "# A plan\n")
    done = subprocess.run([SCRIPT, *arguments], cwd=line.place, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"bug" not in done.stderr


def test_a_full_disk_behind_standard_output_is_told(line: Line) -> None:
    line.start()
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([SCRIPT, "log", "1", "--json"], stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert done.stderr == (
        b"backout-tui: standard output cannot be written: no space left on device. What was recorded stays.\n"
    )


def test_closed_channels_are_told_where_somebody_listens(line: Line) -> None:
    line.start()
    done = subprocess.run(["sh", "-c", f"{SCRIPT} show 1 >&-"], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (2, b"backout-tui: standard output is closed. What was recorded stays.\n")
    done = subprocess.run(["sh", "-c", f"{SCRIPT} show 7 2>&-"], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (2, b"", b"")


def test_a_terminal_that_lacks_a_character_gets_its_number_and_json_is_utf_8_everywhere(line: Line) -> None:
    line.start()
    line.do("problem-add", "späte Lösung →")
    narrow = {"PYTHONIOENCODING": "", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"}
    words = line.script("show", "1", environment=narrow)
    assert (words.code, words.err) == (0, "")
    assert "sp" in words.out_bytes.decode("ascii", "replace")
    document = line.script("show", "1", "--json", environment={**narrow, "PYTHONIOENCODING": "latin-1"})
    assert document.json["problems"][0]["title"] == "späte Lösung →"


def test_a_folder_that_is_gone_is_told(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = line.place / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    result = line.run("list")
    assert (result.code, result.out) == (2, "")
    assert "the folder you are in is gone" in result.err


def test_settings_that_are_wrong_are_told_with_their_line(line: Line) -> None:
    config = line.write("config.toml", "[mail]\nport = 'x'\n")
    result = line.run("--config", config, "list")
    assert result.code == 2
    assert "config.toml:2" in result.err


def test_settings_without_end_are_told(line: Line) -> None:
    config = line.write("config.toml", f"shared_accounts = {'[' * 5000}\n")
    result = line.run("--config", config, "list")
    assert (result.code, "too deep" in result.err) == (2, True)


def test_a_shared_account_has_to_say_who_it_is(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    login = pwd.getpwuid(os.getuid()).pw_name
    monkeypatch.delenv("BACKOUT_AS")
    config = line.write("config.toml", f'shared_accounts = ["{login}"]\n')
    line.ok("--as", "kim", "start", "--release", "shop 2", "--returns-to", "1", "--json")
    result = line.run("--config", config, "do", "1", "note", "hello")
    assert (result.code, "Give your name with --as NAME" in result.err) == (2, True)
    line.ok("--config", config, "--as", "kim", "do", "1", "note", "hello")


@pytest.mark.parametrize("command", [["list"], ["show", "1"], ["log", "1"], ["report", "1"], ["verify", "1"]])
def test_reading_asks_no_name(line: Line, monkeypatch: pytest.MonkeyPatch, command: list[str]) -> None:
    line.ok("--as", "kim", "start", "--release", "shop 2", "--returns-to", "1", "--json")
    login = pwd.getpwuid(os.getuid()).pw_name
    monkeypatch.delenv("BACKOUT_AS")
    line.ok("--config", line.write("config.toml", f'shared_accounts = ["{login}"]\n'), *command)


def test_reading_a_plan_asks_no_name(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    login = pwd.getpwuid(os.getuid()).pw_name
    plan = line.write("plan.md", "# Backout plan: shop 2\n\n- release: shop 2\n- returns to: 1\n")
    line.ok("--as", "kim", "plan", "import", plan)
    monkeypatch.delenv("BACKOUT_AS")
    config = line.write("config.toml", f'shared_accounts = ["{login}"]\n')
    for command in (["list"], ["show", "1"], ["check", "1"], ["export", "1", "--output", "-"]):
        assert "Give your name" not in line.run("--config", config, "plan", *command).err, command


def test_sudo_does_not_hide_who_it_was(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a terminal to ask on, the person whom sudo names is the one who acts."""
    line.ok("start", "--release", "shop 2", "--returns-to", "1", "--json")
    monkeypatch.delenv("BACKOUT_AS")
    monkeypatch.setenv("SUDO_USER", "alice")
    line.ok("do", "1", "note", "hello")
    actor = line.ok("log", "1", "--json").json[-1]["actor"]
    assert (actor["as"], actor["sudo_user"]) == ("alice", "alice")
    line.ok("--as", "kim", "do", "1", "take-over", "--reason", "alice asked me to")
    assert "kim (alice)" in line.ok("log", "1").out
    assert "kim (alice)" in line.ok("report", "1").out


def test_the_bare_command_ends_as_its_screen_ends(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backout_tui.cli.dashboards.open_or_list", lambda _surroundings: 70)
    assert line.run().code == 70


def test_what_could_not_be_read_again_is_not_recorded(line: Line) -> None:
    """A time that no clock shows made a backout that nothing could open any more."""
    line.decided()
    before = line.kinds()
    for when in ("9999-12-31T23:00:00Z", "0001-01-01T00:00:00Z"):
        done = line.run("do", "1", "call-log", "release manager", "no-answer", "--follow-up", when)
        assert (done.code, done.out) == (2, ""), done.err
        done = line.run("start", "--release", "other 1", "--returns-to", "0", "--deployed-at", when, "--json")
        assert (done.code, done.out) == (2, ""), done.err
    assert line.kinds() == before
    assert [one["id"] for one in line.ok("list", "--json").json] == [1]
    line.ok("do", "1", "note", "goes on")


@pytest.mark.parametrize("command", [["--help"], ["--version"], ["show", "--help"], ["list"], ["show", "1"]])
def test_a_full_disk_behind_standard_output_is_said_and_ends_with_two(line: Line, command: list[str]) -> None:
    """Also for what the command line prints by itself."""
    line.start()
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [str(SCRIPT), *command], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
    assert (done.returncode, "standard output cannot be written: no space left" in done.stderr) == (2, True)


@pytest.mark.parametrize("command", ["--help", "--version", "show --help", "list", "list --json", "show 1", "log 1"])
def test_closed_standard_output_is_said_and_ends_with_two(line: Line, command: str) -> None:
    """Also for what the command line prints by itself."""
    line.start()
    done = subprocess.run(["sh", "-c", f"{SCRIPT} {command} >&-"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "backout-tui: standard output is closed. What was recorded stays.\n"
