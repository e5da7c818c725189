"""A gate's refusal, and what lifts it. contract.md section 5."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from msgspec import Struct

REASON, BREAK_GLASS = "reason", "break-glass"
TICKS = "ticks"  # ticked in the confirmation of the first step; a reason lifts it too
CHOICE, CONDITION = "choice", "condition"  # must be said first, with its own command
CONFIRMATION = "yes"  # it was looked at, and is meant: `--yes`
ADOPT = "adopt"  # a copy of the database has to be adopted first: `take-over --adopt`
NOTHING: frozenset[str] = frozenset()


class Refusal(Struct, frozen=True):
    """A gate's refusal: its words, and the option that lifts it ("" if nothing does)."""

    words: str
    lifted_by: str = ""


def first(refusals: Iterable[Refusal | None], lifted: Collection[str]) -> Refusal | None:
    """The first refusal that `lifted` doesn't lift; None if there is none."""
    return next((one for one in refusals if one is not None and one.lifted_by not in lifted), None)
