"""A bit that turned over, anywhere in the file: never our bug, and never a changed event that is shown as sound."""

from __future__ import annotations

import json
import random
from pathlib import Path

from backout_tui.store.log.reading import Reader
from tests.campaigns.crafting import copied, rich
from tests.campaigns.experiment import Experiment
from tests.campaigns.experiments.crafted_events import run

_MOST = 3  # bits that turn over at a time
_READING = (("show",), ("show", "--json"), ("log",), ("report",), ("verify",))


def flipped(dice: random.Random, ground: Path) -> str | None:
    """No command calls it a bug, and what is printed with exit 0 is what was written."""
    path = copied(ground)
    content = bytearray(path.read_bytes())
    for _ in range(dice.randint(1, _MOST)):
        content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
    path.write_bytes(content)
    number = str(dice.randint(1, rich()[1]))
    for words in (("list",), (dice.choice(_READING)[0], number), ("log", number, "--json")):
        code, said = run(path, *words)
        if code not in (0, 1, 2) or "Traceback" in said:
            return f"{' '.join(words)} ended with {code}: {said[:200]}"
    return _printed_as_written(number, code, said)


def _printed_as_written(number: str, code: int, said: str) -> str | None:
    """Whether records that were printed without a word are those of the database before."""
    if code != 0:
        return None
    with Reader.open(rich()[0]) as reader:
        written = [json.loads(record) for _seq, record, _hash in reader.records(f"backout:{number}")]
    printed = json.loads(said)
    # A log of which the end is gone can be found only by a head that was kept elsewhere.
    same = printed == written[: len(printed)]
    return None if same else f"log {number} --json printed what was not written, with exit 0"


EXPERIMENTS = [Experiment("flipped bits", flipped, goal=20_000)]
