"""What runs or leaves is shown and asked for on the terminal first; without a terminal nothing is assumed."""

from __future__ import annotations

import os
import pwd
import signal
import sys
import termios
from pathlib import Path

import pytest

from tests.cli.lines import COMMANDS, SCRIPT, Line
from tests.engine.bench import wait_for
from tests.pty_screen import PtyScreen
from tests.smtp import MailServer

TOKEN = "hunter2-and-some-more"


def at_terminal(*arguments: str, **environ: str) -> PtyScreen:
    """A command line of sam's in a terminal."""
    return PtyScreen([str(SCRIPT), *arguments], width=100, environ=environ)


def ran(line: Line) -> str:
    """What the commands have written."""
    path = line.place / "ran"
    return path.read_text() if path.exists() else ""


def everything(line: Line) -> bytes:
    """All that lies on the disk: database, spool, reports."""
    return b"".join(path.read_bytes() for path in line.place.rglob("*") if path.is_file())


# ── without a terminal ────────────────────────────────────────────────────────────────────────────────────────────


def test_without_a_terminal_nothing_runs_or_leaves_unless_it_is_said(line: Line) -> None:
    with MailServer() as server:
        text = f'[mail]\nport = {server.port}\nfrom = "backout@example.org"\n'
        line.patch.setenv("BACKOUT_CONFIG", line.write("config.toml", text))
        line.decided()
        before = line.kinds()
        for command in (["step-run", "2"], ["step-run", "2", "--wait"], ["message-send", "Started"]):
            result = line.run("do", "1", *command, stdin=b"y\n")
            assert (result.code, result.out) == (3, "")
            assert "there is no terminal to ask on. Add --yes." in result.err
    assert server.connections == 0
    assert line.kinds() == before
    assert ran(line) == ""


def test_what_a_gate_refuses_is_refused_before_anybody_is_asked(line: Line) -> None:
    line.decided()
    assert "Step 2 comes first" in line.run("do", "1", "step-run", "3").err
    assert "Step 1 is done" in line.run("do", "1", "step-run", "1").err
    assert "no sender is set" in line.run("do", "1", "message-send", "Started").err
    with at_terminal("do", "1", "step-run", "5") as screen:
        assert screen.wait() == 3
        assert "steps 2, 3 and 4 come first" in " ".join(screen.text().split())
        assert "not shown" not in screen.text()


def test_without_a_terminal_a_secret_comes_from_the_environment_or_not_at_all(line: Line) -> None:
    line.decided()
    command = ["do", "1", "step-run", "5", "--yes", "--wait", "--reason", "alone, for the test"]
    refused = line.run(*command)
    assert (refused.code, "needs the secret TOKEN" in refused.err) == (3, True)
    assert line.script(*command, environment={"TOKEN": TOKEN}).code == 0
    assert (line.place / "ran-with-token").read_text() == f"token {TOKEN}\n"
    (line.place / "ran-with-token").unlink()
    assert TOKEN.encode() not in everything(line)


# ── at the terminal ───────────────────────────────────────────────────────────────────────────────────────────────


def test_the_command_is_shown_whole_and_a_word_runs_it(line: Line) -> None:
    line.decided()
    with at_terminal("do", "1", "step-run", "2", "--wait") as screen:
        screen.wait_for("Run it? [y/N]")
        shown = screen.text()
        for words in ('echo "rolled back to $TARGET" | tee -a ran', "as ", str(line.place)[-20:], "sh -e", "60 s"):
            assert words in shown.replace("\n", ""), words
        assert ran(line) == ""
        screen.send("y\r")
        assert screen.wait() == 0
    assert ran(line) == "rolled back to blue\n"


@pytest.mark.parametrize(("answer", "code"), [("\r", 3), ("n\r", 3), ("2\r", 3), ("\x04", 3), ("\x03", 130)])
def test_any_other_answer_runs_nothing(line: Line, answer: str, code: int) -> None:
    line.decided()
    before = line.kinds()
    with at_terminal("do", "1", "step-run", "2") as screen:
        screen.wait_for("Run it? [y/N]")
        screen.send(answer)
        assert screen.wait() == code
    assert line.kinds() == before
    assert ran(line) == ""


