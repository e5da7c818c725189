"""What confirms, and what does not: pastes, bursts, impatient fingers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys import plans
from tests.journeys.site import Site, wait_for
from tests.journeys.terminal import ENTER, SETTLED_S, Terminal

BRACKETED = ("\x1b[200~", "\x1b[201~")
PLAN = plans.of_steps(
    plans.step(1, "Say so", "echo 1 >> ran"),
    plans.step(2, "Drop the tables", "echo 2 >> ran", "- point of no return: they are gone\n"),
)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A backout decided on, its first step a command."""
    site = Site(tmp_path)
    site.prepared(PLAN)
    return site


PASTES = ("error: r r r", "rrr\r\r\r", "r\r", "ddd", "xX\rq", "kk", "2\r2\r", "DDrm\r\n" * 40)


@pytest.fixture
def open_dashboard(site: Site) -> Iterator[Terminal]:
    """The dashboard, at rest; afterwards nothing has run, and nothing was written."""
    with site.dashboard() as terminal:
        terminal.wait_for("Next: run step 1")
        terminal.wait_idle()
        before = site.kinds()
        yield terminal
        assert terminal.process.poll() is None
        assert site.kinds() == before
    assert site.lines() == []


def test_a_paste_without_brackets_triggers_nothing(open_dashboard: Terminal) -> None:
    """It is nothing but keys, many in a read: none of them runs, writes, opens or ends anything."""
    for pasted in PASTES:
        picture = open_dashboard.lines()[:-1]
        open_dashboard.send(pasted)
        open_dashboard.wait_for("Several keys came at once")
        open_dashboard.wait_idle(0.1)
        assert open_dashboard.lines()[4:-1] == picture[4:], f"{pasted!r} did something"
        open_dashboard.press("2")
        open_dashboard.wait_gone("Several keys came at once")


def test_a_paste_in_brackets_triggers_nothing(open_dashboard: Terminal) -> None:
    """The terminal says that it is one."""
    picture = open_dashboard.lines()[4:]
    for pasted in ("r", "d", "q", "\r", *PASTES):
        open_dashboard.send(BRACKETED[0] + pasted + BRACKETED[1])
    open_dashboard.wait_idle(0.3)
    assert open_dashboard.lines()[4:] == picture


@pytest.mark.parametrize("pasted", ["\r", "\r\r", "y\r", BRACKETED[0] + "\r" + BRACKETED[1], "1\r", "\r\x1b[B"])
def test_no_paste_confirms(open_dashboard: Terminal, pasted: str) -> None:
    """Not with an Enter in brackets, and not with one beside other keys."""
    open_dashboard.press("r", "Run step 1")
    if pasted != "\r":
        open_dashboard.read(SETTLED_S)
    open_dashboard.send(pasted)
    open_dashboard.wait_idle(0.3)
    assert "Run step 1" in open_dashboard.text()
    open_dashboard.escape("Run step 1")


def test_enter_confirms_only_when_the_dialog_could_be_read(site: Site) -> None:
    """Typed ahead it is left out, and the dialog says so; pressed again, it counts."""
    with site.dashboard() as terminal:
        terminal.wait_for("Next: run step 1")
        terminal.wait_idle()
        terminal.press("r")
        terminal.send(ENTER)
        terminal.wait_for("Enter came too soon or with other keys. Press it again.")
        assert site.lines() == []
        terminal.confirm_again("Run step 1", "Next: run step 2")
    assert site.lines() == ["1"]


def test_what_cannot_be_undone_is_not_confirmed_by_a_paste_of_its_number(site: Site) -> None:
    """The number may be pasted; Enter is a person's."""
    with site.dashboard() as terminal:
        terminal.wait_for("Next: run step 1")
        terminal.press("r", "Run step 1")
        terminal.confirm("Run step 1", "Next: run step 2")
        for typed in ("2\r", BRACKETED[0] + "2\r" + BRACKETED[1], "\r"):
            terminal.press("r", "Type 2 to run")
            terminal.read(SETTLED_S)
            terminal.send(typed)
            terminal.wait_idle(0.3)
            assert "This cannot be undone" in terminal.text()
            terminal.escape("This cannot be undone")
        assert site.lines() == ["1"]
        terminal.press("r", "Type 2 to run")
        terminal.confirm("Run step 2", typed="2")
        wait_for(lambda: site.lines() == ["1", "2"])


def test_a_text_field_loses_no_key_however_fast_it_is_typed_into(site: Site) -> None:
    """In one write, and key by key without a pause; what follows the Enter is left out."""
    title = "5xx on /charge, since 01:50: r d x q 100 %"
    with site.dashboard() as terminal:
        terminal.wait_for("Next: run step 1")
        terminal.wait_idle()
        terminal.send(f"p{title}{ENTER}rrr")
        terminal.wait_for("2 open")
        terminal.wait_idle()
        terminal.press("1", title)
        terminal.press("p", "Log a problem")
        for key in f"{title} again":
            terminal.send(key)
        terminal.wait_for(f"{title} again")
        terminal.press(ENTER)
        terminal.wait_gone("Log a problem")
        terminal.press("p", "Log a problem")
        terminal.send(BRACKETED[0] + "pasted\rin two lines\r" + BRACKETED[1])
        terminal.wait_for("pasted in two lines")
        terminal.escape("Log a problem")
    assert [one["title"] for one in site.show()["problems"]] == ["5xx on /charge", title, f"{title} again"]
    assert site.lines() == []
