"""Dialogs through keys: in a real terminal where the reads matter, through Textual's pilot for the rest."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.widgets import Static

from backout_tui.ui.app import BackoutApp
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.choice_input import marked_letters
from backout_tui.ui.dialogs.confirm import Confirm, Section
from backout_tui.ui.dialogs.fields import ChoiceField, TextField, complaint, next_suggestion
from backout_tui.ui.dialogs.tell import Tell
from backout_tui.ui.terminal.keys import BURST_S, SETTLE_S
from tests.pty_screen import PtyScreen
from tests.ui.stage import FORM, HOSTILE, ROOT, Stage, stage_rows

PASTE = "\x1b[200~{}\x1b[201~"


@pytest.fixture
def screen() -> Iterator[PtyScreen]:
    """The stage in a real terminal, at rest."""
    with PtyScreen([sys.executable, "-m", "tests.ui.stage", "5"], cwd=str(ROOT)) as stage:
        stage.wait_for("ready")
        stage.wait_idle()
        yield stage


def said(screen: PtyScreen) -> str:
    """What the stage said last."""
    while screen.typed_ahead():
        screen.read(0.02)
    screen.wait_idle(0.35)
    return screen.lines()[-1]


def comes(screen: PtyScreen, words: str, seconds: float = 60.0) -> None:
    """Wait until the stage says `words`, and see that it goes on saying so."""
    deadline = time.monotonic() + seconds
    while screen.lines()[-1] != words and time.monotonic() < deadline:
        screen.read(0.02)
    assert said(screen) == words


def confirmed(screen: PtyScreen, words: str) -> None:
    """Press Enter alone until the stage says `words`: on a busy machine a dialog is painted later than it is read."""
    for _ in range(30):
        screen.send("\r")
        deadline = time.monotonic() + 2
        while screen.lines()[-1] != words and time.monotonic() < deadline:
            screen.read(0.02)
        if screen.lines()[-1] == words:
            break
    assert said(screen) == words


def send_apart(screen: PtyScreen, first: str, second: str) -> None:
    """Two keys in reads of their own, one just after the other, however busy the machine is."""
    screen.send(first)
    while screen.typed_ahead():
        screen.read(0.005)
    time.sleep(2 * BURST_S)
    screen.send(second)


def test_a_problem_typed_in_one_go_is_logged(screen: PtyScreen) -> None:
    """Key, title and Enter in one read, before there is a dialog to type into."""
    screen.send("p5xx on charge\r")
    comes(screen, "1: {'title': '5xx on charge'}")


def test_a_problem_typed_key_by_key_without_waiting_is_logged(screen: PtyScreen) -> None:
    """In as many reads as there are keys, some of them before the dialog is there."""
    for key in "p5xx on charge\r":
        screen.send(key)
        time.sleep(0.02)
    comes(screen, "1: {'title': '5xx on charge'}")


def test_what_comes_after_the_enter_of_what_was_typed_ahead_is_no_command(screen: PtyScreen) -> None:
    """It belongs to the same read, so nobody can have meant it for the screen below."""
    screen.send("p5xx\rxxx")
    screen.wait_for("left out")
    comes(screen, "2: left out")
    screen.send("x")
    comes(screen, "3: command x")


def test_keys_are_obeyed_in_the_order_they_were_typed_across_fields(screen: PtyScreen) -> None:
    """Backspace, Enter, Tab, a letter for a choice, in one read."""
    screen.send("f")
    screen.wait_for("Decided by")
    screen.send("5xy\x7fx\rm\ta\x7fb\x1b[Dc\x13")
    comes(screen, "1: {'title': '5xx', 'severity': 'major', 'by': 'cb', 'detail': ''}")


def test_a_required_field_left_blank_says_so_in_place_and_keeps_what_is_typed_next(screen: PtyScreen) -> None:
    """Enter, the title and Enter in one read: only the first Enter is in vain."""
    screen.send("p")
    screen.wait_for("Title")
    screen.send("\r")
    screen.wait_for("Title is needed.")
    screen.send("  \r")
    screen.wait_idle()
    screen.send("\r5xx\r")
    comes(screen, "1: {'title': '5xx'}")


@pytest.mark.parametrize("paste", ["error: r r r", "xxx", "rr", "x\r", "error\rx\r", "r" * 4_097], ids=ascii)
def test_a_paste_without_brackets_triggers_no_command(screen: PtyScreen, paste: str) -> None:
    """Though it is nothing but keys, and its end may come late, in a read of its own, when it is long."""
    screen.send(paste)
    screen.wait_for("left out")
    assert re.fullmatch(r"\d: left out", said(screen))
    assert "Run step 4" not in screen.text()


def test_a_paste_in_brackets_triggers_no_command(screen: PtyScreen) -> None:
    """Nor does it leave anything behind that would."""
    screen.send(PASTE.format("x\rr\rp"))
    screen.send("\x1b[B")
    assert said(screen) == "ready"
    screen.send("x")
    comes(screen, "1: command x")


def test_one_key_is_one_command_and_many_moves_at_once_are_all_made(screen: PtyScreen) -> None:
    """Held arrow keys arrive together on a slow line."""
    screen.send("\x1b[B\x1b[B\x1b[B")
    time.sleep(0.1)
    screen.send("x")
    comes(screen, "1: command x")


def opened(screen: PtyScreen, key: str = "r") -> None:
    """Open the dialog before a run and look at it for long enough."""
    screen.send(key)
    screen.wait_for("Enter to run")
    time.sleep(SETTLE_S + 0.1)


def test_enter_alone_confirms_once_the_dialog_was_seen(screen: PtyScreen) -> None:
    """The rule's good case."""
    opened(screen)
    confirmed(screen, "1: True")


