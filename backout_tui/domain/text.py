r"""Text from outside made inert: every control character is shown, none acts.

A terminal acts on C0 and C1 controls; a reader is deceived by bidirectional and invisible characters. Both become
visible here: ESC reads `␛`, U+202E reads `\u202e`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_INVISIBLE = (
    "\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
)
_UNSAFE = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{_INVISIBLE}\ud800-\udfff\U000e0000-\U000e0fff]")
_UNSAFE_OR_BREAK = re.compile(f"[\x00-\x1f\x7f-\x9f{_INVISIBLE}\ud800-\udfff\U000e0000-\U000e0fff]")
_JSON_UNSAFE = re.compile(f"[\x7f-\x9f{_INVISIBLE}\ud800-\udfff\U000e0000-\U000e0fff]")
_COLOUR = re.compile(r"\x1b\[[0-9;:]*[mK]")


def _visible(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def clean(text: str) -> str:
    """`text` with every control and invisible character shown; newlines and tabs stay."""
    return _UNSAFE.sub(_visible, text)


def clean_line(text: str) -> str:
    """`text` on one line: as `clean`, with line breaks shown as `⏎` and tabs as one space."""
    return _UNSAFE_OR_BREAK.sub(_visible, text.replace("\r\n", "\n").replace("\n", "⏎").replace("\t", " "))


def clean_output(text: str) -> str:
    """A command's output for keeping and searching: colours dropped, a lone carriage return ends a line."""
    return clean(_COLOUR.sub("", text).replace("\r\n", "\n").replace("\r", "\n"))


def safe_json(text: str) -> str:
    """JSON `text` in which what a terminal could act on is written as an escape: the same value, inert bytes."""

    def escaped(match: re.Match[str]) -> str:
        code = ord(match.group())
        if code < 0x10000:
            return f"\\u{code:04x}"
        high, low = divmod(code - 0x10000, 0x400)
        return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"

    return _JSON_UNSAFE.sub(escaped, text)


def clean_all(value: Any) -> Any:
    """The same, for every text inside mappings and sequences: what a supervisor wrote down, before it is recorded."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {key: clean_all(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [clean_all(inner) for inner in value]
    return value
