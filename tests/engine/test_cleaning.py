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
MOVES = [b"\x1b[%d%c" % (number, letter) for number in (0, 2, 999999999) for letter in b"ABCDEFGJKPX@dmILMSTZab"]
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
OTHERS = [
    b"\x1b[?25l",
    b"\x1b[?1049h",
    b"\x1b[?1049l",
    b"\x1b(B",
    b"\x9b",
    b"\x1b[2;5r",
    b"\x1b[r",
    b"\x1b[K",
    b"\x1b#8",
]
STRINGS = [
    b"\x1b]",
    b"\x1b]0;x\x07",
    b"\x1b]8;;http://x\x1b\\",
    b"\x1bPtmux;\x1b\x1b]0;y\x07\x1b\\",
    b"\x1b\\",
    b"\x07",
]
STRINGS += [b"\x1b_G\xc2\x9c", b"\x1bP", b"\x0e", b"\x0f", b"\x1b[m\x0f", b"\x0b", b"\x0c"]
LONG = [b"x" * (LONGEST - 1), b"y" * (LONGEST + 1), b"l\n" * (REACH + 3)]
BITS = st.sampled_from(LETTERS + BREAKS + MOVES + PLACES + OTHERS + STRINGS + LONG)


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
PYTE += [b"\x1b[2;5H", b"\x1b[4;2H", b"\x1b[?25l", b"\x1b[2L", b"\x1bM", b"\x1bD"]
PYTE += [b"\x1b]0;a title\x07", b"\x1b]8;;http://x/y\x1b\\", b"\x07", b"\x1b[m\x0f"]


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
        (b"a\tb\r\x1b[IX\x1b[2ZY\n", "Y\tX\n"),
        (b"-\x1b[9b\n\x1b[3b|\n", "-" * 10 + "\n|\n"),
        (b"one\ntwo\nthree\n\x1b[2A\x1b[Mgreat\n", "one\ngreat\n"),
        (b"one\ntwo\n\x1b[A\x1b[Lhalf\n", "one\nhalf\ntwo\n"),
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
        (b"WARNING\n\x1b[2J\x1b[Hnext\n\x1b[2J\x1b[Hthird\n", "WARNING\nnext\nthird\n"),
        (b"\x1b[2J\x1b[HWARNING\n\x1b[2Snext\n", "WARNING\n\nnext\n"),
        (b"\x1b[2J\x1b[HWARNING\x1b[Tnext\n", "WARNING\nnext\n"),
        (b"\x1b[HWARNING\n\x1b[H\x1bMnext\n", "next\nWARNING\n"),
        (b"\x1b[HWARNING\n\x1b[H\x1b[Mnext\n", "WARNING\nnext\n"),
        (b"\x1b[H\x1b[1;2rWARNING\ntwo\nthree\nfour", "WARNING\ntwo\nthree\nfour"),
        (b"\x1b[HWARNING\n" + b"\n" * REACH + b"\x1b[Hnext\n", "WARNING\n" + "\n" * REACH + "next\n"),
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
    assert shown == "\\x9b31m \\u202e ␀ café "


def status(row: int, text: bytes) -> bytes:
    """A status line, drawn in some row, between saving and restoring the cursor."""
    return b"\x1b7\x1b[%d;0f\x1b[42m%b\x1b[49m\x1b8" % (row, text)


def test_status_lines_leave_ordinary_output_alone_and_are_kept_as_they_were_last() -> None:
    """Apt, and scripts with `tput sc`, `cup`, `rc`: on a terminal the output scrolls above the last row."""
    packages = [b"Unpacking package %d ...\r\n" % number for number in range(60)]
    drawn = [status(24, b"Progress: [%3d%%]" % number) for number in range(60)]
    data = b"\n\x1b7\x1b[0;23r\x1b8\x1b[1A" + b"".join(map(b"%b%b".__mod__, zip(packages, drawn, strict=True)))
    unpacked = b"".join(packages).decode().replace("\r", "")
    assert read(data) == unpacked + "Progress: [ 59%]"
    assert read(data, b"\n\x1b7\x1b[0;24r\x1b8\x1b[1A\x1b[Jdone\n") == unpacked + "done\n"
    assert read(data, b"\x1b[H\x1b[2Jdone\n") == unpacked + "Progress: [ 59%]\ndone\n"