@pytest.mark.parametrize("keys", ["x\r", "\r\r", "\rx", "error: y\r", PASTE.format("\r"), PASTE.format("x") + "\r"])
def test_enter_together_with_anything_does_not_confirm(screen: PtyScreen, keys: str) -> None:
    """It says so, and a lone Enter afterwards does."""
    opened(screen)
    screen.send(keys)
    screen.wait_idle()
    assert "Run step 4" in screen.text()
    time.sleep(0.05)
    confirmed(screen, "1: True")


def test_enter_in_the_tail_of_a_long_paste_does_not_confirm(screen: PtyScreen) -> None:
    """Two reads that follow each other at once are one burst."""
    opened(screen)
    screen.send("x")
    time.sleep(0.002)
    screen.send("\r")
    screen.wait_idle()
    assert "Run step 4" in screen.text()


def test_enter_pressed_before_the_dialog_could_be_seen_does_not_confirm(screen: PtyScreen) -> None:
    """Neither in the same read nor in one just after."""
    send_apart(screen, "r", "\r")
    screen.wait_for("too soon")
    assert "Run step 4" in screen.text()
    screen.send("\x1b")
    comes(screen, "1: None")
    screen.send("r\r")
    comes(screen, "2: left out")


def test_what_cannot_be_undone_needs_its_number(screen: PtyScreen) -> None:
    """The wrong one does nothing; the number and Enter in one read do nothing either."""
    opened(screen, "R")
    screen.send("\r")
    screen.wait_for("That is not 4.")
    screen.send("5")
    time.sleep(0.1)
    screen.send("\r")
    screen.wait_idle()
    screen.send("\x7f")
    time.sleep(0.1)
    screen.send("4\r")
    screen.wait_for("too soon or with other keys")
    time.sleep(0.1)
    confirmed(screen, "1: True")


def test_a_message_is_not_closed_by_a_key_pressed_before_it_was_there(screen: PtyScreen) -> None:
    """But by one pressed after."""
    send_apart(screen, "t", "\r")
    screen.wait_for("The disk is full.")
    time.sleep(SETTLE_S + 0.1)
    confirmed(screen, "1: None")


@pytest.mark.parametrize(("width", "height"), [(80, 24), (60, 20)])
@pytest.mark.parametrize("key", ["f", "r", "R", "t"])
async def test_every_dialog_fits(width: int, height: int, key: str) -> None:
    """At most 76 x 20, all of it on the screen, its line of keys too."""
    app = BackoutApp(Stage(stage_rows(5)))
    async with app.run_test(size=(width, height)) as pilot:
        await pilot.press(key)
        await pilot.pause()
        frame = app.screen.query_one(".frame")
        assert frame.outer_size.width <= 76
        assert frame.outer_size.height <= 20
        assert app.screen.region.contains_region(frame.region)
        assert frame.region.contains_region(app.screen.query_one(".keys").region)


