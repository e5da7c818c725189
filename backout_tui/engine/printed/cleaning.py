"""Turns the bytes that a command prints into readable text; unreadable bytes are shown visibly."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Mapping

from backout_tui.domain.text import clean
from backout_tui.engine.printed.page import Page

# A return, a backspace, a sequence (parameters, intermediate bytes, final byte), a short escape, a choice of character
# set.
_CONTROL = re.compile("[\r\b]|\x1b(?:\\[([0-?]{0,60})([ -/]{0,4})([@-~])|([78cDEM=>])|[()*+][0-9A-Za-z])")
CONTROL_BYTES = re.compile(rb"\x1b(?:\[[0-?]{0,60}[ -/]{0,4}[@-~]|[()*+]?[0-9A-Za-z=>])")
"""Sequences that move the cursor, or may, in bytes that were not decoded yet."""
_BEGUN = re.compile(r"\x1b(?:\[[0-?]{0,60}[ -/]{0,4}|[()*+])?")
_LONGEST_BEGUN = 70  # characters
_COLOUR = re.compile(r"\x1b\[(?:[0-9;:]{0,60}m|0?K)")  # with the empty erase that grep adds to each
_ALTERNATE = {"47", "1047", "1049"}
_LARGEST = 10_000  # rows or columns: a larger number in a sequence counts as this

Move = Callable[[Page, int], None]
# What a sequence does with its first parameter, which is 1 by default.
_MOVES: Mapping[str, Move] = {
    "A": lambda page, count: page.move(down=-count),
    "B": lambda page, count: page.move(down=count),
    "C": lambda page, count: page.move(right=count),
    "D": lambda page, count: page.move(right=-count),
    "E": lambda page, count: page.move(down=count, to=0),
    "F": lambda page, count: page.move(down=-count, to=0),
    "G": lambda page, column: page.to_column(column - 1),
    "`": lambda page, column: page.to_column(column - 1),
    "d": lambda page, row: page.to_row(row - 1),
    "P": Page.delete,
    "X": Page.erase,
    "@": Page.insert,
}
_ERASES: Mapping[tuple[str, str], Callable[[Page], None]] = {
    ("J", "0"): Page.erase_below,
    ("J", "1"): Page.erase_above,
    ("J", "2"): Page.clear,
    ("J", "3"): Page.clear,
    ("K", "0"): Page.erase_right,
    ("K", "1"): Page.erase_left,
    ("K", "2"): Page.erase_line,
    ("s", "0"): Page.save,
    ("u", "0"): Page.restore,
}
_SHORT: Mapping[str, Callable[[Page], None]] = {
    "7": Page.save,
    "8": Page.restore,
    "c": Page.clear,
    "D": lambda page: page.move(down=1),
    "E": Page.feed,
    "M": lambda page: page.move(down=-1),
}


class CleanStream:
    """Turns bytes from a pipe into cleaned text: the same text, wherever the reads were cut.

    Text that can still be replaced stays on the `page`; `feed` and `finish` return the final text.
    """

    def __init__(self) -> None:
        """Begin with a blank page; undecodable bytes are shown by their number."""
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="backslashreplace")
        self._held = ""
        self.page = Page()

    def feed(self, data: bytes) -> str:
        """Print `data`, except an end whose meaning depends on what follows; returns the text that became final."""
        text = self._held + self._decoder.decode(data)
        cut = _begun_at(text)
        text, self._held = text[:cut], text[cut:]
        self._print(text)
        return self.page.taken()

    def finish(self) -> str:
        """Return all that is not final yet, now that the output has ended."""
        text, self._held = self._held + self._decoder.decode(b"", final=True), ""
        self._print(text)
        self.page.close()
        return self.page.taken()

    def _print(self, text: str) -> None:
        if "\r" in text:
            text = text.replace("\r\n", "\n")
        if self.page.at_end:
            plain, colours = _COLOUR.subn("", text) if "\x1b" in text else (text, 0)
            if colours == text.count("\x1b") and "\r" not in plain and "\b" not in plain:
                self.page.write(clean(plain))
                return
        self._obey(text)

    def _obey(self, text: str) -> None:
        at = 0
        for control in _CONTROL.finditer(text):
            self.page.write(clean(text[at : control.start()]))
            if not _obeyed(self.page, control):
                self.page.write(clean(control.group()))
            at = control.end()
        self.page.write(clean(text[at:]))


def as_read(data: bytes) -> str:
    """All of `data` as a person would read it."""
    stream = CleanStream()
    return stream.feed(data) + stream.finish()


def _obeyed(page: Page, control: re.Match[str]) -> bool:
    """Whether the page did what `control` asks for; a control that it cannot do is shown as text."""
    if control.group() == "\r":
        page.carriage_return()
    elif control.group() == "\b":
        page.move(right=-1)
    elif (short := control[4]) in _SHORT:
        _SHORT[short](page)
    elif control[3] is not None:
        return not control[2] and _sequence_obeyed(page, control[1], control[3])
    return True


def _sequence_obeyed(page: Page, parameters: str, end: str) -> bool:
    if end == "m" and not parameters.strip("0123456789;:"):
        return True
    if end in "hl" and parameters.startswith("?"):
        if _ALTERNATE & set(parameters[1:].split(";")):
            page.clear()
        return True  # the others show a cursor or ask for keys: nothing readable
    if parameters.strip("0123456789;"):
        return False
    first, _, second = parameters.partition(";")
    if end in "Hf":
        page.place(_number(first) - 1, _number(second) - 1)
    elif end in _MOVES:
        _MOVES[end](page, _number(first))
    elif (erase := _ERASES.get((end, first.lstrip("0") or "0"))) is not None:
        erase(page)
    else:
        return False
    return True


def _number(parameter: str) -> int:
    """A count, or a place counted from 1; when it is missing or 0 it means 1."""
    digits = parameter.partition(";")[0]
    return min(max(1, int(digits or 1)), _LARGEST)


def _begun_at(text: str) -> int:
    """Where an unfinished control at the end of `text` begins; the end of `text` if there is none."""
    escape = text.rfind("\x1b", -_LONGEST_BEGUN)
    return escape if escape >= 0 and _BEGUN.fullmatch(text, escape) else len(text)