def test_what_cannot_be_undone_wants_its_number_and_a_yes_is_not_enough(line: Line) -> None:
    line.decided()
    command = ["do", "1", "step-run", "4", "--wait", "--reason", "alone, for the test"]
    for answer, code, burnt in (("y", 3, ""), ("4", 0, "burnt\n")):
        with at_terminal(*command) as screen:
            screen.wait_for("Type 4 to run it:")
            assert "no way back after it: the old data is gone" in screen.text()
            screen.send(f"{answer}\r")
            assert screen.wait() == code
        assert ran(line) == burnt


def test_a_secret_is_asked_for_without_echo_and_is_on_no_disk_and_in_no_argument(line: Line) -> None:
    slow = COMMANDS.replace('echo "token $TOKEN" >>', 'sleep 0.5; echo "token $TOKEN" >>')
    line.decided(slow)
    with at_terminal("do", "1", "step-run", "5", "--yes", "--wait", "--reason", "alone, for the test") as screen:
        screen.wait_for("TOKEN (not shown):")
        screen.send(f"{TOKEN}\r")
        wait_for(lambda: "StepStarted" in line.kinds())
        assert TOKEN.encode() not in everything(line)
        assert TOKEN.encode() not in _arguments_of_all()
        assert screen.wait() == 0
        assert TOKEN.encode() not in screen.raw
    assert (line.place / "ran-with-token").read_text() == f"token {TOKEN}\n"
    (line.place / "ran-with-token").unlink()
    assert TOKEN.encode() not in everything(line)
    assert b"token" in everything(line)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGINT])
def test_a_signal_while_a_secret_is_typed_gives_the_echo_back(line: Line, number: signal.Signals) -> None:
    line.decided()
    with at_terminal("do", "1", "step-run", "5", "--yes", "--reason", "alone, for the test") as screen:
        screen.wait_for("TOKEN (not shown):")
        screen.send("half a sec")
        assert not screen.terminal_attributes()[3] & termios.ECHO
        screen.signal(number)
        assert screen.wait() in (-number, 128 + number)
        assert screen.terminal_attributes() == screen.attributes


def test_a_stop_while_a_secret_is_typed_gives_the_echo_back_and_goes_on_without(line: Line) -> None:
    line.decided()
    command = [str(SCRIPT), "do", "1", "step-run", "5", "--yes", "--reason", "alone, for the test"]
    script = 'set -m; "$@"; stty -a; read -r _; fg; echo "ended with $?"'
    with PtyScreen(["bash", "-c", script, "bash", *command], width=100) as screen:
        screen.wait_for("TOKEN (not shown):")
        screen.send("half\x1a")
        screen.wait_for(" echo ")
        assert screen.terminal_attributes() == screen.attributes
        screen.send("\r")
        screen.wait_for('"$@"\n\nTOKEN (not shown):')
        wait_for(lambda: not screen.terminal_attributes()[3] & termios.ECHO)
        screen.send("\r")
        screen.wait_for("ended with 3")
        assert screen.terminal_attributes() == screen.attributes


STOPPED_AS_IT_ASKS = """
import io, os, signal, sys
from backout_tui.cli.hidden import ask_hidden

class Terminal(io.RawIOBase):
    stops = 1
    def writable(self):
        return True
    def write(self, data):
        os.write(2, data)
        if self.stops and b"Token" in bytes(data):
            self.stops = 0
            os.kill(0, signal.SIGTSTP)
        return len(data)

sys.stderr = io.TextIOWrapper(io.BufferedWriter(Terminal()))
print(len(ask_hidden("Token: ")))
"""


def test_a_stop_in_the_middle_of_the_question_is_no_fault_and_it_is_asked_again() -> None:
    script = 'set -m; "$@"; echo stopped; read -r _; fg; echo "ended with $?"'
    with PtyScreen(["bash", "-c", script, "bash", sys.executable, "-c", STOPPED_AS_IT_ASKS], width=100) as screen:
        screen.wait_for("stopped")
        screen.send("\r")
        screen.wait_for('"$@"\n\nToken:')
        wait_for(lambda: not screen.terminal_attributes()[3] & termios.ECHO)
        screen.send("seven77\r")
        screen.wait_for("7\nended with 0")


