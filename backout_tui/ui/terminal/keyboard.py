"""Turns what the terminal sends into messages that know their read, and takes bracketed pastes out whole.

Textual's parser looks for escape sequences inside a paste too, and passes unknown ones on as key presses: a text with
an ESC in it could leave its brackets and act. Here nothing looks inside the brackets.
"""

from __future__ import annotations

import codecs

from textual.events import Key, Paste
from textual.message import Message

from backout_tui.ui.terminal.key_parser import KeyParser
from backout_tui.ui.terminal.keys import EscapeCameApart, ReadMarks
from backout_tui.ui.terminal.late_rest import LateRest

_BEGIN, _END = "\x1b[200~", "\x1b[201~"
STUCK_S = 1.0
"""Seconds without a byte after which a paste is over, even if its end never came."""


class Keyboard:
    """Takes bytes from the terminal and returns messages for the app, with each read's keys marked."""

    def __init__(self) -> None:
        """Begin before the first byte."""
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._pastes, self._parser, self._marks = PasteSplitter(), KeyParser(debug=False), ReadMarks()
        self._late = LateRest()

    def take(self, data: bytes, now: float) -> list[Message]:
        """Return the messages of one read."""
        text, came_apart = self._late.without(self._decode(data), now)
        return self._messages(self._pastes.split(text, now), now) + ([EscapeCameApart()] if came_apart else [])

    def overdue(self, now: float) -> list[Message]:
        """Return what waited for more that never came: an Escape key, or a paste without an end."""
        late = self._messages(self._pastes.split(held, now), now) if (held := self._late.overdue(now)) else []
        waited = self._marks.mark(self._parser.tick(), now)
        if any(isinstance(one, Key) and one.key == "escape" for one in waited):
            self._late.escaped(now)
        return late + self._messages(self._pastes.overdue(now), now) + waited

    def sent(self, now: float) -> None:
        """Note that what was taken is on its way to the app."""
        self._marks.sent(now)

    def _messages(self, parts: list[str | Paste], now: float) -> list[Message]:
        read: list[Message] = []
        for part in parts:
            read.extend([part] if isinstance(part, Paste) else self._parser.feed(part))
        return self._marks.mark(read, now)


class PasteSplitter:
    """Splits text as it is read into keys (text) and pastes."""

    def __init__(self) -> None:
        """Begin outside any paste."""
        self._held = ""
        self._inside = False
        self._last_at = 0.0

    def split(self, read: str, now: float) -> list[str | Paste]:
        """Return the complete parts of one `read`, in order; `now` is in monotonic seconds."""
        text, self._held, self._last_at = self._held + read, "", now
        parts: list[str | Paste] = []
        while text:
            marker = _END if self._inside else _BEGIN
            before, found, text = text.partition(marker)
            if not found:
                parts.extend(self._unfinished(before))
                break
            parts.extend([Paste(before.replace("\0", ""))] if self._inside else [before] if before else [])
            self._inside = not self._inside
        return parts

    def overdue(self, now: float) -> list[str | Paste]:
        """Return what was held back for too long."""
        if not self._held or now - self._last_at < STUCK_S:
            return []
        text, self._held = self._held, ""
        was_inside, self._inside = self._inside, False
        return [Paste(text.replace("\0", "")) if was_inside else text]

    def _unfinished(self, text: str) -> list[str | Paste]:
        """Hold back an unfinished paste, and what may be the start of one; a lone ESC is a key."""
        if self._inside:
            self._held = text
            return []
        keep = next((n for n in range(len(_BEGIN) - 1, 1, -1) if text.endswith(_BEGIN[:n])), 0)
        self._held = text[len(text) - keep :]
        return [text[: len(text) - keep]] if len(text) > keep else []
