"""Bracketed pastes, however they are cut into reads."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from textual.events import Paste

from backout_tui.ui.terminal.keyboard import STUCK_S, PasteSplitter

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
