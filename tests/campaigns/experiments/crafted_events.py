"""Whatever another hand wrote into the file: it is told as damage of one backout, and every other one can be read."""

from __future__ import annotations

import contextlib
import io
import os
import random
from collections.abc import Iterator
from pathlib import Path

from backout_tui.cli import main
from backout_tui.store.log.reading import Reader
from tests.campaigns.crafting import copied, craft, rich
from tests.campaigns.experiment import Experiment

_READING = (
    ("show",), ("show", "--json"), ("show", "--brief"), ("log",), ("log", "--json"), ("report",), ("verify",),
    ("verify", "--json"), ("do", "note", "hello"),
)  # fmt: skip
_PLANS = (
    ("plan", "list"),
    ("plan", "list", "--json"),
    ("plan", "show", "1"),
    ("plan", "check", "1"),
    ("plan", "diff", "1"),
)
_CODES = {0, 1, 2, 3}


def run(path: Path, *words: str) -> tuple[int, str]:
    """The exit of one command line in this process, and all that it said."""
    out = io.TextIOWrapper(io.BytesIO(), "utf-8", errors="backslashreplace")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out), _at_home(path.parent):
        code = main.run(["--database", str(path), *words])
        out.flush()
    return code, out.buffer.getvalue().decode("utf-8", "replace")


@contextlib.contextmanager
def _at_home(folder: Path) -> Iterator[None]:
    """No settings of whoever runs this."""
    before = os.environ.copy()
    os.environ.update({"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "COLUMNS": "80"})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _commands(dice: random.Random, number: str) -> Iterator[tuple[str, ...]]:
    yield ("list",)
    verb, *more = dice.choice(_READING)
    yield (verb, number, *more)
    yield dice.choice(((*dice.choice(_PLANS),), ("list", "--json"), ("verify", "{database}")))


def crafted(dice: random.Random, ground: Path) -> str | None:
    """No command calls it a bug of ours, and another backout can be shown."""
    path = copied(ground)
    log_id = craft(dice, path)
    number = log_id.partition(":")[2]
    for words in _commands(dice, number if log_id.startswith("backout:") else "1"):
        words = tuple(word.format(database=path) for word in words)
        code, said = run(path, *words)
        if code not in _CODES or "Traceback" in said:
            return f"{log_id}: {' '.join(words[:3])} ended with {code}: {said[:200]}"
    return _others(dice, path, log_id)


def _others(dice: random.Random, path: Path, log_id: str) -> str | None:
    """Whether every other backout is listed, and one of them can be shown."""
    others = [str(number) for number in range(1, rich()[1] + 1) if log_id != f"backout:{number}"]
    listed = {line.split()[0] for line in run(path, "list")[1].splitlines() if line.strip()}
    if missing := set(others) - listed:
        return f"{log_id} was damaged, and {sorted(missing)} are not listed"
    other = dice.choice(others)
    with Reader.open(path) as reader:
        whole = reader.is_unbroken(f"backout:{other}")
    code, said = run(path, "show", other)
    return None if code == 0 or not whole else f"{log_id} was damaged, and show {other} ended with {code}: {said[:200]}"


EXPERIMENTS = [Experiment("crafted events", crafted, goal=20_000)]
