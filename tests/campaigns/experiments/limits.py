"""The program within limits of memory, open files, file size and processes: it works, or says what is scarce."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

from tests.campaigns.experiment import Experiment
from tests.campaigns.stage import MARK, SCRIPT, Stage, why_bad_answer
from tests.campaigns.tracing import Done, run, why_no_tracing

COMMANDS = (
    ("do", "1", "note", MARK, "--json"),
    ("do", "1", "problem-add", MARK, "--json"),
    ("do", "1", "step-run", "1", "--yes", "--wait", "--json"),
    ("show", "1"),
    ("log", "1"),
    ("verify", "1"),
    ("list",),
)
LIMITS = {
    "memory": ("--as", 36_000_000, 90_000_000),
    "open files": ("--nofile", 3, 14),
    "size of a file": ("--fsize", 0, 300_000),
}
"""The option of prlimit, and between what the dice choose: from where Python cannot begin to where all fits."""


def within_a_limit(dice: random.Random, ground: Path) -> str | None:
    """What was acknowledged is there, and nothing is half a record; the exit is never 70."""
    stage, command, limit = Stage(ground), dice.choice(COMMANDS), dice.choice(list(LIMITS))
    option, least, most = LIMITS[limit]
    given = dice.randint(least, most)
    done = run(["prlimit", f"{option}={given}", SCRIPT, *command], stage.environment, stage.site.work)
    codes = (0, 1, 2) if "step-run" in command else (0, 2)  # 1: what the step runs met the limit, and failed
    why = (None if _never_began(done) else why_bad_answer(done, codes)) or stage.why_broken(done)
    return why and f"{limit} {given}, {' '.join(command[:3])}: {why}"


def _never_began(done: Done) -> bool:
    """Whether the interpreter gave up before it was the program's turn: then nothing may have been done."""
    return done.code not in (0, 70) and not done.err.startswith("backout-tui: ") and not done.out


def without_another_process(dice: random.Random, ground: Path) -> str | None:
    """No new process or thread from the n-th on, as at the limit of processes: which does not hold for root."""
    stage, command, nth = Stage(ground), dice.choice(COMMANDS[:4]), dice.randint(1, 4)
    births = "clone,clone3,fork,vfork"
    options = ("-o", "/dev/null", "-e", f"trace={births}", "-e", f"inject={births}:error=EAGAIN:when={nth}+")
    done = run([SCRIPT, *command], stage.environment, stage.site.work, *options)
    why = why_bad_answer(done, (0, 1, 2) if "step-run" in command else (0, 2)) or stage.why_broken(done)
    return why and f"no process from no. {nth} on, {' '.join(command[:3])}: {why}"


def why_no_limits() -> str | None:
    """Why nothing can be limited here; None when it can."""
    return None if shutil.which("prlimit") else "prlimit is not installed"


EXPERIMENTS = [
    Experiment("limits of memory, files and sizes", within_a_limit, 800, 0.7, why_no_limits),
    Experiment("no more processes", without_another_process, 200, 0.3, why_no_tracing),
]
