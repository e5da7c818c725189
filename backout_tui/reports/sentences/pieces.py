"""Pieces of sentences: what is there is said, what is missing is passed over, whatever a record holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC
from typing import Any

from backout_tui.domain.codec import parse_time

Sentence = Callable[[Mapping[str, Any]], str]
_EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")


def text(data: Mapping[str, Any], name: str) -> str:
    """The entry as text; "" when it is missing or null."""
    value = data.get(name)
    return "" if value is None else str(value).strip()


def joined(*pieces: str) -> str:
    """The pieces that say something, with semicolons between them."""
    return "; ".join(piece for piece in pieces if piece)


def with_reason(what: str, reason: str, *more: str) -> str:
    """`what: reason; more`, without a colon when no reason was given."""
    return joined(f"{what}: {reason}" if reason else what, *more)


def labelled(label: str, said: str) -> str:
    """`label: said`, or nothing when nothing was said."""
    return f"{label}: {said}" if said else ""


def beside(data: Mapping[str, Any]) -> str:
    """What stands beside a deviation's reason: `agreed with kim; for P1`."""
    agreed, problem = text(data, "agreed"), text(data, "problem")
    return joined(f"agreed with {agreed}" if agreed else "", f"for {problem}" if problem else "")


def listed(names: Iterable[Any]) -> str:
    """Names with commas between them."""
    return ", ".join(str(name) for name in names)


def entries(data: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The objects of a list entry; whatever else stands there is passed over."""
    value = data.get(name)
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list | tuple) else []


def server_words(said: str) -> str:
    """A mail server's words without the addresses in them: each is one that was written to."""
    return _EMAIL.sub("(address)", said)


def hour(written: str) -> str:
    """The hour of an RFC 3339 time, in UTC; as it was written when it is none."""
    try:
        return parse_time(written).astimezone(UTC).strftime("%H:%M UTC")
    except ValueError:
        return written


def took(milliseconds: Any) -> str:
    """A duration that a record holds in milliseconds: `0.4 s`, `22 s`, `2 min 30 s`; "" when it holds none."""
    if not isinstance(milliseconds, int):
        return ""
    if milliseconds < 10_000:
        return f"{milliseconds / 1000:.1f} s"
    minutes, rest = divmod(milliseconds // 1000, 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
