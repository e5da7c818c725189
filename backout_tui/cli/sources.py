"""What BACKOUT means to a reading command: an id in the database, a copied .sqlite file, or a log saved as .json."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from backout_tui.cli.speech import complain
from backout_tui.cli.surroundings import Surroundings
from backout_tui.domain.backout import Backout
from backout_tui.domain.events import Event
from backout_tui.domain.fold import backout_of
from backout_tui.domain.past import NO_PAST, Past
from backout_tui.domain.text import clean_line
from backout_tui.engine import opening
from backout_tui.engine.desk import Desk
from backout_tui.engine.timing import past_before
from backout_tui.errors import BackoutError


@dataclass(frozen=True, slots=True)
class Source:
    """One backout as it can be read: its state, its events, its records byte for byte, its commands' past."""

    backout: Backout
    events: Sequence[Event]
    records: Sequence[bytes]
    past: Past = NO_PAST


def source(surroundings: Surroundings, named: str) -> Source:
    """The backout that `named` means. Raises BackoutError when it cannot be read."""
    if named.endswith(".json"):
        return _from_json(Path(named))
    desk = surroundings.desk()
    if named.endswith(".sqlite"):
        with closing(replace(desk, database=Path(named))) as copy:
            backout_id = _only_backout(copy, named)
            return _from_log(copy, opening.recorded(copy, backout_id))
    backout, why = opening.opened(desk, number(named))
    if why:
        complain(f"an outcome that is shown here is not yet recorded: {why}")
    if unseen := opening.closed_to_us(desk, backout):
        complain(f"{unseen}: open this backout here under that login")
    return replace(_from_log(desk, backout), past=past_before(desk, backout))


def number(named: str) -> int:
    """The id of a backout; raises BackoutError when it is none."""
    if not named.isdecimal() or len(named) > opening.MAX_DIGITS:
        raise BackoutError(f"{clean_line(named)} is no backout", todo="Give its number; see: backout-tui list")
    return int(named)


def _only_backout(desk: Desk, named: str) -> int:
    logs = desk.reader.logs("backout:")
    if len(logs) == 1:
        return number(logs[0].partition(":")[2])
    found = ", ".join(one.partition(":")[2] for one in logs)
    raise BackoutError(
        f"there is more than one backout to choose from ({found})" if logs else "there is no backout in it",
        where=clean_line(named),
        todo="Name one: backout-tui --database FILE show ID" if logs else "",
    )


def _from_log(desk: Desk, backout: Backout) -> Source:
    log_id = f"backout:{backout.id}"
    events = desk.reader.events_after(log_id, 0)
    return Source(backout, events, [record for _seq, record, _hash in desk.reader.records(log_id)])


def _from_json(path: Path) -> Source:
    from backout_tui.store.saved import read_saved

    saved = read_saved(path)
    number(saved.log_id.partition(":")[2])
    try:
        backout = backout_of(saved.events, log_id=saved.log_id)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BackoutError("an event in it is not as this program writes it", where=str(path)) from error
    return Source(backout, saved.events, saved.records)
