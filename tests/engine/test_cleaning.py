"""Bytes become text as a person would read it: the same text wherever the pipe was cut, and pyte agrees."""

from __future__ import annotations

import random
import time
import tracemalloc

import pyte
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from backout_tui.engine.printed.cleaning import CleanStream
from backout_tui.engine.printed.page import LONGEST, MARGIN, REACH

LETTERS = [b"a", b"bc", b"\xc3", b"\xa9", b"\xff", b"\xe2\x80\xae", b"\xe5\xba\xa6", b"e\xcc\x81", b"\x00", b"\t", b" "]
BREAKS = [b"\r", b"\n", b"\r\n", b"\b", b"\x1b", b"[", b";", b"\x1b[3", b"1;4m", b"\x1b[" + b"1" * 70]
MOVES = [b"\x1b[%d%c" % (number, letter) for number in (0, 2, 999999999) for letter in b"ABCDEFGJKPX@dm"]
PLACES = [
    b"\x1b[H",
    b"\x1b[3;4H",
    b"\x1b[J",
    b"\x1b7",
    b"\x1b8",
    b"\x1b[s",
    b"\x1b[u",
    b"\x1bM",
    b"\x1bD",
    b"\x1bE",
    b"\x1bc",
]
OTHERS = [b"\x1b[?25l", b"\x1b[?1049h", b"\x1b[?1049l", b"\x1b(B", b"\x1b]0;x\x07", b"\x9b", b"\x1b[5r", b"\x1b[K"]
LONG = [b"x" * (LONGEST - 1), b"y" * (LONGEST + 1), b"l\n" * (REACH + 3)]
BITS = st.sampled_from(LETTERS + BREAKS + MOVES + PLACES + OTHERS + LONG)


def read(*pieces: bytes) -> str:
    stream = CleanStream()
    return "".join(map(stream.feed, pieces)) + stream.finish()


@settings(deadline=None)  # cores are shared
@given(st.lists(BITS, max_size=24), st.randoms(use_true_random=False))
@example([b"a\r", b"\x1b[0m", b"\n"], random.Random(1))
@example([b"\r", b"\r", b"\n"], random.Random(1))
@example([b"x" * (LONGEST + 1), b"\r", b"\x1b[A", b"z"], random.Random(1))
def test_wherever_the_pipe_is_cut_the_text_is_the_same(pieces: list[bytes], dice: random.Random) -> None:
    data = b"".join(pieces)
    cuts = sorted(dice.randint(0, len(data)) for _ in range(9))
    parts = [data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True)]
    assert read(*parts) == read(data)
    if len(data) < 200:
        assert read(*(bytes([byte]) for byte in data)) == read(data)


PYTE = [
    b"a",
    b"bc",
    b"def ghi",
    b"\r",
    b"\n",
    b"\n",
    b"\r\n",
    b"\b",
    b"\t",
    b"\x1b[K",
    b"\x1b[1K",
    b"\x1b[2K",
    b"\x1b[1;31m",
]
PYTE += [b"\x1b[%d%c" % (number, letter) for number in (1, 3) for letter in b"ABCDEFGPX@"]
PYTE += [b"\x1b[2;5H", b"\x1b[4;2H", b"\x1b[?25l"]


@settings(deadline=None)  # cores are shared
@given(st.lists(st.sampled_from(PYTE), max_size=40), st.booleans())
def test_a_terminal_shows_the_same(bits: list[bytes], erases_below: bool) -> None:
    """Pyte is an emulator that others wrote. It knows no other width than a screen's, so that screen is wide."""
    screen = pyte.Screen(MARGIN, REACH)
    screen.set_mode(pyte.modes.LNM)
    # From the first place on, so that places mean the same to both; erased below only where that clears no screen.
    data = b"\x1b[H" + b"".join(bits) + (b"-\x1b[J" if erases_below else b"")
    pyte.ByteStream(screen).feed(data)
    shown = [line.rstrip() for line in screen.display]
    lines = [line.expandtabs().rstrip() for line in read(data).split("\n")]
    assert lines == shown[: len(lines)]
    assert not any(shown[len(lines) :])


