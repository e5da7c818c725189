"""Bracketed pastes, however they are cut into reads; keys, however the terminal spells them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.events import Key, Paste

from backout_tui.ui.terminal.key_parser import KeyParser
from backout_tui.ui.terminal.keyboard import STUCK_S, Keyboard, PasteSplitter
from backout_tui.ui.terminal.keys import EscapeCameApart
from backout_tui.ui.terminal.late_rest import HELD_S, LATE_S

inert = st.text("ab\x1b[]0~;2m\r", max_size=12).filter(lambda text: "\x1b[20" not in text and not text.endswith("\x1b"))


@given(st.lists(st.tuples(inert, inert), max_size=4), st.data())
def test_pastes_come_out_whole_and_keys_in_order_wherever_the_reads_are_cut(
    parts: list[tuple[str, str]], data: st.DataObject
) -> None:
    """Escape sequences inside a paste are never looked at."""
    sent = "".join(f"{keys}\x1b[200~{pasted}\x1b[201~" for keys, pasted in parts)
    splitter, got, at = PasteSplitter(), list[str | Paste](), 0
    while at < len(sent):
        size = data.draw(st.integers(1, len(sent)))
        piece = sent[at : at + size]
        # A read that ends just after an ESC is taken for the Escape key: Textual's parser then sees the rest.
        piece = sent[at : at + size + 1] if piece.endswith("\x1b") else piece
        got.extend(splitter.split(piece, 0.0))
        at += len(piece)
    assert [one.text for one in got if isinstance(one, Paste)] == [pasted for _, pasted in parts]
    assert "".join(one for one in got if isinstance(one, str)) == "".join(keys for keys, _ in parts)


def test_a_lone_escape_is_not_held_back() -> None:
    """It is a key, and waiting for it is the parser's business."""
    assert PasteSplitter().split("\x1b", 0.0) == ["\x1b"]


def test_a_paste_without_an_end_ends_by_itself() -> None:
    """Else every later key would disappear into it."""
    splitter = PasteSplitter()
    assert splitter.split("\x1b[200~lost", 1.0) == []
    assert splitter.overdue(1.0 + STUCK_S / 2) == []
    (paste,) = splitter.overdue(1.0 + STUCK_S)
    assert isinstance(paste, Paste)
    assert paste.text == "lost"
    assert splitter.split("q", 3.0) == ["q"]


@pytest.mark.parametrize(
    ("sent", "key", "character"),
    [
        ("112;2u", "P", "P"),  # Shift+P of a terminal that names no text
        ("80;2u", "P", "P"),
        ("112:80;2u", "P", "P"),
        ("112;2;80u", "P", "P"),
        ("112;65u", "P", "P"),  # Caps Lock
        ("112;66u", "p", "p"),  # Caps Lock and Shift
        ("112;129u", "p", "p"),  # Num Lock
        ("112u", "p", "p"),
        ("47:63;2u", "question_mark", "?"),
        ("1074;2u", "В", "В"),  # Cyrillic
        ("223;2u", "ß", "ß"),
        ("32;2u", "space", " "),
        ("32;2;32u", "space", " "),
        ("13;2u", "enter", "\r"),
        ("27;65u", "escape", None),
        ("115;69u", "ctrl+s", None),
        ("112;3u", "alt+p", None),
        ("9;2u", "shift+tab", None),
        ("1;65A", "up", None),
        ("1;3D", "alt+left", None),
        ("112;1:2u", "p", "p"),  # held down
    ],
)
def test_a_key_of_the_kitty_protocol_is_the_one_that_was_meant(sent: str, key: str, character: str | None) -> None:
    (found,) = KeyParser(debug=False).feed(f"\x1b[{sent}")
    assert isinstance(found, Key)
    assert (found.key, found.character) == (key, character)


@pytest.mark.parametrize(
    "sent", ["112;1:3u", "57441;2u", "57358u", "57360;129u", "99999999999;2u", "55296u", "65;1;55296u"]
)
def test_what_only_modifies_or_is_let_go_is_no_key(sent: str) -> None:
    assert list(KeyParser(debug=False).feed(f"\x1b[{sent}")) == []


@given(st.from_regex(r"\x1b\[[0-9:;]{0,14}[u~ABCDEFHPQRS]", fullmatch=True))
def test_no_sequence_ends_the_program(sent: str) -> None:
    list(KeyParser(debug=False).feed(f"{sent}q"))


def after_an_escape(*reads: str, then: float = 0.05) -> tuple[list[str], bool]:
    """The keys and pastes when an ESC waited in vain, and the rest came in `reads` so many seconds apart."""
    keyboard, now = Keyboard(), time.monotonic()
    got = keyboard.take(b"\x1b", now)
    time.sleep(0.15)  # the parser has its own clock
    got += keyboard.overdue(now := time.monotonic())
    for read in reads:
        now += then
        got += keyboard.take(read.encode(), now) + keyboard.overdue(now)
    got += keyboard.overdue(now + HELD_S + 0.1)
    named = [one.key if isinstance(one, Key) else f"paste {one.text}" for one in got if isinstance(one, Key | Paste)]
    return named, any(isinstance(one, EscapeCameApart) for one in got)


@pytest.mark.parametrize("rest", ["[A", "[1;3D", "OP", "[3~", "[112;2u", "[<0;3;4M"])
def test_the_late_rest_of_a_sequence_is_typed_nowhere_wherever_it_is_cut(rest: str) -> None:
    assert after_an_escape(rest) == (["escape"], True)
    assert after_an_escape(*rest) == (["escape"], True)
    assert after_an_escape(f"{rest}j") == (["escape", "j"], True)


def test_a_late_paste_is_still_a_paste() -> None:
    assert after_an_escape("[200~r\r\x1b[201~j") == (["escape", "paste r\r", "j"], False)


@pytest.mark.parametrize(
    ("typed", "keys"),
    [("[", ["left_square_bracket"]), ("O", ["O"]), ("x", ["x"]), ("p[A", ["p", "left_square_bracket", "A"])],
)
def test_what_somebody_types_after_escape_is_typed(typed: str, keys: list[str]) -> None:
    assert after_an_escape(typed) == (["escape", *keys], False)


def test_long_after_an_escape_nothing_is_its_rest() -> None:
    assert after_an_escape("[A", then=LATE_S + 0.1) == (["escape", "left_square_bracket", "A"], False)
