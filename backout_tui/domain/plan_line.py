"""A plan in one line, as lists show it: which release it is for, what it answers, whether it was run."""

from __future__ import annotations

from dataclasses import dataclass

QUESTIONS = tuple(f"Q{number}" for number in range(1, 10))
OPEN = "·"


@dataclass(frozen=True, slots=True)
class PlanHead:
    """The newest revision of one plan, as far as it is known without reading its text."""

    id: int
    name: str
    version: str
    environment: str
    team: str
    revision: int

    @property
    def release(self) -> str:
        """`payments-api 4.12.0@production`, as the plan can be named."""
        return f"{self.name} {self.version}".strip() + (f"@{self.environment}" if self.environment else "")


@dataclass(frozen=True, slots=True)
class PlanLine(PlanHead):
    """The same, read. `answered_ids` are those of the nine questions that it answers.

    `unconfirmed` counts the inherited items that nobody has confirmed as they are.
    """

    title: str
    approved: bool
    answered_ids: tuple[str, ...] = ()
    unconfirmed: int = 0

    @property
    def answered(self) -> int:
        """How many of the nine questions it answers."""
        return len(self.answered_ids)

    @property
    def state(self) -> str:
        """How far it can be trusted, in two or three words."""
        if self.unconfirmed:
            return f"{self.unconfirmed} to confirm"
        return "approved" if self.approved else "not approved"

    @property
    def answers(self) -> str:
        """The nine questions in nine signs, `1234·67·9`: the number of one that is answered, a dot for an open one."""
        return "".join(one[1:] if one in self.answered_ids else OPEN for one in QUESTIONS)


@dataclass(frozen=True, slots=True)
class Run:
    """A backout in which some revision of a plan was carried out. `outcome` is "" while it is open."""

    backout: int
    mode: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Near:
    """A plan that may be of use for a release: why, and how it went, the newest backout first."""

    line: PlanLine
    reason: str
    runs: tuple[Run, ...] = ()
