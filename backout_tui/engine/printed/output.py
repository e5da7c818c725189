"""A command's output on its way to disk: decoded, cleaned, searched, masked, capped, and written as it comes."""

from __future__ import annotations

import os
import time
import zlib
from collections.abc import Callable, Iterable

from backout_tui.engine.attempts.durable import reason
from backout_tui.engine.attempts.folder import Folder
from backout_tui.engine.attempts.spool import KeptOutput
from backout_tui.engine.printed.cleaning import CleanStream
from backout_tui.engine.printed.expect import LiteralSearch
from backout_tui.engine.printed.masking import Forms, Masker

HEAD_CAP = TAIL_CAP = 256 * 1024  # bytes
WRITE_EVERY_S = 0.2  # the tail's file is rewritten as a whole, so not for every line
_RETRY_S = 1.0  # between two tries on a disk that refuses
MIDDLE_CAP = 32 * 1024 * 1024  # bytes that are dropped and can still be searched


class Middle:
    """The text that is dropped between head and tail, compressed in memory until it has been searched for patterns."""

    def __init__(self) -> None:
        """Begin empty."""
        self._squeeze = zlib.compressobj(1)
        self._packed = bytearray()
        self._size = 0

    def add(self, data: bytes) -> None:
        """Add what is dropped; nothing once there is too much of it."""
        data = data[: MIDDLE_CAP - self._size]
        self._size += len(data)
        self._packed += self._squeeze.compress(data)

    def whole(self) -> bytes:
        """All that was added."""
        return zlib.decompress(self._packed + self._squeeze.copy().flush())


class CappedText:
    """Text of any length in bounded memory: its head, its tail, and the number of bytes dropped between them."""

    def __init__(self, head_cap: int = HEAD_CAP, tail_cap: int = TAIL_CAP, middle: Middle | None = None) -> None:
        """Caps are bytes of UTF-8; no character is cut in two. `middle` gets what is dropped."""
        self.middle = middle
        self._head_cap, self._tail_cap = head_cap, tail_cap
        self._head, self._tail = bytearray(), bytearray()
        self._head_full = False
        self.total = 0
        self.dropped = 0

    def add(self, text: str) -> None:
        """Add `text`."""
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

    def head_from(self, offset: int) -> bytes:
        """The head, from `offset` on."""
        return bytes(self._head[offset:])

    @property
    def kept(self) -> KeptOutput:
        """Everything that is kept at the moment."""
        self._trim()
        return KeptOutput(bytes(self._head), bytes(self._tail), self.dropped)

    def _trim(self) -> None:
        surplus = max(0, len(self._tail) - self._tail_cap)
        while surplus and surplus < len(self._tail) and self._tail[surplus] & 0xC0 == 0x80:
            surplus += 1
        if self.middle is not None:
            self.middle.add(bytes(self._tail[:surplus]))
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
    """The output of one command: it takes what the pipe gives, and writes what may be kept into the attempt's folder.

    `output` holds the first part of the final text. `tail.json` holds what follows: the last part, and the text that
    can still be replaced. A full disk raises nothing here: `trouble` says what could not be written, and the write is
    tried again.
    """

    def __init__(
        self,
        folder: Folder,
        secrets: Iterable[str] = (),
        literals: Iterable[str] = (),
        clock: Callable[[], float] = time.monotonic,
        *,
        is_searched: bool = False,
    ) -> None:
        """Write `output` and `tail.json` in `folder`; hide `secrets`; search all of the output for `literals`.

        With `is_searched`, `middle_of_try` has what is dropped, for patterns.
        """
        self._folder, self._clock = folder, clock
        self._forms, self._literals = Forms(secrets), tuple(literals)
        self._is_searched = is_searched
        self._text = self._of_try = self._blank()
        self._written = 0  # bytes of the head on disk
        self._due = 0.0
        self._is_new, self._ends_line = False, True
        self.trouble = ""
        self._begin()

    def _begin(self) -> None:
        self._clean, self._masker = CleanStream(), Masker(self._forms)
        self._search = LiteralSearch(self._literals)

    def _blank(self) -> CappedText:
        return CappedText(middle=Middle() if self._is_searched else None)

    @property
    def found(self) -> set[str]:
        """The literals that were found; the search includes secrets and the parts that are dropped."""
        return self._search.found

    @property
    def total(self) -> int:
        """Bytes of cleaned and masked output, kept or dropped."""
        return self._text.total

    @property
    def kept(self) -> KeptOutput:
        """The output that is kept, even if the disk refused it."""
        return self._text.kept

    @property
    def kept_of_try(self) -> KeptOutput:
        """The kept output of the last try alone; all of it if there was only one."""
        return self._of_try.kept

    @property
    def middle_of_try(self) -> bytes:
        """What was dropped of the last try's output, as far as it can be searched."""
        return b"" if self._of_try.middle is None else self._of_try.middle.whole()

    def begin_try(self, heading: str) -> None:
        """Start another run of the command, below a heading line; what it finds and keeps is counted from there."""
        self._begin()
        break_line = "\n" if self._text.total and not self._ends_line else ""
        self._text.add(f"{break_line}{heading}\n")
        self._of_try, self._ends_line, self._is_new = self._blank(), True, True
        self._write()  # the line is on disk before the command runs

    def feed(self, data: bytes) -> None:
        """Take what the pipe gave, and write what is due."""
        text = self._clean.feed(data)
        self._search.feed(text)
        self._take(self._masker.feed(text))
        self._is_new = True
        self.tick()

    def tick(self) -> None:
        """Write what is due, even after a silence."""
        if self._is_new and (now := self._clock()) >= self._due:
            self._due = now + (WRITE_EVERY_S if self._write() else _RETRY_S)

    def finish(self) -> None:
        """Take in what was held back; nothing may be fed afterwards. `write_all` writes it to disk."""
        text = self._clean.finish()
        self._search.feed(text)
        self._take(self._masker.feed(text) + self._masker.finish())
        self._is_new = True

    def write_all(self) -> bool:
        """Write everything that is kept, durably; False when the disk refuses, and `trouble` says why."""
        written = self._write(durable=True)
        if written:
            self.trouble = ""
        return written

    def _take(self, shown: str) -> None:
        if not shown:
            return
        self._ends_line = shown.endswith("\n")
        self._text.add(shown)
        if self._of_try is not self._text:
            self._of_try.add(shown)

    def _write(self, *, durable: bool = False) -> bool:
        """Bring the disk up to date: first the head, then the tail, which says where it continues."""
        written = self._write_head(durable=durable) and self._write_tail(durable=durable)
        self._is_new = self._is_new and not written
        return written

    def _write_head(self, *, durable: bool) -> bool:
        rest = self._text.head_from(self._written)
        if not rest and not durable:
            return True
        try:
            descriptor = self._folder.append_to("output")
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

    def _write_tail(self, *, durable: bool) -> bool:
        page = self._clean.page
        before, text = page.before_cursor, page.text
        shown = self._masker.shown_with(before, text[len(before) :])
        kept = self._text.kept
        try:
            if kept.tail or shown:
                tail = {"after": self._written, "dropped": kept.dropped, "text": kept.tail.decode() + shown}
                self._folder.write_json("tail.json", tail, durable=durable)
            else:
                self._folder.unlink("tail.json")
        except OSError as error:
            self.trouble = f"the end of the output could not be kept: {reason(error)}"
            return False
        return True
