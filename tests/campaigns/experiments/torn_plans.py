"""Plans torn and written again: what our writer writes means what was read, or the plan is refused by its line."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path

import backout_tui
from backout_tui.domain.plan.plan import Plan
from backout_tui.errors import BackoutError
from backout_tui.planfile.reading.reader import read_plan
from backout_tui.planfile.writing.keeping import kept_text
from tests.campaigns.experiment import Experiment
from tests.planfile.scraps import SCRAPS

_SAMPLE = (Path(backout_tui.__file__).parent / "sample" / "payments-api.md").read_text(encoding="utf-8")

TEXTS_A_TRIAL = 20
LONGEST_READ_S = 20.0  # generous: the machine is busy, and what hangs hangs for good

_SPECIMEN = (Path(__file__).parents[2] / "planfile" / "specimen.md").read_text(encoding="utf-8")
_RUNBOOK = """# How to roll the service back

Some words, and a [link](https://example.org).

1. Stop the queue
   - owner: sam
   ```
   stop <queue>
   ```
2. Roll back
* note one

   * deeper

     1. deepest

Verification
------------
1. Error rate is down
   Expect: `ok`
- [ ] looked at

## Contacts

name | role | email
---|---|---
sam | lead | sam@example.org

<details>
<summary>Old way</summary>

## Rollback plan
Step 1: by hand

</details>
"""
PLANS = (_SPECIMEN, _SAMPLE, _RUNBOOK)
ODD = (
    "\0", "\ufeff", "\u00a0", "\u2028", "\u2029", "\x85", "\x0c", "\x0b", "\x1c", "\t", "\r", "\\", "|", "`", "<!--",
    "-->", "```", "~~~~", "> ", "- ", "* ", "1. ", "#", "    ", "\ud800", "\u200b", "<div>", "***", "---", "===",
)  # fmt: skip
Lines = list[str]


def _place(dice: random.Random, lines: Lines) -> int:
    return dice.randrange(len(lines)) if lines else 0


def _taken_out(dice: random.Random, lines: Lines) -> Lines:
    at = _place(dice, lines)
    return lines[:at] + lines[at + dice.choice((1, 1, 1, 5, 30)) :]


def _doubled(dice: random.Random, lines: Lines) -> Lines:
    at, size = _place(dice, lines), dice.choice((1, 1, 4, 25))
    there = _place(dice, lines)
    return lines[:there] + lines[at : at + size] + lines[there:]


def _swapped(dice: random.Random, lines: Lines) -> Lines:
    one, other = sorted((_place(dice, lines), _place(dice, lines)))
    swapped = list(lines)
    if swapped:
        swapped[one], swapped[other] = swapped[other], swapped[one]
    return swapped


def _cut(dice: random.Random, lines: Lines) -> Lines:
    text = "\n".join(lines)
    at = dice.randrange(len(text) + 1)
    return (text[:at] if dice.random() < 0.7 else text[at:]).split("\n")


def _scrap_put_in(dice: random.Random, lines: Lines) -> Lines:
    at = _place(dice, lines)
    return [*lines[:at], *(dice.choice(SCRAPS) for _ in range(dice.randint(1, 3))), *lines[at:]]


def _odd_put_in(dice: random.Random, lines: Lines) -> Lines:
    at = _place(dice, lines)
    line = lines[at] if lines else ""
    column = dice.choice((0, 0, len(line), dice.randrange(len(line) + 1)))
    return [*lines[:at], line[:column] + dice.choice(ODD) + line[column:], *lines[at + 1 :]]


def _level_changed(dice: random.Random, lines: Lines) -> Lines:
    headings = [at for at, line in enumerate(lines) if line.startswith("#")]
    changed = list(lines)
    if headings:
        at = dice.choice(headings)
        changed[at] = dice.choice(("#" + changed[at], changed[at][1:], f"#### {changed[at].lstrip('# ')}"))
    return changed


def _indented(dice: random.Random, lines: Lines) -> Lines:
    at, size = _place(dice, lines), dice.choice((1, 3, 20))
    before = dice.choice((" ", "  ", "    ", "\t", "> ", "- ", "1. ", "> > "))
    return [*lines[:at], *(before + line for line in lines[at : at + size]), *lines[at + size :]]


def _joined(dice: random.Random, lines: Lines) -> Lines:
    at = _place(dice, lines)
    return [*lines[:at], "".join(lines[at : at + 2]), *lines[at + 2 :]]


def _deep_or_huge(dice: random.Random, lines: Lines) -> Lines:
    deep = ("> " * 300, "- " * 300, "#" * 300, "`" * 3000, "x" * 20_000, "| " * 2000, "* " * 999 + "x", "<!--" * 500)
    at = _place(dice, lines)
    return [*lines[:at], dice.choice(deep), *lines[at:]]


TEARS: Sequence[Callable[[random.Random, Lines], Lines]] = (
    _taken_out, _doubled, _swapped, _cut, _scrap_put_in, _odd_put_in, _level_changed, _indented, _joined,
    _scrap_put_in, _odd_put_in, _indented, _taken_out, _doubled,
)  # fmt: skip


def torn(dice: random.Random) -> str:
    """A plan with one tear or several; now and then with other ends of lines, or something very deep or long."""
    lines = dice.choice(PLANS).split("\n")
    for _ in range(dice.choice((1, 1, 2, 3, 6, 15))):
        lines = dice.choice(TEARS)(dice, lines)
    if dice.random() < 0.02:
        lines = _deep_or_huge(dice, lines)
    end = dice.choice(("\n",) * 8 + ("\r\n", "\r"))
    return end.join(chain(lines))


def violation_of(text: str) -> str | None:
    """What is wrong with how `text` is read and written; None when it means the same, or is refused by its line."""
    began = time.monotonic()
    plan = read_plan(text, "plan.md")
    if (took := time.monotonic() - began) > LONGEST_READ_S:
        return f"reading took {took:.0f} s"
    try:
        written = kept_text(plan)
    except BackoutError as refused:
        return None if ":" in refused.where and refused.todo else f"refused without a line: {refused.what}"
    return _difference(plan, read_plan(written))


def _difference(plan: Plan, again: Plan) -> str | None:
    return None if again == plan else "what was written means something else"


def torn_and_written_again(dice: random.Random, ground: Path) -> str | None:
    """Twenty texts; of one that fails the text lies in the ground."""
    for _ in range(TEXTS_A_TRIAL):
        text = torn(dice)
        if (found := violation_of(text)) is not None:
            (ground / "plan.md").write_bytes(text.encode("utf-8", "surrogatepass"))
            return found
    return None


EXPERIMENTS = [Experiment("plans torn and written again", torn_and_written_again, goal=100_000 // TEXTS_A_TRIAL)]
