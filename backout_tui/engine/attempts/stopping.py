"""The request to stop an attempt: written into its folder, and noticed by its supervisor even where that is hidden."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from backout_tui.domain.backout.events import Event
from backout_tui.domain.backout.payload import OfStep
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.engine.attempts.durable import reason
from backout_tui.engine.attempts.spool import AttemptFolder
from backout_tui.errors import BackoutError

_SOMEBODY = "somebody"
_LOG_EVERY_S = 1.0  # between two looks at the log


def ask_to_stop(attempt: AttemptFolder, by: str) -> None:
    """Ask the supervisor to stop the command, in the name of `by`. Raises BackoutError when that cannot be written.

    When the folder is hidden, the supervisor notices that its name is missing, and finds the request in the log.
    """
    if not attempt.folder.is_there:
        return
    try:
        attempt.ask_to_stop(by)
    except OSError as error:
        raise BackoutError(f"the stop cannot be asked for: {reason(error)}", where=str(attempt.path)) from error


def wish_in(events: Iterable[Event], intent: str, step: object) -> str | None:
    """Who asked in the log to stop the attempt of `step` that `intent` claimed; None while nobody has."""
    claimed = False
    for event in events:
        claimed = claimed or event.event_id == intent
        if claimed and event.kind == EventKind.STEP_STOP_ASKED and event.says(OfStep).step == step:
            return event.actor.name
    return None


class Wishes:
    """The requests to stop that a supervisor has to obey."""

    def __init__(
        self, attempt: AttemptFolder, request: Mapping[str, Any], now: Callable[[], float] = time.monotonic
    ) -> None:
        """Look for requests in the attempt's folder, and in the log that `request` names."""
        self._attempt, self._request, self._now = attempt, request, now
        self._hidden, self._log_due = False, 0.0

    def stop_asked_by(self) -> str | None:
        """The name of whoever wants it stopped, as they gave it; None while nobody does."""
        if (asked := self._attempt.stop_asked()) is not None:
            return str(asked.get("by") or _SOMEBODY)
        self._hidden = self._hidden or not self._has_its_name()
        if not self._hidden or (now := self._now()) < self._log_due:
            return None
        self._log_due = now + _LOG_EVERY_S
        return self._asked_in_log()

    def _has_its_name(self) -> bool:
        """Whether the folder can be found by its name; once it was renamed, that is never certain again."""
        try:
            there, own = self._attempt.path.lstat(), self._attempt.folder.found()
        except OSError:
            return False
        return (there.st_dev, there.st_ino) == (own.st_dev, own.st_ino)

    def _asked_in_log(self) -> str | None:
        from backout_tui.store.log.reading import Reader

        if self._request.get("kind") != "step":
            return None
        try:
            with Reader.open(Path(self._request["database"]), patience_s=0) as reader:
                events = reader.events_after(self._request["log"], self._request.get("after", 0))
        except (OSError, BackoutError):  # the file is busy, or gone as well: the next look may succeed
            return None
        return wish_in(events, self._attempt.id, self._request.get("subject"))
