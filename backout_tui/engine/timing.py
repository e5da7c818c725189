"""How long the commands of a service took in earlier backouts and rehearsals."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from backout_tui.domain.backout import fold
from backout_tui.domain.backout.payloads.backout_payloads import Opened
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.clock.past import NO_PAST, Past, past_of
from backout_tui.domain.damage import DamagedEvent
from backout_tui.engine.desk import Desk
from backout_tui.errors import BackoutError

BACKOUTS = 5
"""How many earlier backouts and rehearsals of the service are read, newest first."""
LOOKED_AT = 50
"""How many earlier backouts are examined to find them; `show` needs them too, and has to be fast."""
EVENTS = 1_000
"""How many events of each are read, from the first on."""


def past_before(desk: Desk, backout: Backout) -> Past:
    """How long the commands of the service took before this backout; empty if that cannot be read."""
    try:
        return past_of(_before(desk, backout))
    except BackoutError:
        return NO_PAST


def _before(desk: Desk, backout: Backout) -> Iterator[Backout]:
    found = 0
    for number in range(backout.id - 1, max(0, backout.id - 1 - LOOKED_AT), -1):
        with contextlib.suppress(DamagedEvent):
            log_id = f"backout:{number}"
            if _service(desk, log_id) != backout.release.name:
                continue
            found += 1
            yield fold.backout_of(desk.reader.events_after(log_id, 0, limit=EVENTS), log_id=log_id)
        if found == BACKOUTS:
            return


def _service(desk: Desk, log_id: str) -> str | None:
    first = desk.reader.events_after(log_id, 0, limit=1)
    return first[0].says(Opened).release.name if first and first[0].kind == fold.OPENING else None
