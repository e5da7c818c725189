"""What BACKOUT means to a reading command: an id in the database, a copied .sqlite file, or a log saved as .json."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from backout_tui.cli.surroundings import Surroundings
from backout_tui.domain.backout import Backout
from backout_tui.domain.events import Event
from backout_tui.domain.fold import backout_of, fold
from backout_tui.domain.text import clean_line
from backout_tui.engine import opening
from backout_tui.engine.desk import Desk
from backout_tui.errors import BackoutError


@dataclass(frozen=True, slots=True)
class Source:
    """One backout as it can be read: its state, its events, and its records byte for byte."""

    backout: Backout
    events: Sequence[Event]
    records: Sequence[bytes]


def source(surroundings: Surroundings, named: str) -> Source:
    """The backout that `named` means. Raises BackoutError when it cannot be read."""
    if named.endswith(".json"):
        return _from_json(Path(named))
    desk = surroundings.desk()
    if named.endswith(".sqlite"):
        desk = replace(desk, database=Path(named))
        return _from_database(desk, _only_backout(desk, named), settled=False)
    return _from_database(desk, number(named), settled=True)


def number(named: str) -> int:
    """The id of a backout; raises BackoutError when it is none."""
    if not named.isdecimal():
        raise BackoutError(f"{clean_line(named)} is no backout", todo="Give its number; see: backout-tui list")
    return int(named)


def _only_backout(desk: Desk, named: str) -> int:
    logs = desk.reader.logs("backout:")
    if len(logs) == 1:
        return int(logs[0].partition(":")[2])
    found = ", ".join(one.partition(":")[2] for one in logs) or "none"
    raise BackoutError(
        f"there is more than one backout to choose from ({found})" if logs else "there is no backout in it",
        where=clean_line(named),
        todo="Name one: backout-tui --database FILE show ID" if logs else "",
    )


def _from_database(desk: Desk, backout_id: int, *, settled: bool) -> Source:
    reader = desk.reader
    backout = _opened(desk, backout_id) if settled else None
    log_id = f"backout:{backout_id}"
    events = reader.events_after(log_id, 0)
    if backout is None:
        backout = backout_of(events, log_id=log_id)
    records = [record for _seq, record, _hash in reader.records(log_id)]
    desk.close()
    return Source(backout, events, records)


def _opened(desk: Desk, backout_id: int) -> Backout:
    """Settled when this reader may write; otherwise as settling would leave it, shown and not recorded."""
    return opening.opened(desk, backout_id) if opening.may_settle(desk) else opening.read_only(desk, backout_id)


def _from_json(path: Path) -> Source:
    from backout_tui.store import records

    where = clean_line(str(path))
    try:
        document = json.loads(path.read_bytes())
    except OSError as error:
        raise BackoutError(f"it cannot be read: {(error.strerror or str(error)).lower()}", where=where) from error
    except ValueError as error:
        raise BackoutError("this is not JSON", where=where) from error
    if not isinstance(document, list) or not all(isinstance(one, dict) for one in document) or not document:
        raise BackoutError("this is no log", where=where, todo="Make one with: backout-tui log ID --json > FILE.json")
    canonical = [records.canonical(one) for one in document]
    events = [_checked(records.to_event, record, records.hash_of(record), where) for record in canonical]
    return Source(fold(Backout(id=number(events[0].log.partition(":")[2])), events), events, canonical)


def _checked(make: Callable[[bytes, bytes], Event], record: bytes, hash_: bytes, where: str) -> Event:
    try:
        return make(record, hash_)
    except (KeyError, TypeError, ValueError) as error:
        raise BackoutError("a record in it is no event", where=where) from error
