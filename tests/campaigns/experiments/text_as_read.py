"""Whatever a command prints, and wherever the reads were cut: one text, and a terminal shows the same."""

from __future__ import annotations

import random
from pathlib import Path

import pyte

from backout_tui.engine.printed.cleaning import CleanStream, as_read
from backout_tui.engine.printed.page import MARGIN, REACH
from tests.campaigns.experiment import Experiment

_TEXTS = [b"a", b"word ", b"two words", b"\xc3\xa9", b"\xe5\xba\xa6", b"\t", b"\n", b"\n", b"\r", b"\r\n", b"\b"]
_TAKEN = [b"\x1b[K", b"\x1b[1K", b"\x1b[2K", b"\x1b[1;31m", b"\x1b[m", b"\x1b[?25l", b"\x1b]0;t\x07", b"\x07"]
_TAKEN += [b"\x1b]8;;http://x\x1b\\", b"\x1b[2L", b"\x1bM", b"\x1bD"]
_SAVES = [b"\x1b7", b"\x1b8"]  # the emulator forgets what was saved when it goes back to it; terminals do not
_MOVES = [b"\x1b[%d%c" % (count, letter) for count in (1, 2, 7) for letter in b"ABCDEFGPX@"]
_PLACES = [b"\x1b[2;5H", b"\x1b[9;1H", b"\x1b[4d"]
_HOSTILE = [b"\xff", b"\xe5", b"\x00", b"\x1b", b"[", b"\x1b[999999999C", b"\x1b[2J", b"\x1b[J", b"\x1bc", b"x" * 9000]
_HOSTILE += [
    b"\x1b[?1049h",
    b"\x1b[" + b"0" * 65,
    b"\xe2\x80\xae",
    b"\xcc\x81",
    b"\x1b[999B",
    b"l\n" * 101,
    b"\x1b]0;t",
    b"\x1b[2;9r",
    b"\x1b[3S",
    b"\x1b[2M",
    b"\x1b7\x1b[9;1H",
]


def cut_anywhere(dice: random.Random, ground: Path) -> str | None:
    """Read at once, byte by byte, or in between: the same."""
    del ground
    bits = dice.choices(
        _TEXTS * 2 + _SAVES + _TAKEN + _MOVES + _PLACES + _HOSTILE * dice.randint(0, 2), k=dice.randint(1, 60)
    )
    data, stream, at, read = b"".join(bits), CleanStream(), 0, ""
    while at < len(data):
        cut = at + dice.choice((1, 1, 2, 5, 300))
        read += stream.feed(data[at:cut])
        at = cut
    read += stream.finish()
    return None if read == as_read(data) else f"{data!r} depends on where it was cut"


def beside_a_terminal(dice: random.Random, ground: Path) -> str | None:
    """An emulator that others wrote shows the same, on a screen so large that it neither scrolls nor wraps."""
    del ground
    narrow = [text for text in _TEXTS if text.isascii()]
    data = b"\x1b[H" + b"".join(dice.choices(narrow * 3 + _TAKEN + _MOVES + _PLACES, k=dice.randint(1, 60)))
    screen = pyte.Screen(MARGIN, REACH)
    screen.set_mode(pyte.modes.LNM)
    pyte.ByteStream(screen).feed(data)
    shown = [line.rstrip() for line in screen.display]
    lines = [line.expandtabs().rstrip() for line in as_read(data).split("\n")]
    lines += [""] * (len(shown) - len(lines))
    return None if lines == shown else f"a terminal shows {data!r} otherwise"


EXPERIMENTS = [
    Experiment("cleaned text, wherever the reads were cut", cut_anywhere, goal=100_000),
    Experiment("cleaned text beside a terminal", beside_a_terminal, goal=20_000),
]
