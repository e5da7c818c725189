"""The detached process of one command or message: it carries it out, records its outcome, and ends.

`beginning.spawn_supervisor` starts it as `python -m` this module with `PATH FOLDER LOCK`. The latter two are
descriptors; the path is only a name, and is never opened. The terminal, the dashboard and the SSH session may all end:
this process stays. contract.md sections 2 and 3.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import json
import math
import os
import sys
import threading
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backout_tui.domain.backout.events import Event
from backout_tui.domain.backout.fold import number_of
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.codec import rfc3339
from backout_tui.domain.values import replace
from backout_tui.engine import settling
from backout_tui.engine.attempts import command_run
from backout_tui.engine.attempts.beginning import remove
from backout_tui.engine.attempts.durable import json_bytes, json_object, reason
from backout_tui.engine.attempts.execution import Execution
from backout_tui.engine.attempts.folder import Folder
from backout_tui.engine.attempts.liveness import is_live, share_lock
from backout_tui.engine.attempts.patience import note, patiently
from backout_tui.engine.attempts.processes import pid_namespace, start_ticks
from backout_tui.engine.attempts.spool import AttemptFolder
from backout_tui.engine.printed.masking import masked
from backout_tui.errors import EXIT_BUG, EXIT_DONE, EXIT_OUTSIDE, BackoutError, Refused
from backout_tui.store.clock import SystemClock

if TYPE_CHECKING:
    from backout_tui.store.log.reading import Reader

PATIENCE_S = math.inf  # for a full disk or a locked database: until it gives way, or we are told to end
_ROOM = 16 * 1024  # bytes reserved for the outcome from the start, besides the part that the request determines

Record = Callable[[AttemptFolder, Mapping[str, Any], Mapping[str, Any]], object]


class NotBegun(Exception):  # noqa: N818 - a plain outcome of trying
    """Nothing was run or sent; the message says why."""


def nothing(point: str) -> None:
    """Called at the named points between lock and outcome; tests replace it."""


def record_in_log(attempt: AttemptFolder, request: Mapping[str, Any], known: Mapping[str, Any]) -> None:
    """Append the outcome of `attempt` to the log with its intent; `known` is as in `settling.outcome_of`.

    Raises BackoutError when the log cannot be written, or does not hold the intent. Raises Refused when another
    database is at the path: the outcome does not belong there.
    """
    from backout_tui.store.log.journal import Journal
    from backout_tui.store.log.reading import Reader

    database = Path(request["database"])
    with contextlib.closing(Reader.open(database)) as reader:
        if reader.is_copy or reader.id != request.get("database_id", reader.id):
            raise Refused("the database was replaced by another since this was begun, so its outcome is left here")
        later = reader.events_after(request["log"], request.get("after", 0))
        intent = next((event for event in later if event.event_id == attempt.id), None)
        backout = _as_the_log_says(reader, request["log"], intent) if intent is not None else None
    if intent is None:
        raise Refused(f"the log {request['log']} does not hold the intent {attempt.id}, so its outcome is left here")
    with contextlib.closing(Journal.open(database, clock=SystemClock(), tool=intent.tool)) as journal:
        settling.record(attempt, intent, journal, known=known, backout=backout)


def _as_the_log_says(reader: Reader, log_id: str, intent: Event) -> Backout | None:
    """The backout of the intent, read before the log is locked; None if it is damaged: the outcome still counts."""
    from backout_tui.engine.opening import recorded_in

    try:
        return recorded_in(reader, intent.tool, number_of(log_id))
    except BackoutError:
        return None


def supervise(
    attempt: AttemptFolder,
    secrets: Mapping[str, str] | None,
    *,
    at: Callable[[str], None] = nothing,
    record: Record = record_in_log,
    grace_s: float = command_run.GRACE_S,
    patience_s: float = PATIENCE_S,
) -> None:
    """Run or send what `attempt` asks for, once, and record how it ended. It needs a process of its own for signals.

    `secrets` is None when they did not arrive: then nothing is begun. `at` is called at each point where a crash makes
    a difference: before started, after started, after exec, after exit, after outcome, after append. Raises
    BackoutError when the folder must not be begun now; then nothing was touched.
    """
    request = _request_of(attempt)
    _hold_lock(attempt)
    execution = Execution(attempt, request, secrets or {}, at=at, grace_s=grace_s)
    known: Mapping[str, Any] = {}
    try:
        at("before started")
        _begin(attempt, request, secrets)
        at("after started")
    except NotBegun as problem:
        known = {"why": str(problem)}
    else:
        known = execution.carry_out()
        at("after exit")
    execution.signal = ""  # earlier signals have been obeyed; a new one ends the wait below

    def give_up() -> bool:
        # If the database was removed there is nothing to wait for: the demo's folder is removed with its dashboard.
        return bool(execution.signal) or not Path(request["database"]).exists()

    if "result" in known and patiently(lambda: execution.keep(known), patience_s, give_up=give_up):
        at("after outcome")
    remembered = replace(attempt, remembered=execution.kept)  # a full disk may not have taken all of the output
    if _recorded(lambda: patiently(lambda: record(remembered, request, known), patience_s, give_up=give_up)):
        at("after append")
        remove(attempt)


def _recorded(record: Callable[[], bool]) -> bool:
    try:
        return record()
    except Refused as refused:
        note(refused.reason)
        return False


def _request_of(attempt: AttemptFolder) -> dict[str, Any]:
    """The request, if it may be begun: it is the claimed one, and no supervisor has started it before."""
    try:
        text = attempt.request_bytes()
    except OSError as error:
        raise BackoutError(f"there is no request to supervise: {reason(error)}", where=str(attempt.path)) from error
    request = json_object(text)
    if request is None or hashlib.sha256(text).hexdigest() != attempt.request_sha256:
        raise BackoutError("this request is not the one that was claimed, so nothing is begun", where=str(attempt.path))
    if not is_live(attempt):
        raise BackoutError("nobody holds this attempt's lock, so nothing is begun", where=str(attempt.path))
    if attempt.began:
        raise _begun_before(attempt)
    return request


def _hold_lock(attempt: AttemptFolder) -> None:
    """Hold the lock in this process's own name too, until the process ends: that lets the kernel say who is alive."""
    try:
        share_lock(attempt)
    except OSError as error:
        message = f"this attempt's lock cannot be held ({reason(error)}), so nothing is begun"
        raise BackoutError(message, where=str(attempt.path)) from error


