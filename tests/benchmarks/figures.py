"""What was measured beside what was aimed at, and the table that says so."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure. With a `yardstick` the `aim` bounds the ratio to it, without one the figure itself.

    An aim of 0 is no aim: the figure is there to be read.
    """

    name: str
    value: float
    unit: str
    aim: float
    yardstick: float | None = None
    spread: float = 0.0

    @property
    def ratio(self) -> float | None:
        """How many times the yardstick it is; None without one."""
        return self.value / self.yardstick if self.yardstick else None

    @property
    def verdict(self) -> str:
        """`within` or `over` the aim; "" where there is none."""
        if not self.aim:
            return ""
        measured = self.value if self.ratio is None else self.ratio
        return "within" if measured <= self.aim else "over"


@dataclass(frozen=True, slots=True)
class Sample:
    """The same thing measured several times."""

    values: Sequence[float]

    @property
    def median(self) -> float:
        """What it mostly is."""
        return statistics.median(self.values)

    @property
    def spread(self) -> float:
        """How far the middle half lies apart, as a part of the median: how noisy the machine was."""
        if len(self.values) < 2:
            return 0.0
        low, _, high = statistics.quantiles(self.values, n=4, method="inclusive")
        return (high - low) / self.median

    def percentile(self, hundredths: int) -> float:
        """The value that so many hundredths of all do not exceed."""
        ordered = sorted(self.values)
        return ordered[max(0, math.ceil(len(ordered) * hundredths / 100) - 1)]


def compared(name: str, ours: Sequence[float], yardstick: Sequence[float], aim: float) -> Figure:
    """The median of `ours` beside that of `yardstick`, both in seconds, as a figure in milliseconds."""
    mine, theirs = Sample(ours), Sample(yardstick)
    spread = max(mine.spread, theirs.spread)
    return Figure(name, mine.median * 1000, "ms", aim, theirs.median * 1000, spread)


def table(figures: Iterable[Figure]) -> str:
    """All figures, one on a line, each beside its yardstick and its aim."""
    rows = [("figure", "measured", "yardstick", "ratio", "aim", "verdict", "spread"), *map(_row, figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "  ".join("─" * width for width in widths), *lines[1:]])


def _row(figure: Figure) -> tuple[str, ...]:
    aim = f"{figure.aim:g}{'x' if figure.ratio is not None else ' ' + figure.unit}" if figure.aim else ""
    return (
        figure.name,
        _said(figure.value, figure.unit),
        _said(figure.yardstick, figure.unit) if figure.yardstick is not None else "",
        f"{figure.ratio:.2f}x" if figure.ratio is not None else "",
        aim,
        figure.verdict,
        f"{figure.spread:.0%}" if figure.spread else "",
    )


def _said(value: float, unit: str) -> str:
    return f"{value:.{0 if value >= 100 else 1 if value >= 10 else 2}f} {unit}"
