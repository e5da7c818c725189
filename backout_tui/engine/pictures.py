"""Pictures: the stored fold of a long log, so that it opens fast. Disposable; `verify` never trusts them."""

from __future__ import annotations

import contextlib
import json
import re
from typing import TYPE_CHECKING

from backout_tui.domain.backout.state import Backout
from backout_tui.domain.codec import decode, encode
from backout_tui.errors import BackoutError

if TYPE_CHECKING:
    from backout_tui.engine.desk import Desk
    from backout_tui.store.log.reading import Reader
    from backout_tui.store.log.rows import Picture

FORM = 10  # raise it whenever the state's shape changes: older pictures are then ignored
_NO_YEAR = re.compile(r'"(?:0\d{3}|1[0-8]\d\d|9[1-9]\d\d|90[1-9]\d|900[1-9])-\d\d-\d\dT')  # refused by `parse_time`
EVERY = 500  # events between two pictures: folding that many takes a few milliseconds


def stored(reader: Reader, tool: str, log_id: str) -> Backout | None:
    """The backout from the stored picture, if this program made it and the log still matches it."""
    picture = _own(reader, tool, log_id)
    if picture is None:
        return None
    at = reader.events_after(log_id, picture.seq - 1, limit=1)
    if not at or (at[0].seq, at[0].hash) != (picture.seq, picture.hash):
        return None
    if _NO_YEAR.search(picture.state):
        return None
    try:
        return decode(Backout, json.loads(picture.state))
    except (ValueError, RecursionError):  # nothing guards a picture: a damaged one is ignored
        return None


def keep(desk: Desk, backout: Backout, before: int) -> None:
    """Store a picture when the log has passed another multiple of `EVERY` since `before`, its previous seq.

    Also stores one when a log of that length has none, or one from another version of this program.
    """
    if backout.seq < EVERY:
        return
    log_id, due = f"backout:{backout.id}", backout.seq // EVERY != before // EVERY
    # The events are recorded: their writer must not get an error because of a picture.
    with contextlib.suppress(BackoutError):
        if due or (log_id not in desk.pictured and _own(desk.reader, desk.tool, log_id) is None):
            state = json.dumps(encode(backout), separators=(",", ":"))
            desk.journal().save_picture(log_id, backout.seq, backout.hash, state, _program(desk.tool))
        desk.pictured.add(log_id)  # reading a large picture again for each event would be slow


def _own(reader: Reader, tool: str, log_id: str) -> Picture | None:
    """The stored picture, if exactly this version of the program made it."""
    picture = reader.picture(log_id)
    return picture if picture is not None and picture.program == _program(tool) else None


def _program(tool: str) -> str:
    return f"{tool} form {FORM}"
