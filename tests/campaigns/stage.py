"""Where a trial acts: a prepared backout on its ground, the real program, and whether every promise held afterwards."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from backout_tui.engine.attempts.liveness import is_live
from backout_tui.engine.attempts.spool import AttemptFolder
from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import note_verbs
from backout_tui.store.file.place import NoDatabase, spool_root
from backout_tui.store.log.reading import Reader
from backout_tui.store.log.verify import first_fault, verify_log
from tests.campaigns.tracing import Done, run
from tests.journeys import plans
from tests.journeys.site import Site

SCRIPT = str(Path(sys.executable).with_name("backout-tui"))
PLAN = plans.of_steps(
    plans.step(1, "Say one", "echo 1 >> ran"), plans.step(2, "Say two", "echo 2 >> ran", "- waits for: nothing\n")
)
MARK = "a-word-that-only-this-trial-writes"
LOG = "backout:1"
_QUIET_S = 60.0
_OF_HASHLIB = re.compile(
    r"^ERROR:root:code for hash (\w+) was not found\.\n"
    r"Traceback \(most recent call last\):\n(?:(?!ERROR:root:).*\n)*?ValueError: unsupported hash type \1$",
    re.MULTILINE,
)
"""What Python's own hashlib logs, and goes on, when a hash that we never ask for cannot be loaded."""
_ALLOWED = {"pending": {0}, "failed": {0, 1}, "in_doubt": {0, 1}, "done": {1}, "running": set[int]()}
"""How often a step's command may have run, by what the log says of it once nothing lives any more."""


class Stage:
    """A backout with two steps, decided; what a trial does to it is judged by `why_broken`."""

    def __init__(self, ground: Path, plan: str = PLAN, *, prepared: bool = True) -> None:
        self.site = Site(ground)
        if prepared:
            self.site.prepared(plan)
        else:
            (ground / "plan.md").write_text(plan, encoding="utf-8")
        self.before = self.records()

    @property
    def environment(self) -> dict[str, str]:
        """What the program is told; the order of its sets is the same each time, so that its calls are too."""
        return {**os.environ, **self.site.environ(), "PYTHONHASHSEED": "0"}

    def records(self, log: str = LOG) -> list[dict[str, object]]:
        """The log's records; none when there is no database, or one whose founding was cut off."""
        try:
            with Reader.open(self.site.database) as reader:
                return [json.loads(record) for _seq, record, _hash in reader.records(log)]
        except NoDatabase:
            return []

    def attempts(self) -> list[Path]:
        """The folders of the attempts that are there."""
        root = spool_root(self.site.database)
        return list(root.iterdir()) if root.exists() else []

    def why_broken(self, done: Done) -> str | None:
        """Which promise the program broke: it ended with `done`, whatever happened to it meanwhile."""
        if why := self._why_not_quiet():
            return why
        with self.site.operator() as op:
            if why := self.why_step_lies(Counter(self.site.lines()), op):
                return why
            note_verbs.add(op, "the next one goes on")
        return self._why_log_lies(done) or self.why_not_sound()

    def why_not_started(self, done: Done, command: Sequence[str]) -> str | None:
        """Why a `start` that ended with `done` was a lie, or the same `command` does not start it now."""
        if done.code == 0 and not self.records():
            return "it said that it was started, and there is nothing"
        if self.records():
            return None
        again = run(command, self.environment, self.site.work)
        return why_bad_answer(again, [0])

    def _why_not_quiet(self) -> str | None:
        until = time.monotonic() + _QUIET_S
        while any(_lives(path) for path in self.attempts()):
            if time.monotonic() > until:
                return "an attempt lives on"
            time.sleep(0.01)
        return None

    def why_step_lies(self, ran: Mapping[str, int], op: Operator | None = None) -> str | None:
        """Why the log does not say how often each command `ran`; None when it does, or says that nobody knows."""
        if op is None:
            with self.site.operator() as opened:
                return self.why_step_lies(ran, opened)
        for number, step in op.refresh().steps.items():
            if ran.get(number, 0) not in _ALLOWED.get(step.state.value, {0, 1}):
                return f"step {number} is {step.state.value}, and its command ran {ran.get(number, 0)} times"
        return None

    def why_not_sound(self) -> str | None:
        """What is wrong with the log, or with the file that it lies in."""
        found = verify_log(self.site.database, LOG)
        fault = "" if found.ok else str(found.findings)
        fault = fault or first_fault(self.site.database) or ""
        return f"the log is not sound: {fault}" if fault else None

    def _why_log_lies(self, done: Done) -> str | None:
        after = self.records()
        if after[: len(self.before)] != self.before:
            return "events that were there before are not there any more"
        new = after[len(self.before) :]
        if (said := acknowledged(done)) is not None and said not in [(one["seq"], one["kind"]) for one in new]:
            return f"acknowledged and not in the log: {said}"
        if "nothing was recorded" in done.err and any(MARK in json.dumps(one) for one in new):
            return f"recorded, and it said: {done.err.strip()}"
        return None


def _lives(path: Path) -> bool:
    attempt = AttemptFolder.at(path)
    try:
        return is_live(attempt)
    finally:
        attempt.close()


def acknowledged(done: Done) -> tuple[int, str] | None:
    """The event that the program printed as recorded."""
    try:
        event = json.loads(done.out)["event"]
    except (ValueError, KeyError, TypeError):
        return None
    return (event["seq"], event["kind"]) if event else None


def why_bad_answer(done: Done, codes: Sequence[int]) -> str | None:
    """Why the end of a program is no answer: another exit than one of `codes`, or a failure without a sentence."""
    if done.code not in codes:
        return f"exit {done.code}: {_short(done.err or done.out)}"
    if done.code and not done.err.strip() and not done.out.strip():
        return f"exit {done.code} without a word"
    if "Traceback" in _OF_HASHLIB.sub("", done.err):
        return f"exit {done.code} with a traceback: {_short(done.err)}"
    return None


def _short(text: str) -> str:
    return " / ".join(text.strip().splitlines()[-3:])[-300:]
