"""Carries out one attempt: runs its command or delivers its message, and describes how that ended for the outcome."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from typing import Any

from backout_tui.domain.backout.capturing import last_line, why_no_value
from backout_tui.domain.backout.repeating import Until
from backout_tui.domain.codec import rfc3339
from backout_tui.domain.shell.handed_on import handed_on
from backout_tui.engine.attempts import command_run
from backout_tui.engine.attempts.durable import reason
from backout_tui.engine.attempts.exits import why_ended
from backout_tui.engine.attempts.patience import note
from backout_tui.engine.attempts.processes import start_ticks
from backout_tui.engine.attempts.script import Script
from backout_tui.engine.attempts.spool import AttemptFolder, KeptOutput
from backout_tui.engine.attempts.stopping import Wishes
from backout_tui.engine.attempts.tries import Tried, Tries
from backout_tui.engine.printed.expect import Expectation, judge, read_expectation
from backout_tui.engine.printed.masking import MASK, masked, masked_all
from backout_tui.engine.printed.output import Output
from backout_tui.store.clock import SystemClock

# How a fenced script is run as a file, without and with `keep going: yes`.
_INTERPRETERS = {
    "sh": (("sh", "-e"), ("sh",)),
    "bash": (("bash", "-eo", "pipefail"), ("bash",)),
}


class Execution:
    """An attempt, in the process that carries it out. It takes over that process's signal handlers."""

    def __init__(
        self,
        attempt: AttemptFolder,
        request: Mapping[str, Any],
        secrets: Mapping[str, str],
        *,
        at: Callable[[str], None],
        grace_s: float,
    ) -> None:
        """From now on TERM and INT stop the command; a terminal that hangs up changes nothing."""
        self._attempt, self._request, self._secrets = attempt, request, secrets
        self._at, self._grace_s = at, grace_s
        self._adopting, self._wishes = command_run.adopt_orphans(), Wishes(attempt, request)
        self._output: Output | None = None
        self._expected: list[Expectation] = []
        self.signal = ""  # the name of a signal that asked us to end
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._take_signal)
        signal.signal(signal.SIGHUP, lambda *_: None)  # not SIG_IGN, which the command would inherit
        self._umask = os.umask(0o077)  # ours is for our own files; the command gets the operator's

    def carry_out(self) -> dict[str, Any]:
        """Run or deliver, once; returns the outcome, not written yet, without a `result` when that is not known."""
        clock, begun = SystemClock(), SystemClock().mono_ns()
        started_at = rfc3339(clock.now())
        outcome = self._deliver() if self._request["kind"] == "message" else self._run()
        duration_ms = (clock.mono_ns() - begun) // 1_000_000
        return outcome | {"started_at": started_at, "ended_at": rfc3339(clock.now()), "duration_ms": duration_ms}

    def keep(self, outcome: Mapping[str, Any]) -> None:
        """Write the output as far as the disk takes it, then the outcome, durably. Raises OSError."""
        if self._output is not None and not self._output.write_all():
            note(self._output.trouble)  # the log still gets all of it from memory
        self._attempt.folder.fill_json("outcome.json", outcome)

    @property
    def kept(self) -> KeptOutput | None:
        """The output in memory, even if the disk refused it; None when there was no command."""
        return None if self._output is None else self._output.kept

    def _take_signal(self, number: int, _frame: object) -> None:
        self.signal = signal.Signals(number).name.removeprefix("SIG")

    def _stop(self) -> command_run.StopAsked | None:
        if self.signal:
            return command_run.StopAsked(f"stopped by signal {self.signal}", f"signal {self.signal}")
        if (by := self._wishes.stop_asked_by()) is None:
            return None
        return command_run.StopAsked(f"stopped by {by}", by)

    def _run(self) -> dict[str, Any]:
        self._expected = [read_expectation(written) for written in self._request.get("expects", ())]
        literals = [one.text for one in self._expected if not one.is_pattern]
        self._output = output = Output(
            self._attempt.folder,
            self._secrets.values(),
            literals,
            is_searched=any(one.is_pattern for one in self._expected),
        )
        try:
            if (asked := self._request.get("until")) is None:
                return self._outcome(self._once(output), {})
            until = Until(asked["every_s"], asked["at_most_s"])
            tries = Tries(until, output, run=partial(self._once, output), stop=self._stop, now=SystemClock().now)
            return self._outcome(tries.to_the_end(), {"tries": tries.count})
        except command_run.CannotStart as problem:
            why = masked(str(problem), self._secrets.values())
            met = judge(self._expected, set(), KeptOutput())
            return self._outcome(Tried(command_run.Ended(), met, why), {}, inconclusive=True)

    def _once(self, output: Output, at_most_ms: int | None = None) -> Tried:
        """Run the command and check its output. Raises CannotStart."""
        ended = self._to_the_end(output, at_most_ms)
        met = judge(self._expected, output.found, output.kept_of_try, output.middle_of_try)
        not_met = [] if ended.stopped is not None else [one.why for one in met]
        pipefail = "pipefail" in self._interpreter
        return Tried(ended, met, _joined([why_ended(ended, self._request["script"], pipefail=pipefail), *not_met]))

    def _to_the_end(self, output: Output, at_most_ms: int | None) -> command_run.Ended:
        if (stop := self._stop()) is not None:
            return command_run.Ended(stopped=stop)
        command = self._command
        self._script.ready()
        process = command_run.start(command)
        self._at("after exec")
        self._name_process(process.pid)
        limits = [limit for limit in (self._request.get("timeout_ms"), at_most_ms) if limit is not None]
        timeout_ms = min(limits, default=None)
        watch = command_run.Watch(
            process, output, stop=self._stop, timeout_ms=timeout_ms, grace_s=self._grace_s, adopting=self._adopting
        )
        return watch.to_the_end()

    @cached_property
    def _command(self) -> command_run.Command:
        """The command to run, the same at every try. Raises CannotStart."""
        words, descriptors = (*self._interpreter, self._script.path), (self._script.descriptor,)
        where = self._request["cwd"]
        return command_run.Command(words, where, self._environment(), descriptors=descriptors, umask=self._umask)

    @property
    def _interpreter(self) -> tuple[str, ...]:
        """The shell and its options. Raises CannotStart."""
        interpreter = _INTERPRETERS.get(self._request.get("language") or "sh")
        if interpreter is None:
            raise command_run.CannotStart(f"commands in {self._request['language']} are shown, never run")
        return interpreter[bool(self._request.get("keep_going"))]

    @cached_property
    def _script(self) -> Script:
        return Script.of(self._request["script"], self._attempt.folder)

    def _environment(self) -> dict[str, str]:
        return handed_on(os.environ) | dict(self._request.get("variables", {})) | dict(self._secrets)

    def _name_process(self, pid: int) -> None:
        try:
            self._attempt.folder.write_json("process.json", {"pid": pid, "start_ticks": start_ticks(pid)})
        except OSError as error:  # the command goes on: only a settler after a crash would need the file
            note(f"process.json could not be written: {reason(error)}")

    def _outcome(self, tried: Tried, more: Mapping[str, Any], *, inconclusive: bool = False) -> dict[str, Any]:
        assert self._output is not None
        ended = tried.ended
        inconclusive = inconclusive or ended.stopped is not None
        captured, no_value = self._captured(self._output) if not tried.why else ({}, "")
        why = _joined([tried.why, no_value])
        return {
            "result": "failed" if why else "done",
            "why": why,
            "exit_code": ended.exit_code,
            "signal": ended.signal,
            "stopped_by": ended.stopped.by if ended.stopped else None,
            "expect": [one.record() for one in tried.met],
            "bytes": self._output.total,
            "dropped": self._output.kept.dropped,
            **more,
            **captured,
            **({"inconclusive": True} if inconclusive and self._request["kind"] in ("check", "probe") else {}),
        }

    def _captured(self, output: Output) -> tuple[dict[str, Any], str]:
        """The last line as the variable that the plan captures, or else why it cannot be one."""
        name = self._request.get("capture")
        if not name:
            return {}, ""
        value = last_line(output.kept_of_try.whole.decode("utf-8", "replace"))
        if why := why_no_value(name, value, masked=bool(self._secrets) and MASK in value):
            return {}, why
        return {"captured": {"name": name, "value": value}}, ""

    def _deliver(self) -> dict[str, Any]:
        from backout_tui.engine.channels import email

        try:
            outcome = dict(email.deliver(dict(self._request), dict(self._secrets)))
        except Exception:  # noqa: BLE001 - whatever happened, people may have been told: in doubt, and never sent again
            note(masked(traceback.format_exc(), self._secrets.values()))
            return {"why": "sending broke off unexpectedly: who was told is not known"}
        return masked_all({"why": ""} | outcome, self._secrets.values())


def _joined(reasons: Sequence[str]) -> str:
    return "; ".join(word for word in reasons if word)
