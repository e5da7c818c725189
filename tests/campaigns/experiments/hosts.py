"""Hosts, boots and machine-ids that change, locks that are held, free or gone, against a plain referee.

An attempt is claimed on one machine; it goes on, ends, or is killed; its folder stays, or is not there. Somebody looks
from this or another machine, in this or another boot, under this or another name. What the log then says is compared
with what a person who knows all of it would allow.
"""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

from backout_tui.domain.backout.whereabouts import Machine
from backout_tui.domain.values import replace
from backout_tui.engine.settling import computed
from tests.campaigns.experiment import Experiment
from tests.engine.bench import MACHINE, SAM, Begun, Bench, plant

ONE, OTHER = MACHINE.id or "", "07" * 16
_DONE = {"result": "done", "why": "", "exit_code": 0, "expect": []}


def looked_at_from_anywhere(dice: random.Random, ground: Path) -> str | None:
    """What lives is never settled, what is elsewhere never either, and nothing is called done that did not say so."""
    bench = Bench(ground)
    begun, lives, said = _begun(dice, bench)
    on = _machine(dice, begun.intent.boot_id)
    here = replace(on, name=dice.choice((on.name, "www-7")), id=dice.choice((on.id, ONE, OTHER, "")))
    here = replace(here, boot=dice.choice((on.boot, on.boot, "boot 9")))
    gone = dice.random() < 0.3
    # Held open, not locked: else the number of its inode could go to a held lock of the trial beside this one.
    kept = os.open(begun.folder.path / "lock", os.O_RDONLY)
    if gone:
        shutil.rmtree(begun.folder.path)
    found = replace(begun.intent, actor=replace(SAM, host=on.name), boot_id=on.boot)
    found = replace(found, data={**found.data, **({} if on.id is None else {"machine": on.id})})
    try:
        kinds = [draft.kind for draft in computed(bench.database, [found], here=here)]
    finally:
        os.close(kept)
        begun.folder.close()
        if lives:
            os.close(begun.lock)
    allowed = _allowed(on, here, lives=lives, gone=gone, said=said)
    words = f"{kinds or 'nothing'} of {on} seen from {here}: lives {lives}, gone {gone}, said {said!r}"
    return None if (kinds[0] if kinds else "") in allowed else f"{words}; allowed {sorted(allowed)}"


def _begun(dice: random.Random, bench: Bench) -> tuple[Begun, bool, str]:
    """An attempt that was claimed, whether somebody holds its lock, and how far it came: "", started, outcome."""
    begun, said = bench.begin(), dice.choice(("", "started", "outcome"))
    if said:
        plant(begun.folder.path / "started.json", {"pid": 1, "boot_id": "boot 0"})
    if said == "outcome":
        plant(begun.folder.path / "outcome.json", _DONE)
    if not (lives := dice.random() < 0.4):
        os.close(begun.lock)
    return begun, lives, said


def _machine(dice: random.Random, boot: str) -> Machine:
    return Machine("web-7", dice.choice((ONE, OTHER, "", None)), dice.choice((boot, "boot 1")))


def _allowed(on: Machine, here: Machine, *, lives: bool, gone: bool, said: str) -> set[str]:
    """In plain words: what may be said at most. "" is: nothing yet."""
    if lives and not gone:
        return {""}  # its lock is here, and held
    if not gone:
        return {{"": "StepNotStarted", "started": "StepInDoubt", "outcome": "StepFinished"}[said]}
    if on.boot == here.boot and lives:
        return {""} if _may_be_this(on, here) else {"", "StepInDoubt"}
    if on.id and here.id and on.id != here.id:
        return {""}  # another machine: it goes on there, for all that anybody knows
    return {"StepInDoubt"} if _may_be_this(on, here) else {"", "StepInDoubt"}


def _may_be_this(on: Machine, here: Machine) -> bool:
    """Whether somebody would say at once that it is this very machine."""
    named = on.name == here.name
    if on.id is None:
        return named
    return bool(on.id) and on.id == here.id and (named or on.boot == here.boot)


EXPERIMENTS = [Experiment("hosts, boots and machine-ids that change", looked_at_from_anywhere, goal=20_000)]
