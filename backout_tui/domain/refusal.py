"""A gate's no, and what lifts it. contract.md section 5."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

REASON, BREAK_GLASS = "reason", "break-glass"
CHOICE, CONDITION = "choice", "condition"  # what has to be said before, by a verb of its own
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A gate's no: its words, and the option that lifts it ("" when nothing does)."""

    words: str
    lifted_by: str = ""


def first(refusals: Iterable[Refusal | None], lifted: Collection[str]) -> Refusal | None:
    """The first no that nothing of `lifted` lifts; None when there is none."""
    return next((one for one in refusals if one is not None and one.lifted_by not in lifted), None)