@pytest.mark.parametrize(
    ("printed", "kept"),
    [
        (b"\x1b[1;32mok\x1b[0m 10%\r\x1b[1m20%\r\ndone\x1b[K\n", "20%10%\ndone\n"),
        (b"\r  1 MB\r 20 MB\r300 MB\ndone\n", "300 MB\ndone\n"),
        (b"a long line\r\x1b[Kshort\n", "short\n"),
        (b"SEC\bCRET N\bNA\bA _\bX", "SECRET NA X"),
        (b"one: 1%\ntwo: 1%\n\x1b[2A\x1b[2Kone: ok\n\x1b[2Ktwo: ok\n", "one: ok\ntwo: ok\n"),
        (b"\x1b[5Gx\x1b[999999999Cy\rz\n", "z   x" + " " * (MARGIN - 6) + "y\n"),
        (b"abcdef\r\x1b[2P\x1b[1C\x1b[2@|\n", "c| def\n"),
        (b"ab\tcd\rxyz\n", "xyz     cd\n"),
        (b"\ta\r\x1b[7@|\n", "|" + " " * 14 + "a\n"),
        (b"\t\ta\r\x1b[7P|\n", "|" + " " * 8 + "a\n"),
        ("度量\rx\n".encode(), "x 量\n"),
        (b"one\ntwo\x1b7\n\x1b[Athree\x1b8!\x1b8?\n", "one\nthr?e\n"),
    ],
)
def test_what_was_replaced_is_not_kept(printed: bytes, kept: str) -> None:
    assert read(printed) == kept


@pytest.mark.parametrize(
    ("printed", "kept"),
    [
        (b"WARNING\n\x1b[2Jnext\n", "WARNING\nnext\n"),
        (b"WARNING\n\x1b[H\x1b[Jnext\n\x1b[H\x1b[Jthird\n", "WARNING\nnext\nthird\n"),
        (b"WARNING\n\x1b[H\x1b[2J\x1b[3Jnext\n", "WARNING\nnext\n"),
        (b"WARNING\x1b[?1049hinside\x1b[?1049lafter\n", "WARNING\ninside\nafter\n"),
        (b"WARNING\n\x1b[Hplaced\n", "WARNING\nplaced\n"),
        (b"WARNING\n" + b"\n" * REACH + b"\x1b[999Agone?\n", "WARNING\ngone?\n" + "\n" * (REACH - 1)),
        (b"a\x1bcb\n", "a\nb\n"),
    ],
)
def test_clearing_a_screen_and_scrolling_lose_nothing(printed: bytes, kept: str) -> None:
    assert read(printed) == kept


def test_a_redraw_reaches_a_hundred_lines_back_and_no_further() -> None:
    lines = b"".join(b"line %d\n" % number for number in range(1, 201))
    shown = read(lines, b"\x1b[100A\rXXXX").split("\n")
    assert shown[100] == "XXXX 101"
    shown = read(lines, b"\x1b[150A\rXXXX").split("\n")
    assert shown[100] == "XXXX 101"


def test_nothing_a_terminal_acts_on_gets_through() -> None:
    shown = read(b"\x1b]0;title\x07", b"\x9b31m \xe2\x80\xae \x00 caf\xc3", b"\xa9 \x1b[5r\x1b[4h\x1b[c")
    assert shown == "␛]0;title␇\\x9b31m \\u202e ␀ café ␛[5r␛[4h␛[c"


def test_an_escape_that_never_ends_is_not_held_back_for_ever() -> None:
    stream = CleanStream()
    text = stream.feed(b"\x1b[") + "".join(stream.feed(b"1;" * 50) for _ in range(100))
    assert len(text) > 9000


def test_a_line_without_an_end_is_not_held() -> None:
    stream = CleanStream()
    assert sum(len(stream.feed(b"x" * 65536)) for _ in range(3)) == 3 * 65536
    assert stream.feed(b"\b\x1b[A\x1b[2K\ry\r\nz") == "\n"
    assert stream.finish() == "y\nz"


@pytest.mark.parametrize(
    "hostile",
    [
        b"x",
        b"\x1b[999999999Cx\n",
        b"\x1b[2J\x1b[999;999Hx",
        b"\x1b[A\n",
        b"x\x1b[A",
        b"\x1b[99@x\r",
        b"e\xcc\x81\xcc\x81",
        b"\xcc\x81",
        b"\t\r",
        b"\tx\x1b[Az",
        b"\xe5\xba\xa6\r\x1b[7C",
        b"\x1b[",
        b"\x1b7\x1b[999B\x1b8",
        b"ab\x1b[100A\x1b[99P\x1b[99X\x1b[1J",
    ],
)
def test_memory_and_time_are_bounded_whatever_comes(hostile: bytes) -> None:
    stream, data = CleanStream(), hostile * (65536 // len(hostile))
    began = time.process_time()
    stream.feed(data)
    assert time.process_time() - began < 20
    tracemalloc.start()
    stream.feed(data[: 1 << 14])  # what is held was full before: being looked at, every byte takes many times longer
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 60_000_000
    assert len(stream.page.text) <= (REACH + 1) * (LONGEST + MARGIN)
