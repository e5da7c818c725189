"""One system call of the write path is where the program is killed, or what fails: each call in its turn.

Seeds in a row take one (command, call, fault) after the other, until all were taken.
"""

from __future__ import annotations

import functools
import os
import random
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from backout_tui.cli import command_line
from tests.campaigns.experiment import Experiment, number_of, spread
from tests.campaigns.stage import MARK, SCRIPT, Stage, why_bad_answer
from tests.campaigns.tracing import Call, Done, calls, run, why_no_tracing, with_fault

COMMANDS: dict[str, tuple[str, ...]] = {
    "note": ("do", "1", "note", MARK, "--json"),
    "step": ("do", "1", "step-run", "1", "--yes", "--wait", "--json"),
    "start": ("start", "plan.md", "--deployed-at", "2026-11-22T01:50:00Z", "--json"),
    "problem": ("do", "1", "problem-add", MARK, "--json"),
}
_IN_A_ROW = 8
"""How many seeds take the same command, so that what it does need not be found out for each seed anew."""
_ERRORS = ("ENOSPC", "EIO", "EMFILE", "EINTR")
_WHERE_FROM = re.compile(r"AT_FDCWD<[^>]*>")
_OF_THE_RUN = re.compile(r"[0-9a-f]{16,}|\d+")  # what is another one in each run: ids, descriptors, results
_ROUNDS = 4
_OPENING = ("openat", "mkdir", "memfd_create")


def turn_of(number: int) -> tuple[str, int]:
    """The command that a seed takes, and how many took it before."""
    names, (row, place) = list(COMMANDS), divmod(number, _IN_A_ROW)
    return names[row % len(names)], row // len(names) * _IN_A_ROW + place


def stage_for(name: str, ground: Path) -> Stage:
    """The stage on which the command of that name acts: `start` finds nothing there."""
    return Stage(ground, prepared=name != "start")


def command_of(name: str, stage: Stage) -> list[str]:
    """The command line, on that stage."""
    told = [str(stage.site.folder / word) if word == "plan.md" else word for word in COMMANDS[name]]
    return [SCRIPT, *told]


@functools.cache
def made_by(name: str) -> list[Call]:
    """Every call that the command makes. Where bytecode is kept anew it is run once before, so that all is there."""
    for _ in range(2 if "PYTHONPYCACHEPREFIX" in os.environ else 1):
        ground = Path(tempfile.mkdtemp(prefix="backout-calls-"))
        try:
            stage = stage_for(name, ground / "ground")
            command = command_of(name, stage)
            done, found = calls(command, stage.environment, stage.site.work, ground / "trace")
            assert done.code == 0, done.err
        finally:
            shutil.rmtree(ground, ignore_errors=True)
    return found


@functools.cache
def kills(name: str) -> list[Call]:
    """The calls on our own files, at each of which the program is killed."""
    return _distinct([call for call in made_by(name) if _is_ours(call)])


@functools.cache
def faults(name: str) -> list[tuple[Call, str]]:
    """The calls on our own files, and every other opening once the program itself has begun, each with each error."""
    made = made_by(name)
    begun = next(at for at, call in enumerate(made) if is_opened(module_of(COMMANDS[name][0]), call))
    ours = _distinct([call for call in made if _is_ours(call) and call.name not in ("flock", "fcntl")])
    opened = [call for call in made[begun + 1 :] if call.name == "openat" and call.thread == made[0].thread]
    return [(call, error) for call in ours for error in _ERRORS if error != "EMFILE" or call.name in _OPENING] + [
        (call, error) for call in _distinct(opened) if not _is_ours(call) for error in ("EMFILE", "EIO")
    ]


def module_of(command: str) -> str:
    """The file of ours, without its ending, in which a command stands."""
    return command_line.COMMANDS[command].partition(":")[0].removeprefix("backout_tui.").replace(".", "/")


def is_opened(module: str, call: Call) -> bool:
    """Whether the call opens that module of ours, wherever its bytecode is kept."""
    return f"/{module}." in call.said.replace("__pycache__/", "")


def _is_ours(call: Call) -> bool:
    return "/ground/" in _WHERE_FROM.sub("", call.said)


def _distinct(found: Sequence[Call]) -> list[Call]:
    """One of those that one fault would hit together (the same call of several threads); of a loop the first rounds."""
    rounds: Counter[tuple[str, str]] = Counter()
    kept = {}
    for call in found:
        same = (call.name, _OF_THE_RUN.sub("", call.said))
        rounds[same] += 1
        if rounds[same] <= _ROUNDS:
            kept[call.name, call.nth] = call
    return list(kept.values())


def killed_at_a_call(dice: random.Random, ground: Path) -> str | None:
    """What was acknowledged is there, nothing ran twice, and the next one goes on."""
    name, turn = turn_of(number_of(dice))
    call = kills(name)[spread(turn, len(kills(name)))]
    stage = stage_for(name, ground)
    done = run(command_of(name, stage), stage.environment, stage.site.work, *with_fault(call, "signal=KILL"))
    return _told(name, call, "killed", _why_broken(name, stage, done))


def fails_at_a_call(dice: random.Random, ground: Path) -> str | None:
    """And it says in a sentence that something outside is broken, or goes on as if nothing had been."""
    name, turn = turn_of(number_of(dice))
    call, error = faults(name)[spread(turn, len(faults(name)))]
    stage = stage_for(name, ground)
    done = run(command_of(name, stage), stage.environment, stage.site.work, *with_fault(call, f"error={error}"))
    codes = (0, 1, 2) if name == "step" else (0, 2)  # 1: the command itself met the fault, and failed
    return _told(name, call, error, why_bad_answer(done, codes) or _why_broken(name, stage, done))


def _why_broken(name: str, stage: Stage, done: Done) -> str | None:
    if name != "start":
        return stage.why_broken(done)
    if why := stage.why_not_started(done, command_of(name, stage)):
        return why
    return stage.why_broken(Done(0, "", ""))


def _told(name: str, call: Call, fault: str, why: str | None) -> str | None:
    return why and f"{name}, {fault} at {call.name} no. {call.nth} ({call.said[:90]}): {why}"


EXPERIMENTS = [
    Experiment("killed at each system call", killed_at_a_call, goal=1500, share=2.0, why_not=why_no_tracing),
    Experiment("each system call fails", fails_at_a_call, goal=2500, share=3.0, why_not=why_no_tracing),
]
