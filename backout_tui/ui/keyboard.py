"""What the terminal sends, as messages that know which read they came in."""

from __future__ import annotations

import codecs

from textual._xterm_parser import XTermParser
from textual.events import Paste
from textual.message import Message

from backout_tui.ui.keys import ReadMarks
from backout_tui.ui.pastes import PasteSplitter


class Keyboard:
    """Bytes from the terminal in, messages for the app out, each read's keys marked."""

    def __init__(self) -> None:
        """Begin before the first byte."""
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._pastes, self._parser, self._marks = PasteSplitter(), XTermParser(debug=False), ReadMarks()

    def take(self, data: bytes, now: float) -> list[Message]:
        """The messages of one read."""
        return self._messages(self._pastes.split(self._decode(data), now), now)

    def overdue(self, now: float) -> list[Message]:
        """What was waiting for more that did not come: an Escape key, a paste without an end."""
        return self._messages(self._pastes.overdue(now), now) + self._marks.mark(self._parser.tick(), now)

    def sent(self, now: float) -> None:
        """What was taken is on its way to the app."""
        self._marks.sent(now)

    def _messages(self, parts: list[str | Paste], now: float) -> list[Message]:
        read: list[Message] = []
        for part in parts:
            read.extend([part] if isinstance(part, Paste) else self._parser.feed(part))
        return self._marks.mark(read, now)
