"""A log saved as JSON, as `backout-tui log --json` prints it: read and verified without a database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from backout_tui.domain.backout.events import Event
from backout_tui.domain.damage import Unfit
from backout_tui.errors import BackoutError
from backout_tui.store.file.place import check_file
from backout_tui.store.log.chain import Finding, chain_findings, read_links
from backout_tui.store.log.reading import BACKOUTS
from backout_tui.store.log.records import canonical, genesis, hash_of, to_event
from backout_tui.store.log.verify import Verification, anchor_findings, damage_findings, parse_anchor

_TODO = "Make one with: backout-tui log ID --json > FILE.json"


class SavedLog(Struct, frozen=True):
    """The records of one backout's log, in the form they were hashed in, with their events."""

    log_id: str
    records: Sequence[bytes]
    events: Sequence[Event]


def read_saved(path: Path) -> SavedLog:
    """Read the saved log in the file `path`. Raises BackoutError for any file that is not one."""
    records, events = [], []
    for place, one in enumerate(_document(path), 1):
        try:
            records.append(canonical(one))
            events.append(to_event(records[-1], hash_of(records[-1])))
        except (TypeError, ValueError, RecursionError) as error:
            why = f": {error.why}" if isinstance(error, Unfit) else ""
            raise BackoutError(
                f"a record in it is not an event (record {place}{why})", where=str(path), todo=_TODO
            ) from error
    log_id = events[0].log
    if not str(log_id).startswith(BACKOUTS) or any(event.log != log_id for event in events):
        raise BackoutError("this is not the log of one backout", where=str(path), todo=_TODO)
    return SavedLog(log_id, records, events)


def verify_saved(saved: SavedLog, *, anchor: str | None = None) -> Verification:
    """Recompute the chain. The file does not hold outputs or the plan's text, so those are not checked.

    The file holds no hashes of its own, so only an anchor can reveal that the last event was changed.
    """
    named = parse_anchor(anchor)
    rows = [(one.seq, one.event_id, record, hash_of(record)) for one, record in saved_rows(saved)]
    links = read_links(rows)
    findings = [*chain_findings(saved.log_id, links), *_first_findings(saved), *anchor_findings(links, named)]
    findings += damage_findings(saved.log_id, links)
    return Verification(len(links), saved.events[-1].head, tuple(findings))


def saved_rows(saved: SavedLog) -> Sequence[tuple[Event, bytes]]:
    """Each event, paired with its record."""
    return list(zip(saved.events, saved.records, strict=True))


def _first_findings(saved: SavedLog) -> Sequence[Finding]:
    first = saved.events[0]
    plan = first.data.get("plan") if isinstance(first.data, dict) else None
    sha256 = plan.get("sha256") if isinstance(plan, dict) else ""
    if first.seq != 1 or first.prev == genesis(saved.log_id, str(sha256)):
        return ()
    return (Finding("prev", 1, "the log is not bound to the plan's text that it names"),)


def _document(path: Path) -> list[dict[str, Any]]:
    check_file(path)
    try:
        document = json.loads(path.read_bytes())
    except OSError as error:
        raise BackoutError(f"it cannot be read: {(error.strerror or str(error)).lower()}", where=str(path)) from error
    except (ValueError, RecursionError) as error:
        raise BackoutError("this is not JSON", where=str(path)) from error
    if not isinstance(document, list) or not document or not all(isinstance(one, dict) for one in document):
        raise BackoutError("this is not a log", where=str(path), todo=_TODO)
    return document
