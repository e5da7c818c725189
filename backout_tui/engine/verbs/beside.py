"""What may stand beside the reason of a deviation: who agreed to it, and which problem it is for."""

from __future__ import annotations

from dataclasses import dataclass

from backout_tui.domain.backout import Backout
from backout_tui.engine.verbs.ids import problem_of


@dataclass(frozen=True, slots=True)
class Beside:
    """`agreed` names who agreed, `problem` is a problem's id in whatever case; "" when nobody said so."""

    agreed: str = ""
    problem: str = ""

    def entries(self, backout: Backout) -> dict[str, str]:
        """The entries of the event that hold it. Raises BackoutError when there is no such problem."""
        found = {"agreed": self.agreed.strip()} if self.agreed.strip() else {}
        if self.problem.strip():
            found["problem"] = problem_of(backout, self.problem).id
        return found


ALONE = Beside()
"""A reason that stands alone."""
