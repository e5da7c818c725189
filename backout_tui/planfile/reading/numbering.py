"""Numbers of steps and letters of checks: as written, each used once; items without one get a free one."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from itertools import count, product
from string import ascii_uppercase

from msgspec import Struct

from backout_tui.planfile.reader_remarks import Remarks

_NUMBER = r"[A-Z]{0,2}\d+[a-z]{0,2}(?:\.\d+[a-z]{0,2})*"
_STEP_WORD = re.compile(rf"^step\s+({_NUMBER})\b\s*[.):–—-]?\s*(.*)$", re.IGNORECASE)
_WITH_STOP = re.compile(rf"^({_NUMBER})[.)](?:\s+(.*))?$")
_DOTTED = re.compile(r"^([A-Z]{0,2}\d+[a-z]{0,2}(?:\.\d+[a-z]{0,2})+)(?:\s+(.*))?$")
_ALONE = re.compile(r"^(\d+)$")
_LETTER = re.compile(r"^(?:[Cc]heck\s+)?([A-Z]{1,2})[.):](?:\s+(.*))?$")
_COUNTING = re.compile(r"^\d+[.)]\s+")


class Named(Struct, frozen=True):
    """A heading's text in parts: its number or letter ("" if it has none) and its title."""

    name: str
    title: str


@functools.lru_cache(maxsize=1 << 16)
def numbered(text: str, parent: str = "") -> Named:
    """The number and title of a step's heading. `4.1 Title` needs no full stop if `parent` is 4.

    A heading is asked about half a dozen times while its place in the plan is found.
    """
    if match := _STEP_WORD.match(text) or _WITH_STOP.match(text) or _ALONE.match(text):
        return Named(match[1], _second(match))
    dotted = _DOTTED.match(text)
    if dotted and parent and dotted[1].startswith(f"{parent}."):
        return Named(dotted[1], _second(dotted))
    return Named("", text)


def lettered(text: str) -> Named:
    """The letter and title of a check's heading; a number instead of a letter is dropped."""
    if match := _LETTER.match(text):
        return Named(match[1], _second(match))
    return Named("", _COUNTING.sub("", text))


def _second(match: re.Match[str]) -> str:
    return ((match[2] if match.re.groups > 1 else "") or "").strip()


class Names:
    """Gives each item a unique name: the one it was written with, or the next free one."""

    def __init__(self, what: str, written: set[str], remarks: Remarks) -> None:
        """`what` is the item in words; `written` are the names that the document uses anywhere."""
        self._what, self._written, self._remarks = what, written, remarks
        self._given: dict[str, int] = {}
        self._free: dict[str, Iterator[str]] = {}

    def give(self, name: str, line: int) -> str:
        """`name`, if it is not used yet; otherwise a free one, with a remark that says so."""
        if name not in self._given:
            self._given[name] = line
            return name
        other = self.free(_prefix_of(name) if self._what == "step" else "", line)
        where = self._remarks.place(self._given[name])
        message = f"{self._what} {name} is already in {where}; this one is read as {other}: give it its own"
        self._remarks.add(f"duplicate-{self._what}", line, message, name)
        return other

    def free(self, prefix: str, line: int) -> str:
        """The next free name after `prefix`: a number, or a letter for checks."""
        names = self._free.setdefault(prefix, self._counting(prefix))
        name = next(name for name in names if name not in self._written and name not in self._given)
        self._given[name] = line
        return name

    def is_free(self, name: str) -> bool:
        """Whether `name` is unused, and will stay so."""
        return name not in self._given and name not in self._written

    def _counting(self, prefix: str) -> Iterator[str]:
        if self._what == "check":
            return ("".join(letters) for size in count(1) for letters in product(ascii_uppercase, repeat=size))
        return (f"{prefix}{number}" for number in count(1))


def _prefix_of(name: str) -> str:
    """The text before the last number: `4.` of 4.1, `A` of A2, "" of 4."""
    return re.sub(r"\d+[a-z]*$", "", name)
