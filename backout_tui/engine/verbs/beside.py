"""What can be added to the reason of a deviation: who agreed to it, and which problem it is for."""

from __future__ import annotations

from msgspec import Struct

from backout_tui.domain.backout.state import Backout
from backout_tui.engine.verbs.ids import problem_of


class Beside(Struct, frozen=True):
    """`agreed` names who agreed; `problem` is a problem's id in upper or lower case; "" when not given."""

    agreed: str = ""
    problem: str = ""

    def entries(self, backout: Backout) -> dict[str, str]:
        """The event's entries for it. Raises BackoutError when there is no such problem."""
        found = {"agreed": self.agreed.strip()} if self.agreed.strip() else {}
        if self.problem.strip():
            found["problem"] = problem_of(backout, self.problem).id
        return found


ALONE = Beside()
"""Nothing is added to the reason."""
