"""No byte of anybody's data reaches the terminal as control, and no markup in it is obeyed, wherever it is shown."""

from __future__ import annotations

import base64
import re
import time
import unicodedata
from pathlib import Path

import pytest

from tests.journeys import hostile
from tests.journeys.site import PROGRAM, Site
from tests.journeys.terminal import DOWN, ENTER, ESC, SETTLED_S, UP, Terminal

OURS = re.compile(
    rb"\x1b\[[0-9;]*m|\x1b\[\d+;\d+H"  # colours and moves
    rb"|\x1b\[\?(1049|1000|1003|1004|1006|1015|1016|2004|2026|2048|25|7)[hl]|\x1b\[\?(2026|2048)\$p|\x1b\[>25u|\x1b\[<u|\r\n"
)
"""Everything that the program itself sends."""
COPIED = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")
"""What it sends when something is copied by `y`, and only then."""
LEAVES = re.compile("Esc (leave|back|Back)|Enter close")
"""What everything that was opened says of how it is left."""
THEIRS = (b"\x1b]52;c;cHduZWQ=", b"\x1b[38;5;199m", b"\x1b[77;7H", b"\x1b[?66h")
"""Pieces of the payloads that would pass for our own."""


def acting(raw: bytes) -> list[str]:
    """The characters in `raw` on which a terminal could act, or that deceive a reader, beside our own sequences."""
    rest = OURS.sub(b"", raw).decode("utf-8")
    return [character for character in rest if unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp", "Cs")]


class Tour:
    """Walks through the program, and remembers all that was to be seen."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal, self.seen = terminal, ""

    def look(self) -> None:
        """Take in the picture, once it stands still."""
        self.terminal.wait_idle(0.06, 3)
        self.seen += self.terminal.text()

    def open(self, *keys: str) -> None:
        """Press keys one by one, looking each time; then leave what they opened."""
        for key in keys:
            self.terminal.press(key)
            self.look()
        for _ in range(5):
            self.terminal.press(ESC)
            deadline = time.monotonic() + 1.0
            while (is_open := bool(LEAVES.search(self.terminal.text()))) and time.monotonic() < deadline:
                self.terminal.read(0.03)
            if not is_open:
                return
        raise AssertionError(f"{keys} opened something that Esc does not close:\n{self.terminal.text()}")

    def rows(self, pane: str, count: int) -> None:
        """Open every row of a pane."""
        self.go_to(pane)
        for _ in range(count):
            self.open(ENTER)
            self.terminal.send(DOWN)
            self.terminal.wait_idle(0.03, 3)

    def go_to(self, pane: str, down: int = 0) -> None:
        """Put the cursor on a row of a pane, counted from the top."""
        self.terminal.press(pane)
        self.terminal.press("g")
        self.terminal.send(DOWN * down)
        self.look()


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A backout of the hostile plan, in a folder with a hostile name, after a bit of the night."""
    site = Site(tmp_path / (hostile.PAYLOADS[1] + "folder"))
    (site.work / "evil").write_bytes(hostile.output())
    site.start(hostile.plan())
    with site.operator() as op:
        hostile.night(op)
    return site


def assert_inert(raw: bytes, seen: str) -> None:
    """Nothing acted, and the payloads were really there to be read."""
    assert acting(raw) == []
    assert not [piece for piece in THEIRS if piece in raw]
    for shown in ("␛]52;c;cHduZWQ=␇[/x]", "␛]0;pwned␛\\[bold]", "\\x9b38;5;199m", "[link=x]", "[@click=", "[$error]e"):
        assert shown in seen, f"{shown} was nowhere to be seen"


def test_every_pane_and_dialog_shows_hostile_text_literally(site: Site) -> None:
    """Each payload is to be read on the screen, and none of it acts; what is copied is inert too."""
    with site.dashboard(name=hostile.PAYLOADS[0] + "sam") as terminal:
        terminal.wait_for("Next:")
        tour = Tour(terminal)
        run_what_prints_it(terminal)
        for pane, count in (("1", 2), ("2", 7), ("3", 2), ("4", 4)):
            tour.rows(pane, count)
        dialogs(tour)
        tour.look()
        assert_inert(terminal.raw, tour.seen)
        terminal.raw = b""
        terminal.press("2")
        terminal.press("y", "copied")
        terminal.wait_idle()
        (copied,) = COPIED.findall(terminal.raw)
        assert set(acting(base64.b64decode(copied))) <= {"\n"}
        assert acting(COPIED.sub(b"", terminal.raw)) == []


def test_an_observer_at_a_large_terminal_is_not_acted_on_either(site: Site) -> None:
    """All four panes at once, the name of whoever has the controls, and the list of backouts and plans."""
    site.start(hostile.plan(), "--reason", hostile.evil("a second one"))
    with site.dashboard("open", "1", name=hostile.PAYLOADS[1]) as first:
        first.wait_for("Next:")
        first.press("T", "You have the controls")
        with site.dashboard("open", "1", name=hostile.PAYLOADS[2], width=120, height=40) as terminal:
            terminal.wait_for("Looking on:")
            tour = Tour(terminal)
            for pane, count in (("1", 1), ("2", 3), ("3", 1), ("4", 2)):
                tour.rows(pane, count)
            tour.open("T")
            tour.open("l")
            tour.look()
            assert_inert(terminal.raw, tour.seen)
    with site.dashboard() as terminal:
        terminal.wait_for("1 Backouts")
        tour = Tour(terminal)
        tour.open("/")
        terminal.press("\t")
        tour.open("n")
        tour.open("s")
        tour.look()
        assert "␛" in tour.seen
        assert acting(terminal.raw) == []


@pytest.mark.parametrize(
    "command", ["show 1", "log 1", "report 1", "list", "plan list", "plan show 1", "open 7", "show x"]
)
def test_the_command_line_prints_hostile_text_literally(site: Site, command: str) -> None:
    """The same, where nothing but lines is printed."""
    with Terminal([*PROGRAM, *command.split()], environ=site.environ(hostile.PAYLOADS[3])) as terminal:
        terminal.wait()
        assert "␛" in terminal.raw.decode() or terminal.process.returncode == 2
        assert acting(terminal.raw) == []


def run_what_prints_it(terminal: Terminal) -> None:
    """Step 2 prints the payloads, and fails; check A too. Its condition is asked first."""
    terminal.press("r", "does it hold")
    terminal.press(ENTER, "Run step 2")
    terminal.confirm("Run step 2", "If the backout fails", typed="2")
    terminal.confirm_again("If the backout fails")  # it came by itself: a key in flight does not close it
    terminal.wait_for("␎␏␐␑")


def dialogs(tour: Tour) -> None:
    """Every dialog and every other screen, each with hostile text in it, on each kind of thing."""
    tour.go_to("1")
    tour.open("c")
    for key in "pDknX=":
        tour.open(key)
    tour.go_to("2", 2)
    for key in "rwsfcaod":
        tour.open(key)
    tour.go_to("2", 3)
    tour.open("u")
    tour.open("x")
    tour.go_to("3")
    tour.open("v")
    tour.open("V")
    tour.open("m", ENTER)
    tour.open("l", ENTER)
    tour.open("l", "/")
    tour.open("?")
    tour.open("\x10", "s")
    mail_that_cannot_be_sent(tour)


def mail_that_cannot_be_sent(tour: Tour) -> None:
    """What is wrong outside is told with the name of the settings file, in the hostile folder."""
    tour.terminal.press("m", "Tell people")
    tour.terminal.press("G")
    tour.terminal.press(UP)
    tour.terminal.press(ENTER, "Enter to send it")
    tour.terminal.confirm("Enter to send it", "That did not work")
    tour.look()
    tour.terminal.read(SETTLED_S)
    tour.terminal.escape("That did not work")
