"""One attempt carried out: its command run or its message delivered, and how that ended, as the outcome's data."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from backout_tui.domain.codec import rfc3339
from backout_tui.engine import running
from backout_tui.engine.durable import open_private, reason, write_json
from backout_tui.engine.expect import Expectation, judge, read_expectation
from backout_tui.engine.masking import masked
from backout_tui.engine.output import Output
from backout_tui.engine.patience import note
from backout_tui.engine.spool import AttemptFolder, start_ticks
from backout_tui.store.clock import SystemClock

# How a fence is run as a script file, and how with `keep going: yes`.
_INTERPRETERS = {
    "sh": (("sh", "-e"), ("sh",)),
    "bash": (("bash", "-eo", "pipefail"), ("bash",)),
}


class Execution:
    """An attempt in the hands of the process that carries it out. It takes that process's signals."""

    def __init__(
        self,
        attempt: AttemptFolder,
        request: Mapping[str, Any],
        secrets: Mapping[str, str],
        *,
        at: Callable[[str], None],
        grace_s: float,
    ) -> None:
        """TERM and INT stop the command from now on; a terminal that hangs up changes nothing."""
        self._attempt, self._request, self._secrets = attempt, request, secrets
        self._at, self._grace_s = at, grace_s
        self._adopting = running.adopt_orphans()
        self._output: Output | None = None
        self.signal = ""  # the name of an ending signal that has come
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._take_signal)
        signal.signal(signal.SIGHUP, lambda *_: None)  # not SIG_IGN, which the command would inherit
        os.umask(0o077)

    def carry_out(self) -> dict[str, Any]:
        """Run or deliver, once; the outcome, which nobody has written yet, without a `result` when it is not known."""
        clock, begun = SystemClock(), SystemClock().mono_ns()
        started_at = rfc3339(clock.now())
        outcome = self._deliver() if self._request["kind"] == "message" else self._run()
        duration_ms = (clock.mono_ns() - begun) // 1_000_000
        return outcome | {"started_at": started_at, "ended_at": rfc3339(clock.now()), "duration_ms": duration_ms}

    def keep(self, outcome: Mapping[str, Any]) -> None:
        """Write the output as far as the disk takes it, and then the outcome, durably. Raises OSError."""
        if self._output is not None and not self._output.write_all():
            outcome = {**outcome, "why": _joined([outcome["why"], self._output.trouble])}
        write_json(self._attempt.path / "outcome.json", outcome)

    def _take_signal(self, number: int, _frame: object) -> None:
        self.signal = signal.Signals(number).name.removeprefix("SIG")

    def _stop(self) -> running.StopAsked | None:
        if self.signal:
            return running.StopAsked(f"stopped by signal {self.signal}", f"signal {self.signal}")
        if (asked := self._attempt.stop_asked()) is None:
            return None
        by = str(asked.get("by") or "somebody")
        return running.StopAsked(f"stopped by {by}", by)

    def _run(self) -> dict[str, Any]:
        expected = [read_expectation(written) for written in self._request.get("expects", ())]
        literals = [one.text for one in expected if not one.is_pattern]
        self._output = Output(self._attempt.path, self._secrets.values(), literals)
        try:
            ended = self._to_the_end(self._output)
        except running.CannotStart as problem:
            why = masked(str(problem), self._secrets.values())
            return self._outcome(running.Ended(), [why], expected, inconclusive=True)
        return self._outcome(ended, [ended.why], expected, inconclusive=ended.stopped is not None)

    def _to_the_end(self, output: Output) -> running.Ended:
        if (stop := self._stop()) is not None:
            return running.Ended(stopped=stop)
        process = running.start(self._command())
        self._at("after exec")
        self._name_process(process.pid)
        timeout_ms = self._request.get("timeout_ms")
        watch = running.Watch(
            process, output, stop=self._stop, timeout_ms=timeout_ms, grace_s=self._grace_s, adopting=self._adopting
        )
        return watch.to_the_end()

    def _command(self) -> running.Command:
        script = self._attempt.path / "script"
        interpreter = _INTERPRETERS.get(self._request.get("language") or "sh")
        if interpreter is None:
            raise running.CannotStart(f"commands in {self._request['language']} are shown, never run")
        try:
            with os.fdopen(open_private(script, os.O_CREAT | os.O_EXCL | os.O_WRONLY), "w", encoding="utf-8") as file:
                file.write(self._request["script"])
        except (OSError, UnicodeError) as error:
            words = reason(error) if isinstance(error, OSError) else "it is not text"
            raise running.CannotStart(f"its script cannot be written: {words}") from error
        words_of = interpreter[bool(self._request.get("keep_going"))]
        return running.Command((*words_of, str(script)), self._request["cwd"], self._environment())

    def _environment(self) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith("BACKOUT_")}
        return own | dict(self._request.get("variables", {})) | dict(self._secrets)

    def _name_process(self, pid: int) -> None:
        try:
            write_json(self._attempt.path / "process.json", {"pid": pid, "start_ticks": start_ticks(pid)})
        except OSError as error:  # the command runs on: nobody but a settler after a crash misses it
            note(f"process.json could not be written: {reason(error)}")

    def _outcome(
        self, ended: running.Ended, reasons: list[str], expected: Sequence[Expectation], *, inconclusive: bool
    ) -> dict[str, Any]:
        assert self._output is not None
        met = judge(expected, self._output.found, self._output.kept)
        if not inconclusive:
            reasons += [one.why for one in met]
        why = _joined(reasons)
        return {
            "result": "failed" if why else "done",
            "why": why,
            "exit_code": ended.exit_code,
            "signal": ended.signal,
            "stopped_by": ended.stopped.by if ended.stopped else None,
            "expect": [one.record() for one in met],
            "bytes": self._output.total,
            "dropped": self._output.kept.dropped,
            **({"inconclusive": True} if inconclusive and self._request["kind"] in ("check", "probe") else {}),
        }

    def _deliver(self) -> dict[str, Any]:
        from backout_tui.engine.channels import email

        try:
            outcome = dict(email.deliver(dict(self._request), dict(self._secrets)))
        except Exception:  # noqa: BLE001 - whatever it was, people may have been told: in doubt, and never sent again
            note(masked(traceback.format_exc(), self._secrets.values()))
            return {"why": "sending broke off unexpectedly: who was told is not known"}
        return {"why": ""} | outcome


def _joined(reasons: Sequence[str]) -> str:
    return "; ".join(word for word in reasons if word)
