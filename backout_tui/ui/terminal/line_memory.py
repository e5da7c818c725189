"""Leaves out what the terminal shows already.

Opening or closing a dialog makes Textual paint the whole screen twice, and nearly all of it is there already. On a bad
connection that is the difference between 15 kB and two.
"""

from __future__ import annotations

import re
from itertools import repeat

from rich.cells import get_character_cell_size

_MOVE = re.compile(r"\x1b\[(\d+);(\d+)H")
_COLOURS = re.compile(r"\x1b\[([0-9;]*)m")

Sign = tuple[str, str]
"""A character (with its combining marks; empty in the second cell of a wide one) and its colours."""
_UNKNOWN: Sign = ("", "unknown")


class LineMemory:
    """Remembers the sign in each cell of the terminal; call `forget` when the terminal may show something else."""

    def __init__(self) -> None:
        """Remember nothing."""
        self._rows: dict[int, list[Sign]] = {}
        self._cursor = ""

    def forget(self) -> None:
        """Send everything again from now on."""
        self._rows.clear()
        self._cursor = ""

    def new_in(self, written: str) -> str:
        """Return `written` without the pieces that the terminal shows already.

        It understands what Textual's compositor writes: moves to a place, each followed by text and colours on that
        row, and a last move for the cursor. It passes anything else unchanged, and forgets what it remembered.
        """
        first, *parts = _MOVE.split(written)
        kept, cursor = [first] if first else [], ""
        for row, column, line in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
            text, move = line.rstrip("\n"), f"\x1b[{row};{column}H"  # a line break does nothing: the next piece moves
            cursor = "" if text else move
            if text and self._is_new(int(row), int(column), text):
                kept.append(move + text)
        if cursor and (kept or cursor != self._cursor):
            kept.append(cursor)
        if parts:
            self._cursor = cursor
        return "".join(kept)

    def _is_new(self, row: int, column: int, text: str) -> bool:
        if (signs := _signs(text)) is None:
            self.forget()
            return True
        known = self._rows.setdefault(row, [])
        end = column + len(signs)
        if known[column:end] == signs:
            return False
        known.extend([_UNKNOWN] * (end - len(known)))
        known[column:end] = signs
        return True


def _signs(text: str) -> list[Sign] | None:
    """The signs of `text`, one for each cell; None when it holds more than text and colours."""
    signs: list[Sign] = []
    colours = ""
    for index, part in enumerate(_COLOURS.split(text)):
        if index % 2:
            colours = "" if part == "0" else part
        elif "\x1b" in part:
            return None
        elif part.isascii():
            signs.extend(zip(part, repeat(colours)))
        else:
            for character in part:
                _add(signs, character, colours)
    return signs


def _add(signs: list[Sign], character: str, colours: str) -> None:
    width = get_character_cell_size(character)
    if width:
        signs.append((character, colours))
        signs.extend([("", colours)] * (width - 1))
    elif signs:
        signs[-1] = signs[-1][0] + character, signs[-1][1]
