"""Repeats a command inside one attempt until it succeeds or its time is over.

Nothing of it outlives its supervisor: after a crash the attempt is in doubt, and it is never resumed automatically.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from backout_tui.domain.backout.repeating import Until
from backout_tui.domain.spans import in_words
from backout_tui.engine.attempts.command_run import TICK_S, Ended, StopAsked
from backout_tui.engine.printed.expect import Met


class Output(Protocol):
    """The part of an output that a repeated command needs."""

    def begin_try(self, heading: str) -> None:
        """Start another try, below a heading line."""

    def tick(self) -> None:
        """Write what is due."""


class Tried(Struct, frozen=True):
    """How one run of a command ended, and which expectations its output met; `why` it doesn't count, "" when it does.

    For several tries it describes the last one.
    """

    ended: Ended
    met: Sequence[Met]
    why: str


class Tries:
    """The tries of one attempt, one after the other."""

    def __init__(
        self,
        until: Until,
        output: Output,
        *,
        run: Callable[[int], Tried],
        stop: Callable[[], StopAsked | None],
        now: Callable[[], datetime],
    ) -> None:
        """`run` runs the command once, for at most the given milliseconds; `stop` is called while nothing runs."""
        self._until, self._output = until, output
        self._run, self._stop, self._now = run, stop, now
        self.count = 0

    def to_the_end(self) -> Tried:
        """Try until it succeeds, has to stop, or the next try would start after the limit.

        A try that is running at the limit gets one more interval, and is then stopped.
        """
        begun = time.monotonic()
        last = begun + self._until.at_most_s
        due = begun
        while True:
            tried = self._try_once(last)
            if not tried.why or self._is_final(tried.ended):
                return tried
            due = max(due + self._until.every_s, time.monotonic())
            if due > last:
                return Tried(tried.ended, tried.met, self._given_up(tried.why))
            if (stop := self._wait_until(due)) is not None:
                return Tried(Ended(stopped=stop), tried.met, stop.why)

    def _try_once(self, last: float) -> Tried:
        self.count += 1
        self._output.begin_try(f"── try {self.count} at {self._now():%H:%M:%S} UTC ──")
        left_s = last - time.monotonic() + self._until.every_s
        return self._run(round(left_s * 10) * 100)  # in tenths of a second, because people read it

    def _is_final(self, ended: Ended) -> bool:
        """Whether somebody stopped it, or some process would not end; a try that ran out of time has only failed."""
        return bool(ended.left) or (ended.stopped is not None and not ended.stopped.out_of_time)

    def _wait_until(self, due: float) -> StopAsked | None:
        while (left_s := due - time.monotonic()) > 0:
            if (stop := self._stop()) is not None:
                return stop
            self._output.tick()
            time.sleep(min(TICK_S, left_s))
        return self._stop()

    def _given_up(self, why: str) -> str:
        tries = f"{self.count} {'try' if self.count == 1 else 'tries'}"
        return f"not true within {in_words(self._until.at_most_s)}, {tries}; the last: {why}"
