"""The rest of an escape sequence that comes late, after its ESC was taken for the Escape key.

On a bad line an arrow can arrive in two pieces. Its rest, `[A`, must not be typed into a field or act as two keys.
"""

from __future__ import annotations

import re

LATE_S = 1.0
"""Seconds after an Escape key within which the rest of a sequence may still come."""
HELD_S = 0.3
"""Seconds that the beginning of a rest is held back; then it was typed."""
_REST = re.compile(r"\[[<?]?[0-9;:]*[A-Za-z~]|O[A-Za-z]")
_BEGINS = re.compile(r"\[[<?]?[0-9;:]*|O")
_PASTE = "[200~"


class LateRest:
    """Takes the rest of a sequence out of what is read."""

    def __init__(self) -> None:
        """No Escape key has come yet."""
        self._escaped_at = self._held_at = float("-inf")
        self._held = ""

    def escaped(self, now: float) -> None:
        """Note that an ESC waited in vain for its rest, and was taken for the Escape key."""
        self._escaped_at = now

    def without(self, read: str, now: float) -> tuple[str, bool]:
        """Return `read` without a late rest at its beginning, and whether there was one.

        The late beginning of a paste gets its ESC back: what is pasted must not act as keys.
        """
        text, self._held = self._held + read, ""
        if now - self._escaped_at > LATE_S and text == read:
            return text, False
        if text.startswith(_PASTE):
            return f"\x1b{text}", False
        if (rest := _REST.match(text)) is not None:
            self._escaped_at = float("-inf")
            return text[rest.end() :], True
        if _BEGINS.fullmatch(text):
            self._held, self._held_at = text, now
            return "", False
        self._escaped_at = float("-inf")
        return text, False

    def overdue(self, now: float) -> str:
        """Return what was held back for too long: somebody typed it."""
        if not self._held or now - self._held_at < HELD_S:
            return ""
        text, self._held, self._escaped_at = self._held, "", float("-inf")
        return text
