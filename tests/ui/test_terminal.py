"""What the terminal is like after the program, whatever ended it."""

from __future__ import annotations

import os
import signal
import stat
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from backout_tui.crash import write_report
from backout_tui.errors import BackoutError
from backout_tui.signals import ENDING
from backout_tui.ui.terminal.environment import SSH_FPS, prepare_environment
from tests.pty_screen import PtyScreen
from tests.ui.stage import ROOT

RESTORED = (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?2004l", b"\x1b[?1000l")


def stage(*arguments: str, **options: dict[str, str]) -> PtyScreen:
    """The stage in a terminal."""
    return PtyScreen([sys.executable, "-m", "tests.ui.stage", *arguments], cwd=str(ROOT), **options)  # type: ignore[arg-type]


def assert_restored(screen: PtyScreen) -> None:
    """Nothing is left on that was switched on, and the line settings are those from before."""
    after = screen.raw[screen.raw.rindex(b"\x1b[?1049h") :]
    assert all(one in after for one in RESTORED), after[-200:]
    assert screen.terminal_attributes() == screen.attributes


def kept_by_the_system() -> set[int]:
    """Signals that do not end a program, or that nobody can look after, or that say the process itself is broken."""
    names = "KILL STOP CHLD CONT TSTP TTIN TTOU URG WINCH PIPE XFSZ SEGV BUS ILL FPE ABRT TRAP SYS"
    return {int(signal.Signals[f"SIG{name}"]) for name in names.split()}


def test_no_signal_that_ends_a_program_is_forgotten() -> None:
    """Of all that this system has."""
    assert set(ENDING) == {int(one) for one in signal.valid_signals()} - kept_by_the_system()


@pytest.mark.parametrize("number", [one for one in ENDING if one <= signal.SIGRTMIN or one == signal.SIGRTMAX])
def test_a_signal_gives_the_terminal_back_and_says_which(number: int) -> None:
    """Exit code 128 + n."""
    with stage() as screen:
        screen.wait_for("ready")
        screen.process.send_signal(number)
        assert screen.wait() == 128 + number
        assert_restored(screen)


def test_leaving_gives_the_terminal_back() -> None:
    """At once, with 0."""
    with stage() as screen:
        screen.wait_for("ready")
        screen.wait_idle()
        begun = time.monotonic()
        screen.send("q")
        assert screen.wait() == 0
        assert time.monotonic() - begun < 30
        assert_restored(screen)


def test_a_program_that_is_busy_ends_all_the_same() -> None:
    """The loop is stuck; the signal is not."""
    with stage() as screen:
        screen.wait_for("ready")
        screen.send("b")
        screen.wait_for("blocking")
        time.sleep(0.3)
        screen.signal(signal.SIGTERM)
        assert screen.wait() == 128 + signal.SIGTERM
        assert_restored(screen)


def stall(screen: PtyScreen) -> None:
    """Fill the terminal until the program waits for somebody to read it."""
    screen.wait_for("ready")
    screen.send("F")
    time.sleep(2.5)


def ends_within(screen: PtyScreen, seconds: float) -> int | None:
    """The exit code, without reading the terminal meanwhile; None when it runs on."""
    deadline = time.monotonic() + seconds
    while screen.process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    return screen.process.poll()


def test_a_terminal_that_takes_nothing_more_cannot_hold_the_exit() -> None:
    """Its settings are restored, and the way back stands at the end of what it will read one day."""
    with stage() as screen:
        stall(screen)
        screen.signal(signal.SIGTERM)
        assert ends_within(screen, 4) == 128 + signal.SIGTERM
        screen.read(0.5)
        assert screen.terminal_attributes() == screen.attributes
        assert screen.raw.rstrip().endswith(b"\x1b[?1049l\x1b[?25h")


@pytest.mark.parametrize("stalled", [False, True])
def test_a_terminal_that_is_gone_ends_the_program(stalled: bool) -> None:
    """Also one that went while nothing was read."""
    with stage() as screen:
        stall(screen) if stalled else screen.wait_for("ready")
        screen.hang_up()
        assert ends_within(screen, 4) == 128 + signal.SIGHUP


def test_a_gone_terminal_ends_it_even_where_hang_ups_are_ignored() -> None:
    """Under nohup: it must not spin on a terminal that is not there."""
    command = ["sh", "-c", "trap '' HUP; exec \"$0\" -m tests.ui.stage", sys.executable]
    with PtyScreen(command, cwd=str(ROOT)) as screen:
        screen.wait_for("ready")
        screen.hang_up()
        assert ends_within(screen, 4) == 128 + signal.SIGHUP


def test_our_own_crash_is_one_line_and_a_private_report_without_secrets(tmp_path: Path) -> None:
    """Exit 70, the terminal as before."""
    with stage("3", str(tmp_path)) as screen:
        screen.wait_for("ready")
        screen.send("!")
        assert screen.wait() == 70
        assert_restored(screen)
        said = screen.raw.split(b"\x1b[?1004l")[-1].decode()
        (line,) = [one for one in said.splitlines() if one.strip()]
        assert b"hunter2" not in screen.raw
        (report,) = tmp_path.iterdir()
        assert str(report) in line
        assert stat.S_IMODE(report.stat().st_mode) == 0o600
        text = report.read_text()
        assert "ValueError: boom after 11" in text
        assert "hunter2-xxx" not in text


def test_trouble_outside_that_no_screen_showed_is_a_sentence() -> None:
    """Not a crash: exit 2."""
    with stage() as screen:
        screen.wait_for("ready")
        screen.send("@")
        assert screen.wait() == 2
        assert_restored(screen)
        assert "/var/lib/x: the disk is full. Free some space" in screen.raw.decode()


def test_a_report_goes_to_the_temporary_folder_when_its_own_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And shows controls in the error's words."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    report = write_report(ValueError("\x1b[31mred"), tmp_path / "missing")
    assert report.parent == tmp_path
    assert "␛[31mred" in report.read_text()


def is_drawn(screen: PtyScreen, width: int) -> bool:
    """Whether the stage stands there at that width, to its last line."""
    lines = screen.lines()
    return lines[0].endswith("╮") and len(lines[0]) == width and lines[-1] == "ready"


def test_a_terminal_that_changes_its_size_is_drawn_anew() -> None:
    """Smaller and larger."""
    with stage("30") as screen:
        screen.wait_for("ready")
        for width, height in ((60, 20), (120, 40), (80, 24)):
            screen.resize(width, height)
            screen.wait_until(partial(is_drawn, screen, width), f"not drawn at {width}x{height}")


def test_nothing_is_sent_and_nothing_done_while_nothing_happens() -> None:
    """No blinking, no clock, no polling: the screen above adds what it needs."""
    with stage("30") as screen:
        screen.wait_for("ready")
        screen.wait_idle()
        before = sum(map(int, Path(f"/proc/{screen.process.pid}/stat").read_text().split()[13:15]))
        assert screen.read(2.0) == b""
        after = sum(map(int, Path(f"/proc/{screen.process.pid}/stat").read_text().split()[13:15]))
        assert (after - before) / os.sysconf("SC_CLK_TCK") < 0.1


def test_opening_a_dialog_sends_little_more_than_the_dialog() -> None:
    """The screen around it stands there already."""
    with stage("30") as screen:
        screen.wait_for("ready")
        screen.wait_idle(1.0)  # on a busy machine the last of the first picture comes late
        before = len(screen.raw)
        screen.send("p")
        screen.wait_for("Title")
        screen.wait_idle(1.0)
        opened = len(screen.raw)
        assert opened - before < 4_000
        screen.send("\x1b")
        screen.wait_gone("Title")
        screen.wait_idle(1.0)
        assert len(screen.raw) - opened < 4_000


def test_the_environment_is_settled_before_textual_reads_it() -> None:
    """Nothing moves, little over ssh, and no switch that prints or logs what is typed."""
    environ = {"TERM": "xterm", "SSH_CONNECTION": "1", "TEXTUAL_LOG": "x", "TEXTUAL": "debug", "NO_COLOR": ""}
    prepare_environment(environ, terminal=True)
    assert environ["TEXTUAL_ANIMATIONS"] == "none"
    assert environ["TEXTUAL_FPS"] == SSH_FPS
    assert not {"TEXTUAL_LOG", "TEXTUAL", "NO_COLOR"} & environ.keys()
    environ = {"TERM": "xterm", "TEXTUAL_FPS": "5", "NO_COLOR": "1"}
    prepare_environment(environ, terminal=True)
    assert (environ["TEXTUAL_FPS"], environ["NO_COLOR"]) == ("5", "1")


@pytest.mark.parametrize(("term", "terminal"), [("dumb", True), ("xterm", False)])
def test_without_a_terminal_that_can_draw_it_says_what_to_use_instead(term: str, terminal: bool) -> None:
    """Before anything is imported or opened."""
    with pytest.raises(BackoutError, match="backout-tui show"):
        prepare_environment({"TERM": term}, terminal=terminal)
