"""How long the commands of a service took in the backouts and rehearsals before this one."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from backout_tui.domain import fold
from backout_tui.domain.backout import Backout, Release
from backout_tui.domain.codec import decode
from backout_tui.domain.past import NO_PAST, Past, past_of
from backout_tui.engine.desk import Desk
from backout_tui.errors import BackoutError

BACKOUTS = 5
"""How many backouts and rehearsals of the service are read, the newest before this one first."""
LOOKED_AT = 50
"""How many backouts before this one are looked at for them: `show` asks too, and has to be fast."""
EVENTS = 1_000
"""How many events of each are read, from its first on."""

_OTHER_HAND = (KeyError, TypeError, ValueError, AttributeError)
"""What folding raises for a log that was not written as this program writes it."""


def past_before(desk: Desk, backout: Backout) -> Past:
    """How long the commands of the service took before this backout; nothing, as far as it cannot be read."""
    try:
        return past_of(_before(desk, backout))
    except BackoutError:
        return NO_PAST


def _before(desk: Desk, backout: Backout) -> Iterator[Backout]:
    found = 0
    for number in range(backout.id - 1, max(0, backout.id - 1 - LOOKED_AT), -1):
        with contextlib.suppress(*_OTHER_HAND):
            log_id = f"backout:{number}"
            if _service(desk, log_id) != backout.release.name:
                continue
            found += 1
            yield fold.backout_of(desk.reader.events_after(log_id, 0, limit=EVENTS), log_id=log_id)
        if found == BACKOUTS:
            return


def _service(desk: Desk, log_id: str) -> str | None:
    first = desk.reader.events_after(log_id, 0, limit=1)
    return decode(Release, first[0].data["release"]).name if first else None