async def ask(pilot: Pilot[int], stage: Stage, dialog: Ask | Confirm | Tell) -> None:
    """Open `dialog` over the stage."""
    stage.app.push_screen(dialog, stage.say)
    await pilot.pause()


async def test_defaults_suggestions_and_several_lines() -> None:
    """The arrows walk through the suggestions that hold what was typed; Enter begins a line; Ctrl+S submits."""
    stage = Stage()
    async with BackoutApp(stage).run_test() as pilot:
        fields = (TextField("by", "By", "x", suggestions=("ledger team", "payments lead")), *FORM[3:])
        await ask(pilot, stage, Ask("Ask", fields))
        await pilot.press("ctrl+u", "l", "e", "a", "down", "enter", "a", "enter", "b", "ctrl+s")
        await pilot.pause()
        assert stage.results == [{"by": "payments lead", "detail": "a\nb"}]


async def test_choices_go_round_by_arrow_space_and_their_own_letter() -> None:
    """And where there is no room for all of them, one is shown with its place."""
    stage = Stage()
    async with BackoutApp(stage).run_test(size=(60, 20)) as pilot:
        choice = ChoiceField("c", "Choice", ("one", "two", "three"), default="two")
        dialog = Ask("Ask", (choice,))
        await ask(pilot, stage, dialog)
        marked = [span for span in dialog.lines[0].input.render().spans if "underline" in str(span.style)]  # type: ignore[union-attr]
        assert len(marked) == 3
        await pilot.press("right", "space", "left", "h", "enter")
        await pilot.pause()
        assert stage.results == [{"c": "three"}]
        words = [f"{number} of them, said in very many words" for number in ("one", "two", "three", "four")]
        long = ChoiceField("c", "Choice", tuple(words))
        dialog = Ask("Ask", (long,))
        await ask(pilot, stage, dialog)
        assert "1 of 4" in dialog.lines[0].input.render_line(0).text
        await pilot.press("n")  # its letter cannot be seen
        assert dialog.lines[0].input.answer == long.choices[0]


@pytest.mark.parametrize("text", ["stand", "st", "so be it", "backs out", "fff", "zz", "\u043a"])
async def test_text_typed_into_a_choice_chooses_nothing_and_enter_stays_there_once(text: str) -> None:
    """It was meant for another field; Enter after it too."""
    stage = Stage()
    async with BackoutApp(stage).run_test() as pilot:
        kinds = ChoiceField("kind", "Decision", ("back-out", "fix-forward", "stand-down"), "fix-forward")
        dialog = Ask("Ask", (kinds, TextField("why", "Why")))
        await ask(pilot, stage, dialog)
        for character in text:
            stage.app.post_message(events.Key(_character_to_key(character), character))
        await pilot.press("enter")
        await pilot.pause()
        assert dialog.lines[0].input.answer == "fix-forward"
        assert dialog.focused is dialog.lines[0].input
        assert "chooses nothing here" in str(dialog.lines[0]._wrong.content)
        await pilot.press("enter", "enter")
        await pilot.pause()
        assert stage.results == [{"kind": "fix-forward", "why": ""}]


@given(choices=st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=8, unique=True))
def test_no_letter_chooses_two_things(choices: list[str]) -> None:
    places = marked_letters(choices)
    letters = [choice.casefold()[at] for choice, at in zip(choices, places, strict=True) if at is not None]
    assert len(set(letters)) == len(letters)


async def test_enter_in_an_empty_required_field_stays_and_says_so() -> None:
    """What is typed next goes into that field, and into no other."""
    stage = Stage()
    async with BackoutApp(stage).run_test() as pilot:
        wrong = TextField("when", "When", wrong=lambda text: "" if text == "now" else "Say now.")
        dialog = Ask("Ask", (TextField("by", "By", required=True), wrong, TextField("why", "Why")))
        await ask(pilot, stage, dialog)
        await pilot.press("enter", "s", "a", "m")
        assert [line.input.answer for line in dialog.lines] == ["sam", "", ""]
        assert "By is needed." in str(dialog.lines[0]._wrong.content)
        await pilot.press("enter", "x", "enter")
        assert dialog.focused is dialog.lines[1].input
        assert "Say now." in str(dialog.lines[1]._wrong.content)
        await pilot.press("ctrl+u", "enter", "b", "enter")
        await pilot.pause()
        assert stage.results == [{"by": "sam", "when": "", "why": "b"}]


