"""A rehearsal through keys: unmistakable on every screen, and nothing runs, nothing leaves."""

from __future__ import annotations

from pathlib import Path

from tests.journeys import plans
from tests.journeys.follower import Follower
from tests.journeys.site import Site
from tests.journeys.terminal import ENTER, Terminal
from tests.smtp import MailServer

ONLY_SHOWN = "it is only shown"

SCREENS = {
    "1": "5xx on /charge",
    "2": "Drain the workers",
    "3": "Ten charges looked at",
    "4": "Finished",
    "p": "─ Log a problem",
    "D": "decided by",
    "k": "─ Log a call",
    "m": "─ Tell people",
    "X": "─ Did it work?",
    "l": "─ Log · ",
    "=": "─ As planned",
}
"""Each key that opens something, and what is to be seen then."""


def test_everything_is_shown_and_nothing_runs_or_leaves(tmp_path: Path) -> None:
    """From the first step to the close; the mail server sees no connection, the folder no file."""
    with MailServer() as mail:
        site = Site(tmp_path, mail)
        site.prepared(plans.WHOLE_JOB, rehearsal=True)
        with site.dashboard() as terminal:
            terminal.wait_for("Next: do step 1")
            terminal.wait_for("REHEARSAL")
            terminal.press("d", "Next: show step 2")
            step_is_shown(terminal, 2)
            message_is_shown(terminal)
            every_screen_says_so(terminal)
            follower = Follower(terminal)
            follower.follow()  # from where the tour left the cursor: the Next line leads back
            assert "REHEARSAL" in terminal.text()
            assert follower.done[-1] == "X: close the backout"
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
    """Panes, dialogs, the log, the comparison, in a large and in a small terminal."""
    for width, height in ((60, 20), (120, 40), (80, 24)):
        terminal.resize(width, height)
        terminal.wait_until(lambda width=width: is_drawn_for(terminal, width), f"the picture of {width}x{height}")  # type: ignore[misc]
        for key, title in SCREENS.items():
            terminal.press(key, title)
            assert "REHEARSAL" in terminal.text(), f"after {key} at {width}x{height}:\n{terminal.text()}"
            if key not in "1234":
                terminal.escape(title)


def is_drawn_for(terminal: Terminal, width: int) -> bool:
    """Whether the picture is one of this width: its first line ends with the hour, at the right edge."""
    first = terminal.lines()[0]
    return len(first) == width - 1 and first.endswith(("GMT", "BST", "UTC"))