def test_a_secret_that_is_not_given_runs_nothing(line: Line) -> None:
    line.decided()
    before = line.kinds()
    for answer in ("\r", "\x04"):
        with at_terminal("do", "1", "step-run", "5", "--yes", "--reason", "alone, for the test") as screen:
            screen.wait_for("TOKEN (not shown):")
            screen.send(answer)
            assert screen.wait() == 3
            assert "needs the secret TOKEN" in screen.text()
    assert line.kinds() == before


def test_a_message_is_shown_with_its_readers_and_sent_by_a_word(line: Line) -> None:
    with MailServer() as server:
        text = f'[mail]\nport = {server.port}\nfrom = "backout@example.org"\ndeadline_s = 20\n'
        line.patch.setenv("BACKOUT_CONFIG", line.write("config.toml", text))
        line.start()
        with at_terminal("do", "1", "message-send", "Started") as screen:
            screen.wait_for("Send it? [y/N]")
            for words in ("Subject: Backing out web 2.0", "to release manager <rm@example.org>", "JST", "Log head:"):
                assert words in screen.text()
            assert "not to desk: has no email address" in screen.text()
            screen.send("n\r")
            assert screen.wait() == 3
        assert server.connections == 0
        with at_terminal("do", "1", "message-send", "Started", "--wait") as screen:
            screen.wait_for("Send it? [y/N]")
            screen.send("yes\r")
            assert screen.wait() == 1  # the desk has no address
    assert len(server.received) == 1


def test_a_shared_account_is_asked_for_a_name(line: Line) -> None:
    login = pwd.getpwuid(os.getuid()).pw_name
    line.start()
    config = line.write("config.toml", f'shared_accounts = ["{login}"]\n')
    with at_terminal("--config", config, "do", "1", "note", "hello", BACKOUT_AS="") as screen:
        screen.wait_for("Your name:")
        screen.send("kim\r")
        assert screen.wait() == 0
    assert line.ok("log", "1", "--json").json[-1]["actor"]["as"] == "kim"


def test_a_shared_account_is_asked_once_in_a_terminal(line: Line) -> None:
    login = pwd.getpwuid(os.getuid()).pw_name
    line.start()
    config = line.write("config.toml", f'shared_accounts = ["{login}"]\n')
    note = f"{SCRIPT} --config {config} do 1 note"
    with PtyScreen(["sh", "-c", f"{note} one; {note} two"], width=100, environ={"BACKOUT_AS": ""}) as screen:
        screen.wait_for("Your name:")
        screen.send("kim\r")
        screen.wait_for("As kim, as you said in this terminal")
        assert screen.wait() == 0
    notes = [one for one in line.ok("log", "1", "--json").json if one["kind"] == "NoteAdded"]
    assert [one["actor"]["as"] for one in notes] == ["kim", "kim"]


@pytest.mark.parametrize(("typed", "name"), [("\r", "alice"), ("kim\r", "kim")])
def test_whoever_came_by_sudo_is_asked_and_enter_takes_who_sudo_says(line: Line, typed: str, name: str) -> None:
    line.start()
    with at_terminal("do", "1", "note", "hello", BACKOUT_AS="", SUDO_USER="alice") as screen:
        screen.wait_for("Your name [alice]:")
        screen.send(typed)
        assert screen.wait() == 0
    actor = line.ok("log", "1", "--json").json[-1]["actor"]
    assert (actor["as"], actor["sudo_user"]) == (name, "alice")


def _arguments_of_all() -> bytes:
    found = b""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found += path.read_bytes()
        except OSError:  # it has just ended
            continue
    return found


def test_what_the_plan_wants_asked_at_the_start_is_asked_before_the_dashboard_opens(line: Line) -> None:
    """What was said already is not asked for, and an empty answer is no value."""
    wanted = "- TARGET: blue\n- REGION (asked at start)\n- SITE (asked at start)\n- REASON (asked at start)\n"
    plan = line.write("asking.md", COMMANDS.replace("- TARGET: blue\n", wanted))
    with at_terminal("start", plan, "--set", "SITE=here") as screen:
        screen.wait_for("REGION:")
        assert "SITE" not in screen.text()
        screen.send("north\r")
        screen.wait_for("REASON:")
        screen.send("\r")
        screen.wait_for("Next: log what is wrong")
        screen.send("q")
        assert screen.wait() == 0
    assert line.state()["variables"] == {"TARGET": "blue", "SITE": "here", "REGION": "north"}
