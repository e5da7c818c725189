"""Pictures: the fold of a long log, kept so that it opens fast. Disposable, and never trusted by `verify`."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING

from backout_tui.domain.backout import Backout
from backout_tui.domain.codec import decode, encode
from backout_tui.errors import BackoutError

if TYPE_CHECKING:
    from backout_tui.engine.desk import Desk
    from backout_tui.store.rows import Picture

FORM = 2  # raise it whenever the state changes its shape: older pictures are then passed over
EVERY = 500  # events between two pictures: folding that many costs a few milliseconds


def stored(desk: Desk, log_id: str) -> Backout | None:
    """The backout as the stored picture has it, when this program made it and the log still agrees with it."""
    picture = _own(desk, log_id)
    if picture is None:
        return None
    at = desk.reader.events_after(log_id, picture.seq - 1, limit=1)
    if not at or (at[0].seq, at[0].hash) != (picture.seq, picture.hash):
        return None
    try:
        return decode(Backout, json.loads(picture.state))
    except (ValueError, TypeError, AttributeError, KeyError):  # nothing guards a picture: one that was damaged is none
        return None


def keep(desk: Desk, backout: Backout, before: int) -> None:
    """Store a picture when the log grew past the next hundreds since `before`, its seq until then.

    Also when a log of that length has none, or one that another version of this program made.
    """
    if backout.seq < EVERY:
        return
    log_id, due = f"backout:{backout.id}", backout.seq // EVERY != before // EVERY
    # What was appended is recorded: whoever did it must not be told otherwise because of a picture.
    with contextlib.suppress(BackoutError):
        if due or (log_id not in desk.pictured and _own(desk, log_id) is None):
            state = json.dumps(encode(backout), separators=(",", ":"))
            desk.journal().save_picture(log_id, backout.seq, backout.hash, state, _program(desk))
        desk.pictured.add(log_id)  # read again for each event, a large one would be felt


def _own(desk: Desk, log_id: str) -> Picture | None:
    """The stored picture, when this very version of the program made it."""
    picture = desk.reader.picture(log_id)
    return picture if picture is not None and picture.program == _program(desk) else None


def _program(desk: Desk) -> str:
    return f"{desk.tool} form {FORM}"
