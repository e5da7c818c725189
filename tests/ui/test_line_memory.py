"""What is not sent again is on the screen already, whatever was written before."""

from __future__ import annotations

import pyte
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import set_cell_size

from backout_tui.ui.terminal.line_memory import LineMemory

WIDTH, HEIGHT = 20, 2
COLOURS = ("", "31", "1;32", "48;2;1;2;3")
pieces = st.tuples(
    st.integers(1, HEIGHT), st.integers(1, WIDTH), st.sampled_from(COLOURS), st.text("ab 漢é✔\u0301", max_size=8)
)


def written(update: list[tuple[int, int, str, str]]) -> str:
    """What Textual's compositor writes for pieces of lines, then the cursor's place."""
    text = ""
    for row, column, colours, wanted in update:
        line = set_cell_size(wanted.lstrip("\u0301"), min(len(wanted), WIDTH - column + 1))
        text += f"\x1b[{row};{column}H" + (f"\x1b[{colours}m{line}\x1b[0m" if colours else line) + "\n"
    return text + "\x1b[1;1H"


def screen_after(writes: list[str]) -> pyte.Screen:
    """A terminal that got `writes`."""
    screen = pyte.Screen(WIDTH + 2, HEIGHT + 1)  # pyte would wrap and scroll at the edges
    stream = pyte.Stream(screen)
    for text in writes:
        stream.feed(text.replace("\n", "\r\n"))
    return screen


@given(st.lists(st.lists(pieces, max_size=5), max_size=8))
def test_the_screen_is_the_same_as_if_everything_had_been_sent(
    updates: list[list[tuple[int, int, str, str]]],
) -> None:
    """Signs, what combines with them, and colours, in every cell."""
    memory = LineMemory()
    all_of_it = [written(update) for update in updates]
    less = [memory.new_in(text) for text in all_of_it]
    whole, saved = screen_after(all_of_it), screen_after(less)
    for y in range(HEIGHT):
        for x in range(WIDTH):
            assert whole.buffer[y][x] == saved.buffer[y][x]


def test_the_same_picture_twice_sends_nothing() -> None:
    """Also when it comes in other pieces the second time."""
    memory = LineMemory()
    memory.new_in("\x1b[1;1H\x1b[31mab\x1b[0mcd\n\x1b[2;1Hxy\x1b[1;1H")
    assert memory.new_in("\x1b[1;3Hcd\n\x1b[1;1H\x1b[31mab\x1b[0m\x1b[1;1H") == ""
    assert memory.new_in("\x1b[1;1H\x1b[31mab\x1b[0mcx\x1b[1;1H") == "\x1b[1;1H\x1b[31mab\x1b[0mcx\x1b[1;1H"
    assert memory.new_in("\x1b[2;2H") == "\x1b[2;2H"


def test_what_it_does_not_understand_passes_and_makes_it_forget() -> None:
    """A link, for one."""
    memory = LineMemory()
    memory.new_in("\x1b[1;1Hab\x1b[2;1H")
    link = "\x1b[2;1H\x1b]8;;x\x1b\\y\x1b]8;;\x1b\\"
    assert memory.new_in(link) == link
    assert memory.new_in("\x1b[1;1Hab\x1b[2;1H") == "\x1b[1;1Hab\x1b[2;1H"
    assert memory.new_in("\x1b[?2026h") == "\x1b[?2026h"
