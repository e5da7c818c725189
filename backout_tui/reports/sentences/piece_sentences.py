"""Pieces of sentences; they leave out what is missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from backout_tui.domain.backout.events import Event
from backout_tui.domain.backout.order import listed as numbers_listed
from backout_tui.domain.backout.payload import Beside, DeclaredInDoubt, Ending, Payload
from backout_tui.domain.spans import about

Sentence = Callable[[Event], str]
P = TypeVar("P", bound=Payload)
_EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")


def saying(what: type[P], words: Callable[[P], str]) -> Sentence:
    """Return the sentence of an event that holds a `what`, from its words."""
    return lambda event: words(event.says(what))


def joined(*pieces: str) -> str:
    """Join the pieces that are not empty with semicolons."""
    return "; ".join(piece.strip() for piece in pieces if piece.strip())


def with_reason(what: str, reason: str, *more: str) -> str:
    """`what: reason; more`, without the colon when there is no reason."""
    return joined(f"{what}: {reason.strip()}" if reason.strip() else what, *more)


def labelled(label: str, said: str) -> str:
    """`label: said`, or nothing when nothing was said."""
    return f"{label}: {said.strip()}" if said.strip() else ""


def out_of_order(ahead_of: Sequence[str]) -> str:
    """`out of order, before steps 1 and 2`; older records do not name the steps."""
    return f"out of order, before {numbers_listed(ahead_of)}" if ahead_of else "out of order"


def beside(said: Beside) -> str:
    """Who agreed and which problem a deviation is for: `agreed with kim; for P1`."""
    return joined(f"agreed with {said.agreed}" if said.agreed else "", f"for {said.problem}" if said.problem else "")


def came_late(said: Ending) -> str:
    """Say that an outcome came after somebody had declared its attempt in doubt; "" for any other."""
    event = said.after_doubt
    return f"this came after it was declared in doubt (event {event})" if event is not None else ""


def out_of_reach(said: DeclaredInDoubt) -> str:
    """`which runs on web-7, out of reach`, when the attempt declared in doubt could not be asked."""
    return f"which was begun on {said.host} and cannot be asked" if said.host else "which cannot be asked"


def listed(names: Iterable[str]) -> str:
    """Join names with commas."""
    return ", ".join(names)


def server_words(said: str) -> str:
    """Return a mail server's words without the addresses in them: each is one that was written to."""
    return _EMAIL.sub("(address)", said)


def took(milliseconds: int | None) -> str:
    """A duration in milliseconds: `0.4 s`, `22 s`, `2 min 30 s`; "" when it is not known."""
    if milliseconds is None:
        return ""
    if milliseconds < 10_000:
        return f"{milliseconds / 1000:.1f} s"
    return about(milliseconds // 1000)
