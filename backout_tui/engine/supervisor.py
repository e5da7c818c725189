"""The detached process that one command or message belongs to: it carries it out, records its outcome, and ends.

Started by `spool.spawn_supervisor` as `python -m backout_tui.engine.supervisor FOLDER`. The terminal, the dashboard and
the SSH session may all go: this process stays. contract.md sections 2 and 3.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import sys
import threading
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from backout_tui.domain.codec import rfc3339
from backout_tui.engine import running, settling
from backout_tui.engine.durable import create_json, reason
from backout_tui.engine.execution import Execution
from backout_tui.engine.masking import masked
from backout_tui.engine.patience import note, patiently
from backout_tui.engine.spool import AttemptFolder, is_live, remove
from backout_tui.errors import EXIT_BUG, EXIT_DONE, EXIT_OUTSIDE, BackoutError
from backout_tui.store.clock import SystemClock

PATIENCE_S = 300.0  # how long a full disk or a locked database is waited for; after that a settler takes over

Record = Callable[[AttemptFolder, Mapping[str, Any], Mapping[str, Any]], object]


class NotBegun(Exception):  # noqa: N818 - a plain outcome of trying
    """Nothing was run or sent; the text says why."""


def nothing(point: str) -> None:
    """What happens at the named points between lock and outcome, unless somebody tests them."""


def record_in_log(attempt: AttemptFolder, request: Mapping[str, Any], known: Mapping[str, Any]) -> None:
    """Append the outcome of `attempt` to the log that its intent is in; `known` as in `settling.outcome_of`.

    Raises BackoutError when the log cannot be written, or does not hold the intent.
    """
    from backout_tui.store.journal import Journal
    from backout_tui.store.reading import Reader

    database = Path(request["database"])
    with contextlib.closing(Reader.open(database)) as reader:
        later = reader.events_after(request["log"], request.get("after", 0))
    intent = next((event for event in later if event.event_id == attempt.id), None)
    if intent is None:
        raise BackoutError(f"the log {request['log']} does not hold the intent {attempt.id}", where=str(database))
    with contextlib.closing(Journal.open(database, clock=SystemClock(), tool=intent.tool)) as journal:
        settling.record(attempt, intent, journal, known=known)


def supervise(
    folder: Path,
    secrets: Mapping[str, str] | None,
    *,
    at: Callable[[str], None] = nothing,
    record: Record = record_in_log,
    grace_s: float = running.GRACE_S,
    patience_s: float = PATIENCE_S,
) -> None:
    """Run or send what `folder` asks for, once, and record how it ended. For a process of its own: takes its signals.

    `secrets` is None when they did not arrive: then nothing is begun. `at` is called at each point where a crash makes
    a difference: before started, after started, after exec, after exit, after outcome, after append. Raises
    BackoutError when the folder is not one that may be begun now; then nothing was touched.
    """
    attempt = AttemptFolder(folder)
    request = _request_of(attempt)
    execution = Execution(attempt, request, secrets or {}, at=at, grace_s=grace_s)
    known: Mapping[str, Any] = {}
    try:
        at("before started")
        _begin(attempt, secrets)
        at("after started")
    except NotBegun as problem:
        known = {"why": str(problem)}
    else:
        known = execution.carry_out()
        at("after exit")
    execution.signal = ""  # what came until now has been obeyed; another one ends the waiting below

    def give_up() -> bool:
        # Where the database was removed there is nothing to wait for: the demo's folder goes with its dashboard.
        return bool(execution.signal) or not Path(request["database"]).exists()

    if "result" in known and patiently(lambda: execution.keep(known), patience_s, give_up=give_up):
        at("after outcome")
    if patiently(lambda: record(attempt, request, known), patience_s, give_up=give_up):
        at("after append")
        remove(attempt)


def _request_of(attempt: AttemptFolder) -> dict[str, Any]:
    """The request, when it may be begun: somebody holds the lock for us, and no supervisor came before."""
    request = attempt.request()
    if request is None:
        raise BackoutError("there is no request to supervise", where=str(attempt.path))
    if not is_live(attempt):
        raise BackoutError("nobody holds this attempt's lock, so nothing is begun", where=str(attempt.path))
    if attempt.began:
        raise _begun_before(attempt)
    return request


def _begin(attempt: AttemptFolder, secrets: Mapping[str, str] | None) -> None:
    if secrets is None:
        raise NotBegun("whoever started it went away before its secrets were handed over")
    clock, path = SystemClock(), attempt.path / "started.json"
    word = {"pid": os.getpid(), "host": os.uname().nodename, "boot_id": clock.boot_id()}
    try:
        create_json(path, word | {"at": rfc3339(clock.now()), "mono_ns": clock.mono_ns()})
    except FileExistsError as error:
        raise _begun_before(attempt) from error
    except OSError as error:
        path.unlink(missing_ok=True)
        raise NotBegun(f"its start could not be written down: {reason(error)}") from error


def _begun_before(attempt: AttemptFolder) -> BackoutError:
    return BackoutError("this attempt was begun before, so it is not begun again", where=str(attempt.path))


def main(arguments: Sequence[str]) -> int:
    """Supervise the folder named by the only argument; the secrets come on standard input. Returns the exit code."""
    secrets = _secrets_from(sys.stdin.buffer.read())
    with open(os.devnull, "rb") as null:  # noqa: PTH123 - a descriptor to put in the pipe's place
        os.dup2(null.fileno(), 0)
    try:
        supervise(Path(arguments[0]), secrets, at=_warm_up)
    except BackoutError as error:
        note(str(error))
        return EXIT_OUTSIDE
    except Exception:  # noqa: BLE001 - the last wall: its report must not show a secret
        note(masked(traceback.format_exc(), (secrets or {}).values()))
        return EXIT_BUG
    return EXIT_DONE


def _secrets_from(data: bytes) -> dict[str, str] | None:
    try:
        secrets = json.loads(data)
    except ValueError:
        return None
    return {str(name): str(value) for name, value in secrets.items()} if isinstance(secrets, dict) else None


def _warm_up(point: str) -> None:
    """Import what writes the log while the command runs: it takes half a second, and the outcome need not wait."""
    if point == "after exec":
        threading.Thread(target=importlib.import_module, args=("backout_tui.store.journal",), daemon=True).start()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
