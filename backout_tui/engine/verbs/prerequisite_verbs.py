"""*Before you start*: what holds is said line by line, and whatever is left open when the first step begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct

from backout_tui.domain.backout.events import Draft
from backout_tui.domain.backout.items import StepState
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.prerequisites import Prerequisite, Readiness, as_ticked, prerequisites
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.refusal import NOTHING, TICKS
from backout_tui.domain.rules.first_step import asked_before
from backout_tui.engine.operator import Operator, Receipt
from backout_tui.errors import BackoutError


class Ticked(Struct, frozen=True):
    """What the confirmation of the first step was told: yes or no by number, and why it starts without the rest."""

    answers: Mapping[int, str] = MappingProxyType({})
    why: str = ""

    @property
    def lifts(self) -> frozenset[str]:
        """What its reason lifts: the ticks that are missing, and nothing else."""
        return frozenset({TICKS}) if self.why.strip() else NOTHING

    def applied(self, backout: Backout) -> Backout:
        """The backout as it is once this is recorded."""
        return as_ticked(backout, self.answers)

    def drafts(self, backout: Backout, step: StepState, reason: str = "") -> list[Draft]:
        """The events that come before the first step; none for any other. `reason` is the step's own."""
        asked = asked_before(backout, step)
        said = [self._answered(one) for one in asked if self._says(one) is not one.tick.answer]
        left = [one.number for one in asked_before(self.applied(backout), step) if not one.holds]
        why = self.why.strip() or reason.strip()
        return [*said, *([Draft(EventKind.PREREQUISITES_LEFT, {"left": left, "reason": why})] if left else [])]

    def _says(self, one: Prerequisite) -> Readiness:
        return Readiness(self.answers.get(one.number, one.tick.answer))

    def _answered(self, one: Prerequisite) -> Draft:
        data = {"number": one.number, "answer": self._says(one), "text": one.text}
        return Draft(EventKind.PREREQUISITE_ANSWERED, data)


def rest_of(reason: str, first: Sequence[Draft]) -> str:
    """What of a step's reason is the step's own: nothing, if all it said was why the first step begins unticked."""
    return "" if any(one.kind == EventKind.PREREQUISITES_LEFT for one in first) else reason


NOT_ASKED = Ticked()
"""Nothing was asked: what was ticked before counts, and the step's reason covers the rest."""


def answer(op: Operator, number: int, answer: str, reason: str = "") -> Receipt:
    """Record whether a line of *Before you start* holds; it may be said again, and the last word counts.

    Raises BackoutError when the plan has no such line.
    """

    def drafts(backout: Backout) -> list[Draft]:
        known = prerequisites(backout)
        one = next((one for one in known if one.number == number), None)
        if one is None:
            there = f"There are: 1 to {len(known)}." if known else "The plan has no section “Before you start”."
            raise BackoutError(f"there is no prerequisite {number}", todo=there)
        data = {"number": number, "answer": answer, "reason": reason.strip(), "text": one.text}
        return [Draft(EventKind.PREREQUISITE_ANSWERED, data)]

    return op.append(drafts)
