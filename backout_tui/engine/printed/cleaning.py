"""Turns the bytes that a command prints into readable text; unreadable bytes are shown visibly.

Colours, links, titles, bells, modes and questions to the terminal leave no text, as on a terminal itself.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Mapping

from backout_tui.domain.text import clean
from backout_tui.engine.printed.canvas import Canvas
from backout_tui.engine.printed.page import MARGIN
from backout_tui.engine.printed.screen import Screen

# Links, titles, images: a text for the terminal, ended by BEL or ST. What tmux passes on has its escapes doubled.
_LONGEST_STRING = 16_384  # characters; a longer one, or one without its end, is shown: no output gets lost in it
_INSIDE = "[ -\x7e\x80-\x9b\x9d-\U0010ffff\t]"
_STRING = rf"(?:Ptmux;(?:{_INSIDE}|\x1b\x1b){{0,{_LONGEST_STRING}}}+|[\]PX^_]{_INSIDE}{{0,{_LONGEST_STRING}}}+)"
_ENDED = "(?:\a|\x1b\\\\|\x9c)"
_SHIFT = "\x0f?"  # ends a colour where `tput sgr0` runs under tmux or screen
_SEQUENCE = rf"\[([0-?]{{0,60}})([ -/]{{0,4}})([@-~])(?:(?<=m){_SHIFT}|)"  # parameters, intermediate bytes, final byte
_SHORT_FORM = r"[ -/]{1,4}[0-~]|([0-OQ-WYZ\\`-~])"

_CONTROL = re.compile(f"([\r\b\a\v\f])|\x1b(?:{_SEQUENCE}|{_STRING}{_ENDED}|{_SHORT_FORM})")
"""One control: a single character, a sequence, a string, or a short escape."""
CONTROL_BYTES = re.compile(rb"[\a\v\f]|\x1b(?:\[[0-?]{0,60}[ -/]{0,4}[@-~]|[ -/]{0,4}[0-~])")
"""Controls that move the cursor or may hide what follows, in bytes that were not decoded yet."""
_UNSEEN = re.compile(rf"\x1b(?:\[[0-9;:]{{0,60}}m{_SHIFT}|\[0?K|{_STRING}{_ENDED})")
"""What leaves no text at the end of a line: colours, with the empty erase that grep adds to each, links, titles."""
_BEGUN = re.compile(rf"\x1b(?:\[[0-?]{{0,60}}[ -/]{{0,4}}m?|[ -/]{{1,4}}|{_STRING}\x1b?)?\Z")

_ALTERNATE = {"47", "1047", "1049"}
_LARGEST = 10_000  # rows or columns: a larger number in a sequence counts as this

# What a sequence does with its first parameter, which is 1 by default.
_MOVES: Mapping[str, Callable[[Canvas, int], None]] = {
    "A": lambda page, count: page.move(down=-count),
    "B": lambda page, count: page.move(down=count),
    "e": lambda page, count: page.move(down=count),
    "C": lambda page, count: page.move(right=count),
    "a": lambda page, count: page.move(right=count),
    "D": lambda page, count: page.move(right=-count),
    "E": lambda page, count: page.move(down=count, to=0),
    "F": lambda page, count: page.move(down=-count, to=0),
    "G": lambda page, column: page.to_column(column - 1),
    "`": lambda page, column: page.to_column(column - 1),
    "I": Canvas.tab,
    "Z": lambda page, count: page.tab(-count),
    "L": Canvas.insert_lines,
    "M": Canvas.delete_lines,
    "P": Canvas.delete,
    "S": Canvas.scroll_up,
    "T": lambda page, _: page.clear(),  # what moves down would be overwritten
    "X": Canvas.erase,
    "@": Canvas.insert,
}
_ERASES: Mapping[tuple[str, str], Callable[[Screen], None]] = {
    ("J", "0"): Screen.erase_below,
    ("J", "1"): lambda screen: screen.current.erase_above(),
    ("J", "2"): Screen.clear,
    ("J", "3"): Screen.clear,
    ("K", "0"): lambda screen: screen.current.erase_right(),
    ("K", "1"): lambda screen: screen.current.erase_left(),
    ("K", "2"): lambda screen: screen.current.erase_line(),
    ("s", "0"): Screen.save,
    ("u", "0"): Screen.restore,
}
_SIMPLE: Mapping[str, Callable[[Screen], None]] = {
    "\r": lambda screen: screen.current.carriage_return(),
    "\b": lambda screen: screen.current.move(right=-1),
    "\v": lambda screen: screen.current.feed(),
    "\f": lambda screen: screen.current.feed(),
    "7": Screen.save,
    "8": Screen.restore,
    "c": Screen.clear,
    "D": lambda screen: screen.current.move(down=1),
    "E": lambda screen: screen.current.feed(),
    "M": lambda screen: screen.current.reverse_feed(),
}


class CleanStream:
    """Turns bytes from a pipe into cleaned text: the same text, wherever the reads were cut.

    Text that can still be replaced stays on the `page`; `feed` and `finish` return the final text.
    """

    def __init__(self) -> None:
        """Begin with a blank page; undecodable bytes are shown by their number."""
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="backslashreplace")
        self._held = self._last = ""
        self.page = Screen()

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
        if self.page.current.at_end:
            plain = _UNSEEN.sub("", text) if "\x1b" in text else text
            if not any(char in plain for char in "\x1b\r\b\v\f"):
                self._write(plain.replace("\a", ""))
                return
        self._obey(text)

    def _obey(self, text: str) -> None:
        at = 0
        for control in _CONTROL.finditer(text):
            self._write(text[at : control.start()])
            _obeyed(self.page, control, self._last)
            at = control.end()
        self._write(text[at:])

    def _write(self, text: str) -> None:
        if text:
            shown = clean(text)
            self._last = shown[-1].strip("\n\t")
            self.page.current.write(shown)


def as_read(data: bytes) -> str:
    """All of `data` as a person would read it."""
    stream = CleanStream()
    return stream.feed(data) + stream.finish()


def _begun_at(text: str) -> int:
    """Where an unfinished control at the end of `text` begins; the end of `text` if there is none."""
    begun = _BEGUN.search(text) if "\x1b" in text else None
    return begun.start() if begun is not None else len(text)


def _obeyed(screen: Screen, control: re.Match[str], last: str) -> None:
    """Do what `control`, a match of _CONTROL, asks for; `last` is the character that was printed before it."""
    single, parameters, between, end, short = control.groups()
    if (simple := _SIMPLE.get(single or short or "")) is not None:
        simple(screen)
    elif end == "b" and not between:
        screen.current.write(last * min(_number(parameters), MARGIN))
    elif end is not None and not between:
        _obey_sequence(screen, parameters, end)


def _obey_sequence(screen: Screen, parameters: str, end: str) -> None:
    if end in "hl" and parameters.startswith("?"):
        if _ALTERNATE & set(parameters[1:].split(";")):
            screen.clear()
        return
    if parameters.strip("0123456789;"):
        return
    first, _, second = parameters.partition(";")
    if end in "Hf":
        screen.place(_number(first) - 1, _number(second) - 1)
    elif end == "d":
        screen.place(_number(first) - 1, screen.current.column)
    elif end == "r":
        screen.current.set_region(_number(first) - 1, _number(second) - 1 if second else None)
    elif end in _MOVES:
        _MOVES[end](screen.current, _number(first))
    elif (erase := _ERASES.get((end, first.lstrip("0") or "0"))) is not None:
        erase(screen)


def _number(parameter: str) -> int:
    """A count, or a place counted from 1; when it is missing or 0 it means 1."""
    digits = parameter.partition(";")[0]
    return min(max(1, int(digits or 1)), _LARGEST)
