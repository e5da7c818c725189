"""A command's output on its way to disk: decoded, cleaned, searched, masked, capped, written as it comes."""

from __future__ import annotations

import codecs
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from backout_tui.domain.text import clean_output
from backout_tui.engine.durable import append_to, reason, write_json
from backout_tui.engine.expect import LiteralSearch
from backout_tui.engine.masking import Masker
from backout_tui.engine.spool import KeptOutput

HEAD_CAP = TAIL_CAP = 256 * 1024  # bytes
TAIL_EVERY_S = 0.2  # the tail's file is written again as a whole: not for every line
_RETRY_S = 1.0  # between two tries at a disk that refuses
_LONGEST_COLOUR = 64  # characters; what is longer than that without an end is no colour


class CleanStream:
    """Bytes as they come from a pipe, turned into cleaned text: the same text, wherever the reads were cut."""

    def __init__(self) -> None:
        """Begin with nothing held; undecodable bytes are shown by their number."""
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="backslashreplace")
        self._held = ""

    def feed(self, data: bytes) -> str:
        """The text of `data`, less an end whose meaning hangs on what follows."""
        text = self._held + self._decoder.decode(data)
        cut = _unfinished_colour(text)
        body, self._held = text[:cut], text[cut:]
        lone = body.rfind("\r")
        if lone >= 0 and _is_colour(body[lone + 1 :]):
            body, self._held = body[:lone], "\r" + self._held  # a line feed may follow: together they are one line end
        return clean_output(body)

    def finish(self) -> str:
        """What was held back, now that nothing more comes."""
        text, self._held = self._held + self._decoder.decode(b"", final=True), ""
        return clean_output(text)


def _unfinished_colour(text: str) -> int:
    escape = text.rfind("\x1b", -_LONGEST_COLOUR)
    rest = text[escape + 1 :]
    if escape < 0 or (rest and (rest[0] != "[" or rest[1:].strip("0123456789;:"))):
        return len(text)
    return escape


def _is_colour(text: str) -> bool:
    return not text or (text[0] == "\x1b" and not clean_output(text))


class CappedText:
    """Text of any length in bounded memory: its head, its tail, and the number of bytes dropped in between."""

    def __init__(self, head_cap: int = HEAD_CAP, tail_cap: int = TAIL_CAP) -> None:
        """Caps are bytes of UTF-8; no character is cut in two."""
        self._head_cap, self._tail_cap = head_cap, tail_cap
        self._head, self._tail = bytearray(), bytearray()
        self._head_full = False
        self.total = 0
        self.dropped = 0

    def add(self, text: str) -> None:
        """Take `text` in."""
        data = text.encode("utf-8", "backslashreplace")
        self.total += len(data)
        if not self._head_full:
            fits = _whole_characters(data, self._head_cap - len(self._head))
            self._head += data[:fits]
            data = data[fits:]
            self._head_full = bool(data)
        self._tail += data
        if len(self._tail) > 2 * self._tail_cap:
            self._trim()

    @property
    def head_size(self) -> int:
        """Bytes of the first part."""
        return len(self._head)

    def head_from(self, offset: int) -> bytes:
        """The first part from `offset` on."""
        return bytes(self._head[offset:])

    @property
    def kept(self) -> KeptOutput:
        """Everything that is kept now."""
        self._trim()
        return KeptOutput(bytes(self._head), bytes(self._tail), self.dropped)

    def _trim(self) -> None:
        surplus = max(0, len(self._tail) - self._tail_cap)
        while surplus and surplus < len(self._tail) and self._tail[surplus] & 0xC0 == 0x80:
            surplus += 1
        del self._tail[:surplus]
        self.dropped += surplus


def _whole_characters(data: bytes, room: int) -> int:
    """How many of the first `room` bytes can be taken without cutting a character."""
    if len(data) <= room:
        return len(data)
    while room and data[room] & 0xC0 == 0x80:
        room -= 1
    return room