def _begin(attempt: AttemptFolder, request: Mapping[str, Any], secrets: Mapping[str, str] | None) -> None:
    if secrets is None:
        raise NotBegun("whoever started it went away before its secrets were handed over")
    clock, pid = SystemClock(), os.getpid()
    word = {"pid": pid, "start_ticks": start_ticks(pid), "pid_ns": pid_namespace(), "host": os.uname().nodename}
    moment = {"boot_id": clock.boot_id(), "at": rfc3339(clock.now()), "mono_ns": clock.mono_ns()}
    try:
        attempt.folder.reserve("outcome.json", _ROOM + 2 * len(json_bytes(request)))
        attempt.folder.create("started.json", json_bytes(word | moment))
    except FileExistsError as error:
        raise _begun_before(attempt) from error
    except OSError as error:
        attempt.folder.unlink("started.json")
        raise NotBegun(f"its start could not be written down: {reason(error)}") from error


def _begun_before(attempt: AttemptFolder) -> BackoutError:
    return BackoutError("this attempt was begun before, so it is not begun again", where=str(attempt.path))


def main(arguments: Sequence[str]) -> int:
    """Supervise the attempt whose path and descriptors are the arguments; returns the exit code.

    Standard input names the request to carry out, by hash, and gives the secrets.
    """
    word = _word_from(sys.stdin.buffer.read())
    secrets = _secrets_of(word)
    with open(os.devnull, "rb") as null:  # noqa: PTH123 - a descriptor to put in the pipe's place
        os.dup2(null.fileno(), 0)
    try:
        supervise(_handed(arguments, word), secrets, at=_warm_up)
    except BackoutError as error:
        note(str(error))
        return EXIT_OUTSIDE
    except Exception:  # noqa: BLE001 - the last catch: its report must not show a secret
        note(masked(traceback.format_exc(), (secrets or {}).values()))
        return EXIT_BUG
    return EXIT_DONE


def _word_from(data: bytes) -> dict[str, Any]:
    """The starter's complete message; empty when the starter ended before it had sent all of it."""
    try:
        word = json.loads(data)
    except ValueError:
        return {}
    return word if isinstance(word, dict) else {}


def _secrets_of(word: Mapping[str, Any]) -> dict[str, str] | None:
    secrets = word.get("secrets")
    return {str(name): str(value) for name, value in secrets.items()} if isinstance(secrets, dict) else None


def _handed(arguments: Sequence[str], word: Mapping[str, Any]) -> AttemptFolder:
    """The attempt, from the descriptors that the starter left open for us; our commands must not inherit them."""
    path, (folder, lock) = Path(arguments[0]), map(int, arguments[1:])
    for descriptor in (folder, lock):
        os.set_inheritable(descriptor, False)
    held = Folder(folder)
    # A starter that ended before it named the request has begun nothing: report that for the request that is here.
    sha256 = word.get("request") or hashlib.sha256(held.read("request.json")).hexdigest()
    return AttemptFolder(path.name, path, held, request_sha256=sha256)


def _warm_up(point: str) -> None:
    """Import the code that writes the log while the command runs: it takes half a second; the outcome need not wait."""
    if point == "after exec":
        threading.Thread(target=importlib.import_module, args=("backout_tui.store.log.journal",), daemon=True).start()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
