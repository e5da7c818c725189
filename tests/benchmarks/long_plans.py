"""Plans that are longer than anybody writes: what it costs to read and to judge one."""

from __future__ import annotations

import resource
from pathlib import Path

from tests.benchmarks.figures import Figure, Sample
from tests.benchmarks.lab import Lab

_RUNS = 3
_HEAD = """# Backout plan: shards 4.12.0

- release: shards 4.12.0
- returns to: 4.11.3
- environment: production
- authoriser: release manager

## Steps
"""
_CONTACTS = """
## Communication

### Started
- to: stakeholders
- by: email

> We are backing out {release}.

## Contacts

| name | role | groups | zone | quiet | reach |
|---|---|---|---|---|---|
| release manager | authoriser | stakeholders | Europe/London | | email:rm@example.org |
"""


def plans(lab: Lab) -> list[Figure]:
    """`plan show` and `plan check` of a plan of very many steps, each with a command, and of one with many contacts."""
    steps, contacts = lab.sizes.plan_steps, lab.sizes.contacts
    long, wide = lab.folder / "steps.md", lab.folder / "contacts.md"
    long.write_text(_HEAD + "".join(map(_step, range(1, steps + 1))) + _CONTACTS, encoding="utf-8")
    wide.write_text(_HEAD + _step(1) + _CONTACTS + "".join(map(_contact, range(contacts))), encoding="utf-8")
    return [
        _figure(lab, f"plan show of {steps} steps", 2.0, "show", long),
        _figure(lab, f"plan check of {steps} steps", 4.0, "check", long),
        _figure(lab, f"plan check of {contacts} contacts", 4.0, "check", wide),
    ]


def _step(number: int) -> str:
    return f"### {number}. Step {number}\n```sh\nmv shard {number}\n```\n"


def _contact(number: int) -> str:
    return f"|p{number}|dev|g{number % 50}|||\n"


def _figure(lab: Lab, name: str, aim: float, verb: str, plan: Path) -> Figure:
    """The processor time, that of the shells included: on a quiet machine nobody waits for longer."""
    runs = 1 if lab.sizes.runs == 1 else _RUNS
    sample = Sample([_took(lab, lab.ours(lab.folder / "none.sqlite", "plan", verb, str(plan))) for _ in range(runs)])
    return Figure(name, sample.median, "s", aim, spread=sample.spread)


def _took(lab: Lab, command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    lab.run(command, codes=(0, 1))  # a check that finds something ends with 1
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