def test_status_lines_that_never_end_are_the_page_from_then_on() -> None:
    lines = b"".join(b"line %d\n" % number for number in range(250))
    assert read(b"before\n\x1b7\x1b[H", lines, b"\x1b[2Jend") == "before\n" + lines.decode() + "end"


ASIDE = [status(1, b"12:00"), status(24, b"half done"), b"\x1b7\x1b[5;24r\x1b8", b"\x1b[r", b"\x1b7\x1b8"]
CLEARS = [
    b"\x1b[H\x1b[2J\x1b[3J",
    b"\x1b[H\x1b[J",
    b"\x1b[2J\x1b[H",
    b"\x1bc",
    b"\x1b[?1049h",
    b"\x1b[?1049l",
    b"\x1b[?47h",
]
CLEARS += [b"\x1b[2J", b"\x1b[3S", b"\x1b[2T", b"\n" * 40, b"\x1bD", b"\x0c"]
SILENT = [
    b"\x1b]0;title\x07",
    b"\x1b]8;;http://x\x1b\\",
    b"\x1b[6n",
    b"\x1b[31m",
    b"\x07",
    b"\x1b(B",
    b"\x1b[?7l",
    b"\x1b[m\x0f",
]


@settings(deadline=None)  # cores are shared
@given(st.lists(st.sampled_from(ASIDE + CLEARS + SILENT), max_size=60))
def test_no_line_gets_lost_between_clearing_scrolling_and_status_lines(between: list[bytes]) -> None:
    data = b"".join(b"%bWARNING %d.\n" % (bit, number) for number, bit in enumerate(between))
    found = [line.strip() for line in read(data).split("\n") if "WARNING" in line]
    assert found == [f"WARNING {number}." for number in range(len(between))]


@settings(deadline=None)  # cores are shared
@given(st.lists(st.tuples(st.sampled_from(SILENT), st.text("abcxyz 0189", max_size=8)), max_size=20))
def test_links_titles_and_bells_leave_the_text_as_it_would_be_without_them(parts: list[tuple[bytes, str]]) -> None:
    assert read(b"".join(bit + text.encode() for bit, text in parts)) == "".join(text for _, text in parts)


@pytest.mark.parametrize(
    ("printed", "kept"),
    [
        (b"\x1b]8;;file:///a b\x1b\\a.txt\x1b]8;;\x1b\\ ok\n", "a.txt ok\n"),
        (b"\x1b]0;\xe2\x9c\x93 title\x07done\n", "done\n"),
        (b"\x1b]2;title\xc2\x9cdone\n", "done\n"),
        (b"\x1bP+q544e\x1b\\\x1b_Gf=32;AAAA\x1b\\done\n", "done\n"),
        (b"\x1bPtmux;\x1b\x1b]0;title\x07\x1b\\done\n", "done\n"),
        (b"\x1b]8;;" + b"u" * 9000 + b"\x07done\n", "done\n"),
        (b"\x1b]0;no end\nWARNING\x07\n", "␛]0;no end\nWARNING\n"),
        (b"\x1b]0;no end\rWARNING\n", "WARNINGend\n"),
        (b"\x1b]0;no end", "␛]0;no end"),
        (b"\x1b]0;" + b"x" * 20_000 + b"\x07\n", "␛]0;" + "x" * 20_000 + "\n"),
    ],
)
def test_a_string_for_the_terminal_is_not_text_unless_it_never_ends(printed: bytes, kept: str) -> None:
    assert read(printed) == kept
    assert read(*(bytes([byte]) for byte in printed)) == kept


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
        b"\x1b]0;x",
        b"\x1bPtmux;\x1b",
        b"x\x1b[9999b",
        b"\x1b[H\x1b[2;9r\x1b[9999S\x1b[9999L\x1b[9999Mx\n",
        b"\x1b7\x1b[999Hx\n",
        b"\x1b7\x1b[Hx\x1b8",
        b"\x1bM",
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
