"""Reads keys in the kitty protocol as people mean them; Textual's parser reads everything else.

Textual's own reading loses the letters of terminals that name a key without its text (`CSI 112;2u` is Shift+P), and
ends the program on alternate keys and on the kinds of event (`112:80`, `2:3`), which some terminals send unasked.
"""

from __future__ import annotations

import re
import sys

from textual._keyboard_protocol import FUNCTIONAL_KEYS, MODIFIER_FUNCTIONAL_KEYS
from textual._xterm_parser import XTermParser
from textual.events import Key
from textual.keys import Keys, _character_to_key

_KEY = re.compile(r"\x1b\[(\d*)(?::(\d*))?(?::\d*)?(?:;(\d*)(?::(\d*))?)?(?:;([\d:]*))?([u~ABCDEFHPQRS])")
_SHIFT, _CAPS_LOCK, _NUM_LOCK = 1, 64, 128
_RELEASED = "3"
_LOCKS = frozenset({"caps_lock", "num_lock", "scroll_lock"})
_SHIFT_CHANGES_NOTHING = {13: ("enter", "\r"), 27: ("escape", None), 32: ("space", " "), 127: ("backspace", "\x7f")}


class KeyParser(XTermParser):
    """Textual's parser with our reading of extended keys."""

    def _parse_extended_key(self, sequence: str) -> list[Key] | None:  # type: ignore[override]  # theirs is cached
        """The keys of one sequence of the kitty protocol; None when it is none."""
        match = _KEY.fullmatch(sequence)
        if match is None or (match[6] != "u" and ";" not in sequence):
            return None
        code, shifted, modifiers, event, text, end = match.groups(default="")
        if event == _RELEASED or _only_modifies(code, end) or not _are_characters(code, shifted, *text.split(":")):
            return [Key(Keys.Ignore, sequence)]
        pressed = max(int(modifiers or "1") - 1, 0)
        if end == "u" and (named := _meant(int(code or "1"), shifted, pressed, has_text=bool(text))) is not None:
            return [named]
        held = pressed & ~(_CAPS_LOCK | _NUM_LOCK)
        plain = f"\x1b[{code};{held + 1}{';' + text if text else ''}{end}"
        return super()._parse_extended_key(plain)


def _are_characters(*codes: str) -> bool:
    """Whether every number is one of a character; a terminal that sends another sends nonsense."""
    return all(not code or (int(code[:9]) <= sys.maxunicode and not 0xD800 <= int(code) <= 0xDFFF) for code in codes)


def _only_modifies(code: str, end: str) -> bool:
    name = FUNCTIONAL_KEYS.get(f"{code}{end}", "")
    return name in MODIFIER_FUNCTIONAL_KEYS or name in _LOCKS


def _meant(code: int, shifted: str, pressed: int, *, has_text: bool) -> Key | None:
    """A key that was named without its text and with no modifier but Shift; None when Textual names it well."""
    held = pressed & ~(_CAPS_LOCK | _NUM_LOCK)
    if held & ~_SHIFT:
        return None
    if code in _SHIFT_CHANGES_NOTHING:
        return Key(*_SHIFT_CHANGES_NOTHING[code])
    letter = chr(code)
    if has_text or 0xE000 <= code <= 0xF8FF:  # the protocol's own numbers lie in the private area
        return None
    if held and shifted:
        letter = chr(int(shifted))
    elif not letter.isalpha():
        return None
    capital = bool(held) != bool(pressed & _CAPS_LOCK)
    cased = letter.upper() if capital else letter.lower()
    letter = cased if letter.isalpha() and len(cased) == 1 else letter
    return Key(_character_to_key(letter), letter)
