"""A disk whose power is cut: what may be on it at any moment of a recorded run, by what was synced until then.

The content of a file and the entries of a folder are things of their own: each is certain only once it was synced.
What was not synced is there or not, each write and each entry by itself, in any order, and torn at sectors.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

SECTORS = (512, 4096)
Change = tuple[str, "File | str | None"]
"""An entry, and what it became: a file, None for a folder, "" when it went."""


@dataclass(frozen=True, slots=True)
class Op:
    """One thing that was done to the files; `path` is where, `to` the other name of a rename."""

    what: str
    path: str
    data: bytes = b""
    at: int = 0
    to: str = ""


@dataclass(slots=True)
class File:
    """A file: what is certain of its content, and the writes and lengths that are not."""

    kept: bytearray = field(default_factory=bytearray)
    now: bytearray = field(default_factory=bytearray)
    open_: list[tuple[int, bytes | None]] = field(default_factory=list)  # where and what; None: cut off there

    def write(self, at: int, data: bytes) -> None:
        """Write, for now."""
        _put(self.now, at, data)
        self.open_.append((at, data))

    def cut(self, length: int) -> None:
        """Make it `length` bytes long, for now."""
        _cut(self.now, length)
        self.open_.append((length, None))

    def sync(self) -> None:
        """Make all of it certain."""
        self.kept, self.open_ = bytearray(self.now), []

    def after_a_cut(self, dice: random.Random) -> bytes:
        """What is found of it: of what is not certain some, in any order, torn."""
        content, open_, sector = bytearray(self.kept), list(self.open_), dice.choice(SECTORS)
        if dice.random() < 0.5:
            dice.shuffle(open_)
        keeps = dice.choice((0.0, 0.5, 0.9, 1.0))
        for at, data in open_:
            if data is None:
                if dice.random() < keeps:
                    _cut(content, at)
                continue
            for begin, piece in _pieces(at, data, sector):
                if dice.random() < keeps:
                    _put(content, begin, piece)
        return bytes(content)


class Disk:
    """Files and folders below one folder, as they are for the programs, and as they are certain to be."""

    def __init__(self, there: Iterable[tuple[str, bytes]], folders: Iterable[str]) -> None:
        """Begin with files and folders that are there for certain."""
        files = {path: File(bytearray(content), bytearray(content)) for path, content in there}
        self.now: dict[str, File | None] = {**files, **dict.fromkeys(folders)}  # None: a folder
        self._kept = dict(self.now)
        self._open: list[list[Change]] = []  # what is not certain; what is in one list happens together or not at all

    def do(self, op: Op) -> None:
        """Do it. KeyError for what is done to something unknown."""
        getattr(self, f"_{op.what}")(op)

    def _make(self, op: Op) -> None:
        if op.path not in self.now:
            self._enter(op.path, File())

    def _folder(self, op: Op) -> None:
        self._enter(op.path, None)

    def _write(self, op: Op) -> None:
        self._file(op.path).write(op.at, op.data)

    def _append(self, op: Op) -> None:
        file = self._file(op.path)
        file.write(len(file.now), op.data)

    def _cut(self, op: Op) -> None:
        self._file(op.path).cut(op.at)

    def _sync(self, op: Op) -> None:
        if (file := self.now[op.path]) is not None:
            file.sync()
            return
        settled = [changes for changes in self._open if any(_above(path) == op.path for path, _ in changes)]
        self._open = [one for one in self._open if one not in settled]
        _enter_all(self._kept, settled)

    def _rename(self, op: Op) -> None:
        self.now[op.to] = file = self.now.pop(op.path)
        self._open.append([(op.path, ""), (op.to, file)])

    def _remove(self, op: Op) -> None:
        self._leave(op.path)

    def _file(self, path: str) -> File:
        file = self.now[path]
        if file is None:
            raise KeyError(path)
        return file

    def _enter(self, path: str, what: File | None) -> None:
        self.now[path] = what
        self._open.append([(path, what)])

    def _leave(self, path: str) -> None:
        del self.now[path]
        self._open.append([(path, "")])

    def after_a_cut(self, dice: random.Random) -> tuple[dict[str, bytes], list[str]]:
        """What is found when the power is back: the files with their content, and the folders."""
        entries = dict(self._kept)
        ordered = dice.random() < 0.5  # most file systems keep the order of entries; not all of them
        upto = dice.randint(0, len(self._open))
        kept = self._open[:upto] if ordered else [one for one in self._open if dice.random() < 0.5]
        _enter_all(entries, kept)
        found = {path: what for path, what in entries.items() if _is_reached(path, entries)}
        files = {path: what.after_a_cut(dice) for path, what in found.items() if what is not None}
        return files, sorted(path for path, what in found.items() if what is None)


def _enter_all(entries: dict[str, File | None], together: Sequence[Sequence[Change]]) -> None:
    for path, what in (change for changes in together for change in changes):
        if isinstance(what, str):
            entries.pop(path, None)
        else:
            entries[path] = what


def _is_reached(path: str, entries: dict[str, File | None]) -> bool:
    """Whether all folders above it are there, up to the one that everything lies in ("")."""
    above = _above(path)
    return not above or (above in entries and _is_reached(above, entries))


def _above(path: str) -> str:
    return path.rpartition("/")[0]


def _pieces(at: int, data: bytes, sector: int) -> Iterable[tuple[int, bytes]]:
    begin = 0
    while begin < len(data):
        end = min(len(data), (at + begin) // sector * sector + sector - at)
        yield at + begin, data[begin:end]
        begin = end


def _put(content: bytearray, at: int, data: bytes) -> None:
    if len(content) < at:
        content.extend(bytes(at - len(content)))
    content[at : at + len(data)] = data


def _cut(content: bytearray, length: int) -> None:
    if len(content) > length:
        del content[length:]
    else:
        content.extend(bytes(length - len(content)))
