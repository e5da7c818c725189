"""How this backout runs beside what was expected of it: the correction of what is left. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from backout_tui.domain.spans import Estimate

AS_EXPECTED_S = 300
"""Seconds of work that count as done just as expected before anything ran: one short step says little of the rest."""
FASTEST, SLOWEST = (1, 2), (3, 1)
"""The bounds of the correction, as fractions: what is left is never taken for less than half, or more than thrice."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds that the work took, beside the seconds expected of it."""

    took_s: int = AS_EXPECTED_S
    expected_s: int = AS_EXPECTED_S

    @property
    def fraction(self) -> tuple[int, int]:
        """What an estimate is multiplied by, within its bounds."""
        for bound, sign in ((FASTEST, 1), (SLOWEST, -1)):
            if sign * (self.took_s * bound[1] - self.expected_s * bound[0]) < 0:
                return bound
        return self.took_s, self.expected_s

    def corrected(self, estimate: Estimate) -> Estimate:
        """The estimate as this backout runs. A fast one shortens the typical case only: the bad case stays bad."""
        if self.took_s == self.expected_s:
            return estimate
        took, expected = self.fraction
        slower = max(took, expected)
        return Estimate(estimate.typical_s * took // expected, estimate.bad_s * slower // expected)


def pace(done: Iterable[tuple[int, int]], running: Iterable[tuple[int, int]] = ()) -> Pace:
    """The pace of pairs of seconds, taken and expected, of the steps that are done and of those that run.

    One that runs counts as soon as it makes the whole slower: so its end never makes it slower still.
    """
    took, expected = AS_EXPECTED_S, AS_EXPECTED_S
    for one_took, one_expected in done:
        took, expected = took + one_took, expected + one_expected
    for gone, of in sorted(running, key=lambda pair: pair[0] / max(pair[1], 1), reverse=True):
        if gone * expected > of * took:
            took, expected = took + gone, expected + of
    return Pace(took, expected)
