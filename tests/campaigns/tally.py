"""What a campaign has found so far, whose turn is next, and the tables that say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.campaigns.crew import Answer
from tests.campaigns.experiment import Experiment

NIGHT_S = 8 * 3600
_SEEDS = 8  # of each experiment in the table, at the most


@dataclass
class Tally:
    """What one experiment found: how often it was tried, and seed and words of each violation."""

    experiment: Experiment
    why_not: str | None = None
    begun: int = 0
    trials: int = 0
    took_s: float = 0.0
    violations: list[tuple[int, str]] = field(default_factory=list)

    @property
    def each_s(self) -> float:
        """How long a trial takes."""
        return self.took_s / self.trials if self.trials else 0.0

    @property
    def due(self) -> tuple[bool, float]:
        """Less for whose turn it is: who was never tried comes first, then who had the least of its share."""
        under_way = self.begun - self.trials
        return self.begun > 0, (self.took_s + under_way * self.each_s) / self.experiment.share

    def count(self, answer: Answer) -> None:
        """Add the answer of a trial."""
        self.trials += 1
        self.took_s += answer.took_s
        if answer.violation is not None:
            self.violations.append((answer.order.seed, answer.violation))


def next_of(tallies: Sequence[Tally], most: int | None) -> Tally | None:
    """Whose turn it is; None when all were tried `most` times. Nobody is twice under way while others can be."""
    open_ = [one for one in tallies if one.why_not is None and one.begun != most]
    resting = [one for one in open_ if one.begun == one.trials]
    return min(resting or open_, key=lambda one: one.due, default=None)


def found(tallies: Sequence[Tally]) -> str:
    """The table of what was found."""
    rows = [("experiment", "trials", "violations", "s each", "seeds of the violations")]
    for one in tallies:
        seeds = " ".join(str(seed) for seed, _ in one.violations[:_SEEDS])
        rows.append((one.experiment.name, str(one.trials), str(len(one.violations)), f"{one.each_s:.2f}", seeds))
        if one.why_not is not None:
            rows[-1] = (one.experiment.name, "-", "-", "-", f"not tried here: {one.why_not}")
    total = sum(one.trials for one in tallies), sum(len(one.violations) for one in tallies)
    return _table([*rows, ("together", str(total[0]), str(total[1]), "", "")])


def goals(tallies: Sequence[Tally], at_a_time: int) -> str:
    """The table of a night: each experiment's goal, and how many trials it would come to at the pace of this run."""
    rows = [("experiment", "goal", "s each", "% of time", "of a night", "")]
    shares = sum(one.experiment.share for one in tallies if one.why_not is None) or 1.0
    for one in tallies:
        part = one.experiment.share / shares
        reached = round(NIGHT_S * at_a_time * part / one.each_s) if one.each_s else 0
        short = "" if reached >= one.experiment.goal else one.why_not or "short of it"
        shown = (str(one.experiment.goal), f"{one.each_s:.2f}", f"{100 * part:.1f}", str(reached))
        rows.append((one.experiment.name, *shown, short))
    return _table(rows)


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(_line(row, widths).rstrip() for row in rows)


def _line(row: tuple[str, ...], widths: Sequence[int]) -> str:
    name, *figures, last = (
        cell.ljust(width) if column in (0, len(row) - 1) else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join((name, *figures, last))
