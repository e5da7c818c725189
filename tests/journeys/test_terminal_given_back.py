"""However the dashboard ends, the terminal is as it was before, and the exit code says why."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from tests.journeys import plans
from tests.journeys.site import Site, wait_for
from tests.journeys.terminal import Terminal

CRASHING = """\
import sys
from backout_tui.cli.main import main
from backout_tui.engine.verbs import note_verbs

def add(op, text):
    password = "hunter2-" + text
    raise ValueError("boom")

note_verbs.add = add
main()
"""
"""The program with a bug in it: a note makes it crash, while a local variable holds a secret."""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A backout decided on, its first step a command that waits."""
    site = Site(tmp_path)
    site.prepared(plans.ONE_STEP)
    return site


def assert_given_back(terminal: Terminal) -> None:
    """The settings of the line, the screen that was there before, the cursor; and nothing is reported any more."""
    assert terminal.terminal_attributes() == terminal.attributes
    after = terminal.raw[terminal.raw.rindex(b"\x1b[?1049h") :]
    for off in (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?2004l", b"\x1b[?1000l"):
        assert off in after


def run_step(terminal: Terminal) -> None:
    """The first step runs."""
    terminal.wait_for("Next: run step 1")
    terminal.press("r", "Run step 1")
    terminal.confirm("Run step 1", "begun 1")


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("command", [("open", "1"), ()], ids=["open", "bare"])
def test_a_signal_ends_it_cleanly_and_the_step_goes_on(
    site: Site, number: signal.Signals, command: tuple[str, ...]
) -> None:
    """Exit 128 + n, also of the bare command; the parting line says what still runs."""
    with site.dashboard(*command) as terminal:
        run_step(terminal)
        terminal.signal(number)
        assert terminal.wait() == 128 + number
        assert_given_back(terminal)
        assert b"Step 1 is running, and goes on." in terminal.raw
    site.touch("go-1")
    wait_for(lambda: site.state(1) == "done")
    assert site.lines() == ["1"]


def test_a_signal_in_a_dialog_full_of_typed_text_ends_it_cleanly(site: Site) -> None:
    """Whatever is on top."""
    with site.dashboard() as terminal:
        terminal.wait_for("Next: run step 1")
        terminal.press("n", "Write a note")
        terminal.send("half a sen")
        terminal.wait_for("half a sen")
        terminal.signal(signal.SIGTERM)
        assert terminal.wait() == 128 + signal.SIGTERM
        assert_given_back(terminal)
    assert "NoteAdded" not in site.kinds()


def test_leaving_says_what_still_runs_and_the_anchor(site: Site) -> None:
    """At once, with 0."""
    with site.dashboard() as terminal:
        run_step(terminal)
        assert terminal.leave() == 0
        assert_given_back(terminal)
        head = site.show()["log"]["head"]
        assert f"log head {head}. Step 1 is running, and goes on." in terminal.raw.decode()
    site.touch("go-1")
    wait_for(lambda: site.state(1) == "done")


def test_a_bug_of_ours_exits_70_and_prints_no_local_variable(site: Site) -> None:
    """One line names a report, in which there are none either; what was recorded is safe, what runs goes on."""
    script = site.folder / "crashing.py"
    script.write_text(CRASHING, encoding="utf-8")
    with Terminal([sys.executable, str(script)], environ=site.environ(), cwd=str(site.work)) as terminal:
        run_step(terminal)
        terminal.press("n", "Write a note")
        terminal.send("a note\r")
        assert terminal.wait() == 70
        assert_given_back(terminal)
        assert b"hunter2-" not in terminal.raw
        assert b"Traceback" not in terminal.raw
        said = terminal.raw.rpartition(b"\x1b[?1049l")[2].decode()
        assert "a bug in itself" in said
        (report,) = site.folder.rglob("*crash*.txt")
        assert "ValueError: boom" in report.read_text(encoding="utf-8")
        assert "hunter2-" not in report.read_text(encoding="utf-8")
        assert report.stat().st_mode & 0o077 == 0
    site.touch("go-1")
    wait_for(lambda: site.state(1) == "done")


@pytest.mark.parametrize("number", [signal.SIGTSTP, signal.SIGSTOP])
def test_a_stop_gives_the_terminal_back_in_the_end(site: Site, number: signal.Signals) -> None:
    """Announced or not: gone on, the picture is whole and keys work; left, the terminal is as it was."""
    with site.dashboard() as terminal:
        terminal.wait_for("Next: run step 1")
        terminal.press("p", "Log a problem")
        terminal.escape("Log a problem")
        terminal.signal(number)
        wait_for(lambda: process_state(terminal) == "T")
        terminal.read(0.1)
        if number == signal.SIGTSTP:
            assert_given_back(terminal)
        terminal.screen.reset()
        terminal.signal(signal.SIGCONT)
        terminal.wait_for("Next: run step 1")
        terminal.press("n", "Write a note")
        terminal.fill("back again", until="The note is in the log")
        assert terminal.leave() == 0
        assert_given_back(terminal)


def process_state(terminal: Terminal) -> str:
    """R, S, T (stopped), ... as the kernel says."""
    return Path(f"/proc/{terminal.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]


def test_it_is_drawn_anew_at_every_size_and_says_so_where_it_cannot_be(site: Site) -> None:
    """60x20 works; below, it does not break, and is back when there is room again."""
    with site.dashboard() as terminal:
        run_step(terminal)
        for width, height in ((60, 20), (120, 40), (20, 5), (2, 1), (60, 20), (80, 24)):
            terminal.resize(width, height)
            terminal.wait_idle(0.3)
            assert terminal.process.poll() is None
            assert max(map(len, terminal.lines())) <= width
            if width >= 60:
                terminal.wait_for(" 4 Communication ")
                terminal.wait_for("begun 1")
                terminal.wait_for("Next: wait for step 1")
        terminal.press("p", "Log a problem")
        terminal.resize(30, 8)
        terminal.send("seen at a small size\r")
        terminal.resize(80, 24)
        terminal.press("1", "seen at a small size")
    site.touch("go-1")
    wait_for(lambda: site.state(1) == "done")
