"""`python -m tests.benchmarks [NAME ...]`: measure, and print each figure beside its aim. Writes nothing that stays."""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.benchmarks.commands import commands, listing
from tests.benchmarks.figures import Figure, table
from tests.benchmarks.flood import flood
from tests.benchmarks.idle import idle
from tests.benchmarks.keys import key, steps
from tests.benchmarks.lab import SMALL, Lab, Sizes
from tests.benchmarks.long_plans import plans
from tests.benchmarks.opening import backouts, events, start
from tests.benchmarks.whole_suite import suite

BENCHMARKS: Mapping[str, Callable[[Lab], list[Figure]]] = {
    one.__name__: one for one in (start, key, steps, events, listing, backouts, commands, plans, idle, flood)
}

ASKED_FOR: Mapping[str, Callable[[Lab], list[Figure]]] = {suite.__name__: suite}
"""What takes minutes, and is measured only where it is named."""


def main(arguments: list[str]) -> int:
    """Measure what is named, by default everything; 1 when a figure is over its aim."""
    given = _parser().parse_args(arguments)
    sizes = SMALL if given.small else Sizes()
    sizes = dataclasses.replace(sizes, runs=given.runs or sizes.runs, idle_s=given.idle or sizes.idle_s)
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="backout-tui-benchmarks-") as folder:
        lab = Lab(Path(folder), sizes)
        lab.compile()
        for name in given.names or BENCHMARKS:
            measure = {**BENCHMARKS, **ASKED_FOR}[name]
            print(f"{name}: {measure.__doc__}", file=sys.stderr, flush=True)
            figures += measure(lab)
    print(table(figures))
    print(f"\n{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; spread is that of the middle half of the runs.")
    return int(any(figure.verdict == "over" for figure in figures))


def _names() -> str:
    return f"{', '.join(BENCHMARKS)}; and only where it is named: {', '.join(ASKED_FOR)}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHMARKS, *ASKED_FOR, []], metavar="NAME", help=_names())
    parser.add_argument("--runs", type=int, help="how often each program is started (11)")
    parser.add_argument("--idle", type=float, metavar="SECONDS", help="how long nothing is done (60)")
    parser.add_argument("--small", action="store_true", help="only see that everything runs")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