class Output:
    """The output of one command: what the pipe gives goes in, what may be kept is written into the attempt's folder.

    Nothing here raises because a disk is full: `trouble` says what could not be written, and it is tried again.
    """

    def __init__(
        self,
        folder: Path,
        secrets: Iterable[str] = (),
        literals: Iterable[str] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Write `output` and `tail.json` in `folder`; hide `secrets`; look for `literals` in all that comes."""
        self._folder, self._clock = folder, clock
        self._secrets, self._literals = tuple(secrets), tuple(literals)
        self._clean, self._masker, self._search = CleanStream(), Masker(self._secrets), LiteralSearch(self._literals)
        self._text = self._of_try = CappedText()
        self._written, self._tail_of = 0, 0  # bytes of the head on disk; the total that `tail.json` speaks of
        self._head_due, self._tail_due = 0.0, 0.0
        self._ends_line = True
        self.trouble = ""

    @property
    def found(self) -> set[str]:
        """The literals that were met, secrets and dropped parts included in the search."""
        return self._search.found

    @property
    def total(self) -> int:
        """Bytes of cleaned and masked output, kept or not."""
        return self._text.total

    @property
    def kept(self) -> KeptOutput:
        """What is kept, whether or not the disk took it."""
        return self._text.kept

    @property
    def kept_of_try(self) -> KeptOutput:
        """What is kept of the last try alone; of all when there is one only."""
        return self._of_try.kept

    def begin_try(self, heading: str) -> None:
        """Go on with another run of the command, below a line of its own: what is found and kept of it begins anew."""
        self._clean, self._masker, self._search = CleanStream(), Masker(self._secrets), LiteralSearch(self._literals)
        break_line = "\n" if self._text.total and not self._ends_line else ""
        self._text.add(f"{break_line}{heading}\n")
        self._of_try, self._ends_line = CappedText(), True
        self.tick()  # the line is on disk before the command runs

    def feed(self, data: bytes) -> None:
        """Take in what the pipe gave, and write what is due."""
        self._take(self._clean.feed(data), last=False)
        self.tick()

    def tick(self) -> None:
        """Write what is due, after a silence too."""
        now = self._clock()
        if now >= self._head_due and not self._write_head():
            self._head_due = now + _RETRY_S
        if now >= self._tail_due and self._has_new_tail:
            self._tail_due = now + (TAIL_EVERY_S if self._write_tail() else _RETRY_S)

    def finish(self) -> None:
        """Take in what was held back; nothing more is fed after it. `write_all` puts it on disk."""
        self._take(self._clean.finish(), last=True)

    def write_all(self) -> bool:
        """Write everything that is kept, durably; False, with `trouble` saying why, when the disk refuses."""
        written = self._write_head(durable=True) and (not self._has_new_tail or self._write_tail(durable=True))
        if written:
            self.trouble = ""
        return written

    @property
    def _has_new_tail(self) -> bool:
        return self._text.total > max(self._text.head_size, self._tail_of)

    def _take(self, text: str, *, last: bool) -> None:
        self._search.feed(text)
        shown = self._masker.feed(text) + (self._masker.finish() if last else "")
        self._ends_line = shown.endswith("\n") if shown else self._ends_line
        self._text.add(shown)
        if self._of_try is not self._text:
            self._of_try.add(shown)

    def _write_head(self, *, durable: bool = False) -> bool:
        rest = self._text.head_from(self._written)
        if not rest and not durable:
            return True
        try:
            descriptor = append_to(self._folder / "output")
            try:
                while rest:
                    count = os.write(descriptor, rest)
                    self._written, rest = self._written + count, rest[count:]
                if durable:
                    os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            self.trouble = f"the output could not be kept: {reason(error)}"
            return False
        return True

    def _write_tail(self, *, durable: bool = False) -> bool:
        kept = self._text.kept
        tail = {"dropped": kept.dropped, "text": kept.tail.decode()}
        try:
            write_json(self._folder / "tail.json", tail, durable=durable)
        except OSError as error:
            self.trouble = f"the end of the output could not be kept: {reason(error)}"
            return False
        self._tail_of = self._text.total
        return True
