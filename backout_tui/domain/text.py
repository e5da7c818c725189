r"""Text from outside made inert: every control character is shown, and none acts.

A terminal acts on C0 and C1 controls; bidirectional and invisible characters deceive a reader. Both become visible
here: ESC becomes `␛`, U+202E becomes `\u202e`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Any

_INVISIBLE = (
    "\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
)
_NOT_BREAKS, _ALL, _NONE = "\\x00-\\x08\\x0b-\\x1f", "\\x00-\\x1f", ""


@functools.cache  # compiled on first use: plain ASCII needs none of them, and they take two milliseconds
def _unsafe(controls: str) -> re.Pattern[str]:
    """Matches these of the C0 controls, and every other character that acts or is invisible."""
    return re.compile(f"[{controls}\x7f-\x9f{_INVISIBLE}\ud800-\udfff\U000e0000-\U000e0fff]")


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _visible(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def clean(text: str) -> str:
    """`text` with every control and invisible character shown; newlines and tabs stay."""
    return text if _is_plain(text) else _unsafe(_NOT_BREAKS).sub(_visible, text)


def clean_line(text: str) -> str:
    """`text` on one line: like `clean`, with line breaks shown as `⏎` and tabs as one space."""
    if _is_plain(text):
        return text
    return _unsafe(_ALL).sub(_visible, text.replace("\r\n", "\n").replace("\n", "⏎").replace("\t", " "))


def safe_json(text: str) -> str:
    """JSON `text` in which everything a terminal could act on is escaped: the same value, inert bytes."""

    def escaped(match: re.Match[str]) -> str:
        code = ord(match.group())
        if code < 0x10000:
            return f"\\u{code:04x}"
        high, low = divmod(code - 0x10000, 0x400)
        return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"

    return text if _is_plain(text) else _unsafe(_NONE).sub(escaped, text)


def clean_all(value: Any) -> Any:
    """Cleans every text inside mappings and sequences: what a supervisor wrote, before it is recorded."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {key: clean_all(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [clean_all(inner) for inner in value]
    return value
