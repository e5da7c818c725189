"""What writes the report: names instead of addresses, everything literal, times in UTC."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from backout_tui.domain.backout import Backout
from backout_tui.reports.literal import fenced, literal

_EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_SEPARATORS = r"[\s().\-/]*"
_LEAST_DIGITS, _LEAST_LETTERS = 6, 5
"""Shorter addresses are left alone: the same signs stand in a text by chance."""


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes text from outside. `private` are the addresses that are known, each with the name to say instead."""

    private: tuple[tuple[re.Pattern[str], str], ...] = ()

    @classmethod
    def of(cls, backout: Backout) -> Pen:
        """The pen that knows the contacts of this backout and everybody who was written to."""
        told = [(one.address, one.name) for message in backout.messages.values() for one in message.recipients]
        contacts = [
            (entry.partition(":")[2], contact.name) for contact in backout.plan.contacts for entry in contact.reach
        ]
        known = {address.strip(): name for address, name in (*contacts, *told)}
        patterns = ((_pattern(address), name) for address, name in sorted(known.items(), key=lambda one: -len(one[0])))
        return cls(tuple((pattern, name) for pattern, name in patterns if pattern is not None))

    def masked(self, text: str) -> str:
        """`text` with names instead of the addresses that are known."""
        for pattern, name in self.private:
            text = pattern.sub(lambda _, name=name: f"(address of {name})", text)  # type: ignore[misc] # bound now
        return text

    def line(self, text: str) -> str:
        """`text` on one line, literal."""
        return literal(self.masked(text))

    def detail(self, text: str) -> str:
        """A mail server's words, in which any address is one that was written to."""
        return literal(_EMAIL.sub("(address)", self.masked(text)))

    def block(self, text: str) -> Iterator[str]:
        """`text` of several lines, literal."""
        return fenced(self.masked(text))


def _pattern(address: str) -> re.Pattern[str] | None:
    digits = [sign for sign in address if sign.isdigit()]
    if len(digits) >= _LEAST_DIGITS and not any(sign.isalpha() for sign in address):
        return re.compile(r"\+?" + _SEPARATORS.join(map(re.escape, digits)))
    return re.compile(re.escape(address), re.IGNORECASE) if len(address) >= _LEAST_LETTERS else None


def when(moment: datetime | None) -> str:
    """A moment, to the second, in UTC; "" when it is not known."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S") if moment is not None else ""


def span(seconds: float) -> str:
    """A span for reading: `45 s`, `5 min`, `1 h 5 min`."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    minutes = rest // 60
    if not hours:
        return (
            f"{minutes} min"
            if minutes and not rest % 60
            else f"{minutes} min {rest % 60} s"
            if minutes
            else f"{whole} s"
        )
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"
