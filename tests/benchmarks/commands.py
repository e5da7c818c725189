"""The commands that only read, beside the smallest Python program that can open a database."""

from __future__ import annotations

import functools
import sys
import time
from collections.abc import Sequence

from tests.benchmarks.figures import Figure, compared
from tests.benchmarks.lab import Lab

YARDSTICK = (sys.executable, "-c", "import sqlite3")
ASKED = {"show": ("show", "1"), "list": ("list",), "log": ("log", "1")}


def commands(lab: Lab) -> list[Figure]:
    """`show`, `list` and `log`, beside `python -c "import sqlite3"`."""
    measures = [functools.partial(_took, lab, lab.ours(lab.usual, *words)) for words in ASKED.values()]
    python, *ours = lab.in_turn(functools.partial(_took, lab, YARDSTICK), *measures)
    return [compared(f"backout-tui {name}", took, python, 6.0) for name, took in zip(ASKED, ours, strict=True)]


def listing(lab: Lab) -> list[Figure]:
    """The same where many backouts are stored, beside where there is one; `list` prints the newest of them."""
    figures = []
    for name, words in ASKED.items():
        one, many = (functools.partial(_took, lab, lab.ours(place, *words)) for place in (lab.usual, lab.crowded))
        alone, among = lab.in_turn(one, many)
        aim = 2.0 if name == "list" else 1.1
        figures.append(compared(f"{name} with {lab.sizes.backouts} backouts against 1", among, alone, aim))
    return figures


def _took(lab: Lab, command: Sequence[str]) -> float:
    begun = time.perf_counter()
    lab.run(command)
    return time.perf_counter() - begun
