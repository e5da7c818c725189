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
from backout_tui.ui.dialogs.ask import KEPT, Ask
from backout_tui.ui.dialogs.fields import TextField
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


async def test_what_came_back_stays_until_it_is_recorded_or_emptied(monkeypatch: pytest.MonkeyPatch) -> None:
    async with seated(scenes.step_running()) as seat:
        with held(monkeypatch, Refused("no")) as let_go:
            await write(seat, "one")
            let_go.set()
            await until(seat, "! no What you typed is kept.")
        await seat.press("n", "escape", "n")
        assert re.search(r"\bone\b", seat.text)
        assert KEPT in seat.text
        await seat.press("ctrl+u", "escape", "n")
        assert not re.search(r"\bone\b", seat.text)


@pytest.mark.parametrize(("key", "before"), [("p", ()), ("n", ()), ("s", ()), ("w", ()), ("D", ()), ("k", ())])
async def test_after_esc_what_was_typed_stands_there_when_the_dialog_opens_again(
    key: str, before: tuple[str, ...]
) -> None:
    async with seated(scenes.step_failed()) as seat:
        await seat.press(*before, key)
        await seat.type("half a title", "escape")
        assert "the same key brings it back" in seat.said
        await seat.press(key)
        assert "half a title" in seat.text
        assert seat.kinds == []


async def test_it_stands_there_for_its_own_subject_only() -> None:
    async with seated(scenes.step_failed()) as seat:
        await seat.press("s")
        await seat.type("half a title", "escape")
        await seat.press("j", "s")
        assert "half a title" not in seat.text
        await seat.press("escape", "up", "s")
        assert "half a title" in seat.text


async def test_what_was_said_before_a_confirmation_is_kept_when_that_is_left() -> None:
    async with seated(scenes.problem_logged()) as seat:
        await seat.press("2")
        seat.dashboard.point_at(("step", "4"))
        await seat.press("r")
        assert "Break the glass" in seat.text
        await seat.type("nobody answers tonight", "enter")
        assert "nobody answers tonight" not in seat.text
        await seat.press("escape", "r")
        assert "nobody answers tonight" in seat.text


async def test_hidden_answers_are_kept_nowhere() -> None:
    async with seated(scenes.step_running()):
        ask = Ask("The command needs", [TextField("TOKEN", "TOKEN", password=True), TextField("NAME", "NAME", "x")])
        for line in ask.lines:
            line.begin_with("typed")
        assert ask.to_keep == {"NAME": "typed"}


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
            await until(seat, "Not done: Write a note. What you typed there is kept.")
            await seat.rest()
        assert seat.kinds == ["ProblemLogged"]
        monkeypatch.undo()
        await seat.confirm()
        await seat.press("n")
        assert re.search(r"\bone\b", seat.text)
        await seat.press("escape", "p")
        assert "two" not in "\n".join(line for line in seat.lines if "title" in line.casefold())


async def test_trouble_waits_until_the_dialog_in_which_somebody_types_is_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with seated(scenes.step_running()) as seat:
        with held(monkeypatch, LOCKED) as let_go:
            await write(seat, "one")
            await until(seat, "Waiting since")
            await seat.pilot.press("p", *"two")
            let_go.set()
            await asyncio.sleep(0.5)
            await seat.pilot.press(*"more")
            assert "twomore" in seat.text
            assert OUTSIDE not in seat.text
            await seat.pilot.press("escape")
            await until(seat, "Not done: Write a note.")
