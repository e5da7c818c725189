"""The commands that only read, beside the smallest Python program that opens a database."""

from __future__ import annotations

import functools
import sys
import time
from collections.abc import Sequence

from tests.benchmarks import stock
from tests.benchmarks.figures import Figure, compared
from tests.benchmarks.lab import Lab

YARDSTICK = (sys.executable, "-c", "import sqlite3")


def commands(lab: Lab) -> list[Figure]:
    """`show`, `list` and `log`, beside `python -c "import sqlite3"`."""
    asked = {"show": ("show", "1"), "list": ("list",), "log": ("log", "1")}
    measures = [functools.partial(_took, lab, lab.ours(lab.usual, *words)) for words in asked.values()]
    python, *ours = lab.in_turn(functools.partial(_took, lab, YARDSTICK), *measures)
    return [compared(f"backout-tui {name}", took, python, 6.0) for name, took in zip(asked, ours, strict=True)]


def listing(lab: Lab) -> list[Figure]:
    """`list` with many finished backouts in the store, beside the same with one open one."""
    ...
