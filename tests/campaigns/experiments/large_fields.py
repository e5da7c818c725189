"""A megabyte in every field, and ten thousand problems: it may take its time, and everything can still be read."""

from __future__ import annotations

import functools
import json
import random
import tempfile
from pathlib import Path
from typing import Any

from backout_tui.domain.backout.events import Draft
from backout_tui.store.log.journal import Journal
from backout_tui.store.log.reading import Reader
from tests.campaigns.crafting import TOOL, copied, loosened, places, rechained, rich, written
from tests.campaigns.experiment import Experiment
from tests.campaigns.experiments.crafted_events import run
from tests.store.shelf import ADA, TickingClock, opening, store_plan

_MEGABYTE = 1_000_000
_PIECES = ("x", "é", "a b", "\x1b[2J", "\n", "…", "[/x]", "{name}", "\U0001f680", "\u202e")
_READING = (("show",), ("show", "--json"), ("show", "--brief"), ("log",), ("log", "--json"), ("report",), ("verify",))
PROBLEMS = 10_000


def a_megabyte(dice: random.Random, ground: Path) -> str | None:
    """One text of one event is a megabyte long; every command reads it, or says that it is damaged."""
    path = copied(ground)
    log_id = f"backout:{dice.randint(1, rich()[1])}"
    with Reader.open(path) as reader:
        records = [record for _seq, record, _hash in reader.records(log_id)]
    at = dice.randrange(len(records))
    fields = json.loads(records[at])
    _fill(dice, fields)
    records[at] = written(fields)
    with loosened(path) as forger:
        rechained(forger, log_id, records)
    number = log_id.partition(":")[2]
    for words in (("list",), (dice.choice(_READING)[0], number)):
        code, said = run(path, *words)
        if code not in (0, 1, 2) or "Traceback" in said or "\x1b" in said:
            return f"{' '.join(words)} ended with {code}: {said[:200]}"
    return None


def _fill(dice: random.Random, fields: dict[str, Any]) -> None:
    texts = [way for way in places(fields) if isinstance(_at(fields, way), str)]
    *way, last = dice.choice(texts)
    piece = dice.choice(_PIECES)
    _at(fields, tuple(way))[last] = piece * (_MEGABYTE // len(piece.encode()))


def _at(value: Any, way: tuple[Any, ...]) -> Any:
    for key in way:
        value = value[key]
    return value


@functools.cache
def _with_problems() -> Path:
    """A backout with ten thousand problems, made once."""
    path = Path(tempfile.mkdtemp(prefix="backout-problems-")) / "backout.sqlite"
    said_of = ({"problem": f"P{number}", "title": f"problem {number}"} for number in range(1, PROBLEMS + 1))
    with Journal.open(path, clock=TickingClock(), tool=TOOL) as journal:
        plan = store_plan(journal)
        drafts = [opening(plan), *(Draft("ProblemLogged", data) for data in said_of)]
        journal.append_new("backout:", decide=lambda _: (plan.sha256, drafts), actor=ADA)
    return path


def ten_thousand_problems(dice: random.Random, _ground: Path) -> str | None:
    """All of them are told, whatever is asked."""
    words = dice.choice((("show", "1"), ("show", "1", "--json"), ("log", "1"), ("report", "1")))
    code, said = run(_with_problems(), *words)
    told = code == 0 and f"problem {PROBLEMS}" in said
    return None if told else f"{' '.join(words)} ended with {code}, and not every problem is in it"


EXPERIMENTS = [
    Experiment("a megabyte in every field", a_megabyte, goal=2_000),
    Experiment("ten thousand problems", ten_thousand_problems, goal=8, share=0.2),
]
