"""Writes text for the report: names instead of addresses, everything literal, times in UTC."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from msgspec import Struct

from backout_tui.domain.backout.state import Backout
from backout_tui.reports.literal import fenced, literal
from backout_tui.reports.sentences.piece_sentences import server_words

_BETWEEN = r"[\s().\-/]{0,4}"
_LEAST_DIGITS, _LEAST_LETTERS, _LEAST_NATIONAL = 6, 5, 8
"""Shorter addresses are left alone, because the same characters occur in texts by chance."""


class Pen(Struct, frozen=True):
    """Writes text from outside. `private` holds the known addresses, each with the name to write instead."""

    private: tuple[tuple[re.Pattern[str], str], ...] = ()

    @classmethod
    def of(cls, backout: Backout) -> Pen:
        """Return the pen that knows this backout's contacts and everybody who was written to."""
        told = [(one.address, one.name) for message in backout.messages.values() for one in message.recipients]
        contacts = [
            (entry.partition(":")[2] or entry, contact.name)
            for contact in backout.plan.contacts
            for entry in contact.reach
        ]
        known = {address.strip(): name for address, name in (*contacts, *told)}
        patterns = ((_pattern(address), name) for address, name in sorted(known.items(), key=lambda one: -len(one[0])))
        return cls(tuple((pattern, name) for pattern, name in patterns if pattern is not None))

    def masked(self, text: str) -> str:
        """Return `text` with names instead of known addresses."""
        for pattern, name in self.private:
            text = pattern.sub(lambda _, name=name: f"(address of {name})", text)  # type: ignore[misc] # bound now
        return text

    def line(self, text: str) -> str:
        """Return `text` on one line, literal."""
        return literal(self.masked(text))

    def detail(self, text: str) -> str:
        """Return a mail server's words without addresses: any address in them is one that was written to."""
        return literal(server_words(self.masked(text)))

    def block(self, text: str) -> Iterator[str]:
        """Return `text` of several lines, literal."""
        return fenced(self.masked(text))


def _pattern(address: str) -> re.Pattern[str] | None:
    digits = [sign for sign in address.replace("(0)", "") if sign.isdigit()]
    if len(digits) >= _LEAST_DIGITS and not any(sign.isalpha() for sign in address):
        return re.compile("|".join(_written(address, digits)))
    return re.compile(re.escape(address), re.IGNORECASE) if len(address) >= _LEAST_LETTERS else None


def _written(address: str, digits: list[str]) -> Iterator[str]:
    """Yield patterns of how people write the number: with its country's code, without it, or with a leading 0."""
    abroad = address.lstrip().startswith(("+", "00"))
    digits = digits[2:] if abroad and digits[:2] == ["0", "0"] else digits
    for code in (1, 2, 3) if abroad else (1,) if digits[0] == "0" else ():
        if len(digits) - code >= _LEAST_NATIONAL:
            country = _BETWEEN.join(digits[:code]) if abroad else r"\d{1,3}"
            before = rf"(?<!\d)(?:(?:\+|00)?{country}{_BETWEEN})?(?:\(?0{_BETWEEN})?"
            yield before + _BETWEEN.join(digits[code:])
    yield r"\+?" + _BETWEEN.join(digits)


def when(moment: datetime | None) -> str:
    """A moment, to the second, in UTC; "" when it is unknown."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S") if moment is not None else ""
