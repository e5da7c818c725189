"""A plan in one line, as lists show it: its release, the questions it answers, whether it was run."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec import Struct

QUESTIONS = tuple(f"Q{number}" for number in range(1, 10))
OPEN = "·"


class PlanHead(Struct, frozen=True):
    """The newest revision of one plan, as far as it is known without reading the text."""

    id: int
    name: str
    version: str
    environment: str
    team: str
    revision: int

    @property
    def release(self) -> str:
        """`payments-api 4.12.0@production`, a name for the plan."""
        return f"{self.name} {self.version}".strip() + (f"@{self.environment}" if self.environment else "")


class PlanLine(PlanHead, frozen=True):
    """A plan that was read. `answered_ids` are the ids of the nine questions that it answers.

    `unconfirmed` counts the inherited items that nobody has confirmed as they are. If the plan cannot be read,
    `damaged` says why.
    """

    title: str
    approved: bool
    answered_ids: tuple[str, ...] = ()
    unconfirmed: int = 0
    damaged: str = ""

    @property
    def answered(self) -> int:
        """How many of the nine questions it answers."""
        return len(self.answered_ids)

    @property
    def state(self) -> str:
        """How far it can be trusted, in two or three words."""
        if self.damaged:
            return "DAMAGED"
        if self.unconfirmed:
            return f"{self.unconfirmed} to confirm"
        return "approved" if self.approved else "not approved"

    @property
    def answers(self) -> str:
        """The nine questions as nine signs, `1234·67·9`: a number if the question is answered, a dot if it is open."""
        return "".join(one[1:] if one in self.answered_ids else OPEN for one in QUESTIONS)


class Run(Struct, frozen=True):
    """A backout that carried out some revision of a plan. `outcome` is "" while it is open."""

    backout: int
    mode: str
    outcome: str


class HowItWent(Struct, frozen=True):
    """What a plan's runs prove, in words; the lower the `rank`, the more."""

    rank: int
    words: str


_BACKED_OUT = ("backed-out", "with-residue")
_RUN = (*_BACKED_OUT, "partly", "failed")
"""The outcomes of backouts in which the plan was really run."""


def how_it_went(runs: Sequence[Run], shown: Collection[int] = ()) -> HowItWent:
    """The best that a plan's runs prove: a backout that worked, one that was run, a rehearsal, or nothing.

    `shown` are the rehearsals in which nothing could run.
    """
    live = [run.outcome for run in runs if run.mode == "live"]
    for rank, outcomes in enumerate((_BACKED_OUT, _RUN)):
        if outcome := next((one for one in live if one in outcomes), ""):
            return HowItWent(rank, outcome.replace("-", " "))
    rehearsed = [run for run in runs if run.mode == "rehearsal" and run.outcome in _BACKED_OUT]
    if rehearsed:
        return (
            HowItWent(3, "only shown") if all(run.backout in shown for run in rehearsed) else HowItWent(2, "rehearsed")
        )
    return HowItWent(3, "never run")


class Near(Struct, frozen=True):
    """A plan that may be useful for a release: why, and how its backouts went, the newest first.

    `shown` are those of its rehearsals in which nothing could run: they were in no other environment.
    """

    line: PlanLine
    reason: str
    runs: tuple[Run, ...] = ()
    shown: frozenset[int] = frozenset()

    @property
    def went(self) -> HowItWent:
        """The best that its runs prove."""
        return how_it_went(self.runs, self.shown)
