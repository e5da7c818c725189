"""Bracketed pastes, taken whole out of what the terminal sends.

Textual's parser looks for escape sequences inside a paste too, and hands those that it does not know on as key presses:
text that holds an ESC could leave its brackets and act. Here nothing inside the brackets is looked at.
"""

from __future__ import annotations

from textual.events import Paste

_BEGIN, _END = "\x1b[200~", "\x1b[201~"
STUCK_S = 1.0
"""Seconds without a byte after which a paste is over, though its end never came."""


class PasteSplitter:
    """Takes text as it is read, gives back what is keys (text) and what was pasted."""

    def __init__(self) -> None:
        """Begin outside any paste."""
        self._held = ""
        self._inside = False
        self._last_at = 0.0

    def split(self, read: str, now: float) -> list[str | Paste]:
        """The parts of one `read` that are complete, in order; `now` in monotonic seconds."""
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
        """What was held back for too long."""
        if not self._held or now - self._last_at < STUCK_S:
            return []
        text, self._held = self._held, ""
        was_inside, self._inside = self._inside, False
        return [Paste(text.replace("\0", "")) if was_inside else text]

    def _unfinished(self, text: str) -> list[str | Paste]:
        """Hold back a paste that goes on, and what may be the first part of its beginning; a lone ESC is a key."""
        if self._inside:
            self._held = text
            return []
        keep = next((n for n in range(len(_BEGIN) - 1, 1, -1) if text.endswith(_BEGIN[:n])), 0)
        self._held = text[len(text) - keep :]
        return [text[: len(text) - keep]] if len(text) > keep else []
