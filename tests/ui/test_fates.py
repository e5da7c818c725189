"""Each thing that is asked for has its own fate, and is told just that; what was typed is not lost."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from backout_tui.engine.operator import Operator, Receipt
from backout_tui.engine.verbs import note_verbs
from backout_tui.errors import BackoutError, Refused
from backout_tui.ui.dialogs import flow_screen
from tests import scenes
from tests.ui.doubles import Seat, seated

LOCKED = BackoutError(
    "another program keeps the database locked; nothing was recorded",
    where="/srv/backout.sqlite",
    todo="See which one (fuser on the file), then do it again.",
)
OUTSIDE = "That did not work"


@contextmanager
def held(monkeypatch: pytest.MonkeyPatch, wrong: BackoutError | Refused | None = None) -> Iterator[threading.Event]:
    """Notes wait until the event is set; then they are recorded, or it is `wrong` that becomes of them."""
    let_go, real = threading.Event(), note_verbs.add

    def add(op: Operator, text: str) -> Receipt:
        let_go.wait(20)
        if wrong is not None:
            raise wrong
        return real(op, text)

    monkeypatch.setattr(note_verbs, "add", add)
    monkeypatch.setattr(flow_screen, "PATIENCE_S", 0.2)
    try:
        yield let_go
    finally:
        let_go.set()


async def write(seat: Seat, text: str) -> None:
    """Write a note, and do not wait for what becomes of it."""
    await seat.pilot.press("n", *text.replace(" ", "_"), "enter")


async def until(seat: Seat, text: str) -> None:
    """Wait until `text` is on the screen."""
    for _ in range(200):
        if text in seat.text:
            return
        await asyncio.sleep(0.05)
        await seat.pilot.pause()
    raise AssertionError(f"{text!r} did not come to:\n{seat.text}")


async def test_what_waits_says_since_when_and_on_whom_until_it_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    async with seated(scenes.step_running(), (120, 40)) as seat:
        monkeypatch.setattr(seat.dashboard.link, "held_by", lambda: "sqlite3, process 4711")
        with held(monkeypatch) as let_go:
            await write(seat, "one")
            await until(seat, "Waiting since")
            assert re.search(r"Waiting since \d\d:\d\d:\d\d for another program that holds the database", seat.said)
            assert "sqlite3, process 4711" in seat.said
            assert "again" not in seat.said
            await seat.pilot.press("j")  # any key takes back what was said: this comes again
            await until(seat, "Waiting since")
            let_go.set()
            await until(seat, "The note is in the log.")
        assert seat.kinds == ["NoteAdded"]


async def test_a_look_that_fails_beside_it_speaks_for_nothing_that_was_done(monkeypatch: pytest.MonkeyPatch) -> None:
    async with seated(scenes.step_running()) as seat:
        with held(monkeypatch) as let_go:
            await write(seat, "one")
            await until(seat, "Waiting since")
            seat.dashboard.trouble(LOCKED)
            await seat.pilot.pause()
            assert not seat.is_asked()
            let_go.set()
            await until(seat, "The note is in the log.")
        seat.dashboard.trouble(LOCKED)
        await until(seat, OUTSIDE)
        assert "then do it again" not in " ".join(seat.text.split())
        assert seat.kinds == ["NoteAdded"]


@pytest.mark.parametrize("wrong", [LOCKED, Refused("kim has the controls since 03:12 UTC.")])
async def test_of_what_fails_nothing_is_recorded_and_its_key_brings_back_what_was_typed(
    monkeypatch: pytest.MonkeyPatch, wrong: BackoutError | Refused
) -> None:
    async with seated(scenes.step_running()) as seat:
        with held(monkeypatch, wrong) as let_go:
            await write(seat, "one two")
            let_go.set()
            await until(seat, "kim has" if isinstance(wrong, Refused) else "nothing was recorded")
            assert "Waiting since" not in seat.text
        monkeypatch.undo()
        if isinstance(wrong, BackoutError):
            await seat.confirm()
        await seat.press("n")
        assert "one_two" in seat.text
        await seat.press("enter")
        assert [event.data["text"] for event in seat.new_events] == ["one_two"]
        await seat.press("n")
        assert "one_two" not in seat.text


async def test_who_leaves_what_came_back_does_not_get_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async with seated(scenes.step_running()) as seat:
        with held(monkeypatch, Refused("no")) as let_go:
            await write(seat, "one")
            let_go.set()
            await until(seat, "! no")
        await seat.press("n")
        assert "one" in seat.text
        await seat.press("escape", "n")
        assert not re.search(r"\bone\b", seat.text)


async def test_of_two_that_wait_each_is_told_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first fails, the second is recorded: neither word is the other's."""
    async with seated(scenes.step_running(), (120, 40)) as seat:
        with held(monkeypatch, LOCKED) as let_go:
            await write(seat, "one")
            await until(seat, "Waiting since")
            await seat.pilot.press("p", *"two", "ctrl+s")
            await until(seat, "2 things wait.")
            let_go.set()
            await until(seat, "nothing was recorded")
            await seat.rest()
        assert seat.kinds == ["ProblemLogged"]
        monkeypatch.undo()
        await seat.confirm()
        await seat.press("n")
        assert re.search(r"\bone\b", seat.text)
        await seat.press("escape", "p")
        assert "two" not in "\n".join(line for line in seat.lines if "title" in line.casefold())
