"""The attempts on this host that this login cannot look into: whose they are, and what became of their folders."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

from backout_tui.domain.backout.events import Event
from backout_tui.domain.backout.payloads.kinds import ATTEMPTS
from backout_tui.domain.backout.whereabouts import Machine, Reach, begun_on
from backout_tui.engine.attempts.liveness import asked
from backout_tui.engine.attempts.processes import somebody_locks
from backout_tui.engine.attempts.reach import in_same_boot, judged
from backout_tui.engine.attempts.spool import AttemptFolder, attempt_of
from backout_tui.engine.settling import attempts_in
from backout_tui.store.file import place


def closed_to_us(database: Path, intents: Iterable[Event], *, here: Machine) -> list[str]:
    """The attempts started on this host that can't be seen from here: a sentence on who can, or what is in its place.

    Such an attempt belongs to a login whose spool this login cannot read, or somebody replaced its folder.
    """
    found = ((intent, _hidden(database, intent, here)) for intent in attempts_in(intents))
    return [words.format(_named(intent)) for intent, words in found if words]


def _hidden(database: Path, intent: Event, here: Machine) -> str:
    """Why nobody here can see whether that attempt is alive, with a gap for its name; "" when it can be seen.

    Attempts that are over, and those that cannot be asked from here at all, are reported elsewhere.
    """
    claim = intent.claim
    on = begun_on(intent, claim.machine)
    with contextlib.closing(attempt_of(database, intent.event_id, claim.spool)) as attempt:
        said, lock = asked(attempt, claim.spool, same_boot=in_same_boot(on, here))
        if lock >= 0:
            os.close(lock)
        if judged(database, said, on, here) not in (Reach.LIVES, Reach.CLOSED):
            return ""
        if not attempt.folder.is_there:
            held = claim.spool is not None and somebody_locks(claim.spool.lock, shared=True)
            return _out_of_sight(attempt, lives=held)
        try:
            os.close(attempt.folder.open_file("lock", os.O_RDONLY))
        except PermissionError:
            owner = place.name_of(attempt.folder.found().st_uid)
            return f"only {owner} can see whether {{}} still runs, and settle it"
        except OSError:
            pass
    return ""


def _out_of_sight(attempt: AttemptFolder, *, lives: bool) -> str:
    if attempt.closed:
        return f"{attempt.path.parent} is closed to this login, so nobody here can see whether {{}} still runs"
    if not lives:
        return ""  # it gets settled as in doubt
    instead = attempt.instead or "nothing stands there now"
    return f"{{}} runs, but somebody took its folder {attempt.path} away ({instead}); a stop still reaches it"


def _named(intent: Event) -> str:
    return f"{ATTEMPTS[intent.kind].named} {intent.claim.name}"
