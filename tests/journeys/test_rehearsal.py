"""A rehearsal through keys: unmistakable on every screen, and nothing runs, nothing leaves."""

from __future__ import annotations

from pathlib import Path

from tests.journeys import plans
from tests.journeys.site import Site
from tests.journeys.terminal import ENTER, ESC, Terminal
from tests.smtp import MailServer

ONLY_SHOWN = "This is a rehearsal: it is only shown, nothing runs and nothing is sent."


def test_everything_is_shown_and_nothing_runs_or_leaves(tmp_path: Path) -> None:
    """From the first step to the close; the mail server sees no connection, the folder no file."""
    with MailServer() as mail:
        site = Site(tmp_path, mail)
        site.prepared(plans.WHOLE_JOB, rehearsal=True)
        with site.dashboard() as terminal:
            terminal.wait_for("Next: do step 1")
            assert "REHEARSAL" in terminal.lines()[0]
            terminal.press("d", "Next: show step 2")
            step_is_shown(terminal, 2)
            message_is_shown(terminal)
            every_screen_says_so(terminal)
        assert site.lines() == []
        assert list(site.work.iterdir()) == []
        assert mail.connections == 0
        assert "StepStarted" not in site.kinds()
        assert "MessageSending" not in site.kinds()


def step_is_shown(terminal: Terminal, number: int) -> None:
    """The dialog says that it is only shown; so does what is said afterwards."""
    terminal.press("r", f"Show step {number}")
    terminal.wait_for("Enter to show")
    assert ONLY_SHOWN in terminal.text()
    terminal.confirm(f"Show step {number}", f"Step {number} was shown; nothing ran.")


def message_is_shown(terminal: Terminal) -> None:
    """The same of a message."""
    terminal.press("m", "Tell people")
    terminal.press(ENTER, "Show “Started”")
    terminal.wait_for("Enter to show it")
    assert "It is only shown: nothing is sent." in terminal.text()
    terminal.confirm("Show “Started”", "“Started” was shown; nothing was sent.")


def every_screen_says_so(terminal: Terminal) -> None:
    """Panes, dialogs, the log, the comparison, the help, in a large and in a small terminal."""
    for width, height in ((60, 20), (120, 40), (80, 24)):
        terminal.resize(width, height)
        for key in ("1", "2", "3", "4", "p", "D", "k", "m", "X", "l", "=", "?"):
            terminal.press(key)
            terminal.wait_idle(0.06)
            assert "REHEARSAL" in terminal.text(), f"after {key} at {width}x{height}:\n{terminal.text()}"
            if key not in "1234":
                terminal.press(ESC)
                terminal.wait_idle(0.06)