async def test_a_dialog_stays_open_on_answers_that_would_be_refused() -> None:
    stage = Stage()
    async with BackoutApp(stage).run_test() as pilot:
        dialog = Ask("Ask", (TextField("what", "What"), TextField("why", "Why")))
        dialog.refuses = lambda answers: None if answers["why"] else ("why", "Not without a reason.")
        await ask(pilot, stage, dialog)
        await pilot.press("a", "ctrl+s")
        assert dialog.focused is dialog.lines[1].input
        assert "Not without a reason." in str(dialog.lines[1]._wrong.content)
        await pilot.press("b", "ctrl+s")
        await pilot.pause()
        assert stage.results == [{"what": "a", "why": "b"}]


async def test_a_password_is_not_shown_and_keeps_its_blanks() -> None:
    """Neither typed nor pasted."""
    stage = Stage()
    async with BackoutApp(stage).run_test() as pilot:
        dialog = Ask("Ask", (TextField("p", "Password", password=True),))
        await ask(pilot, stage, dialog)
        await pilot.press("space", "s", "3", "c", "r")
        await pilot.pause()
        assert "s3cr" not in dialog.lines[0].input.render_line(0).text
        await pilot.press("enter")
        await pilot.pause()
        assert stage.results == [{"p": " s3cr"}]


async def test_tab_goes_round_and_escape_leaves() -> None:
    """Without an answer."""
    stage = Stage()
    async with BackoutApp(stage).run_test() as pilot:
        dialog = Ask("Ask", FORM)
        await ask(pilot, stage, dialog)
        order = []
        for key in ("tab", "tab", "tab", "tab", "shift+tab"):
            await pilot.press(key)
            order.append([line.input for line in dialog.lines].index(dialog.focused))  # type: ignore[arg-type]
        assert order == [1, 2, 3, 0, 3]
        await pilot.press("escape")
        assert stage.results == [None]


async def test_text_from_outside_in_a_dialog_is_inert() -> None:
    """Title, label, note, hint, default, sections: nothing is markup, nothing a control."""
    stage = Stage()
    async with BackoutApp(stage).run_test() as pilot:
        await ask(pilot, stage, Ask(HOSTILE, (TextField("a", HOSTILE, HOSTILE, hint=HOSTILE),), note=HOSTILE))
        await ask(pilot, stage, Confirm(HOSTILE, [Section(HOSTILE, (HOSTILE,))], verb=HOSTILE, type_this="[/x]"))
        await ask(pilot, stage, Tell(HOSTILE, HOSTILE))
        for screen in stage.app.screen_stack:
            for widget in screen.query(Static):
                assert not set(str(widget.content)) & set("\x1b\x07\x9b\r\x7f")


async def test_the_whole_text_of_what_will_run_can_be_read() -> None:
    """Scrolled, while the number is being typed."""
    stage = Stage()
    async with BackoutApp(stage).run_test(size=(60, 20)) as pilot:
        await pilot.press("R", "4", "pagedown", "pagedown", "pagedown", "pagedown")
        await pilot.pause()
        dialog = stage.app.screen
        assert isinstance(dialog, Confirm)
        assert dialog.text.render_line(dialog.text.size.height - 1).text.strip() == "kubectl step 39"
        assert dialog.number.value == "4"


@given(st.text(), st.text())
def test_a_complaint_never_breaks_on_what_was_typed(label: str, answer: str) -> None:
    """Blank is blank, however it is written."""
    field = TextField("f", label, required=True, wrong=lambda text: "no" if text == "bad" else "")
    assert bool(complaint(field, answer)) == (not answer.strip() or answer == "bad")
    assert complaint(ChoiceField("c", label, ("a",)), answer) == ""


@given(st.text(max_size=3), st.lists(st.text(max_size=3), max_size=4, unique=True), st.integers(1, 9))
def test_walking_through_suggestions_comes_back_round(typed: str, suggestions: list[str], times: int) -> None:
    """Only through those that hold what was typed."""
    offered = [one for one in suggestions if typed.casefold() in one.casefold()]
    current = typed
    for _ in range(times):
        current = next_suggestion(typed, current, tuple(suggestions), 1)
        assert current in (offered or [typed])
    back = next_suggestion(typed, next_suggestion(typed, current, tuple(suggestions), 1), tuple(suggestions), -1)
    assert back == current
