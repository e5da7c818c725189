"""A log saved as JSON, as `backout-tui log --json` prints it: read and verified without a database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backout_tui.domain.events import Event
from backout_tui.errors import BackoutError
from backout_tui.store.chain import Finding, chain_findings, read_links
from backout_tui.store.reading import BACKOUTS
from backout_tui.store.records import canonical, genesis, hash_of, to_event
from backout_tui.store.verify import Verification, anchor_findings, parse_anchor

_TODO = "Make one with: backout-tui log ID --json > FILE.json"


@dataclass(frozen=True, slots=True)
class SavedLog:
    """The records of one backout's log, in the form they were hashed in, and their events."""

    log_id: str
    records: Sequence[bytes]
    events: Sequence[Event]


def read_saved(path: Path) -> SavedLog:
    """The log in the file `path`. Raises BackoutError for a file that is none, whatever is in it."""
    try:
        records = [canonical(one) for one in _document(path)]
        events = [to_event(record, hash_of(record)) for record in records]
    except (TypeError, ValueError, RecursionError) as error:
        raise BackoutError("a record in it is no event", where=str(path), todo=_TODO) from error
    log_id = events[0].log
    if not str(log_id).startswith(BACKOUTS) or any(event.log != log_id for event in events):
        raise BackoutError("this is not the log of one backout", where=str(path), todo=_TODO)
    return SavedLog(log_id, records, events)


def verify_saved(saved: SavedLog, *, anchor: str | None = None) -> Verification:
    """Recompute the chain. Outputs and the plan's text are not in the file: what becomes of them is not looked at.

    The file holds no hashes of its own, so a changed last event is found by an anchor alone.
    """
    named = parse_anchor(anchor)
    rows = [(one.seq, one.event_id, record, hash_of(record)) for one, record in saved_rows(saved)]
    links = read_links(rows)
    findings = [*chain_findings(saved.log_id, links), *_first_findings(saved), *anchor_findings(links, named)]
    return Verification(len(links), saved.events[-1].head, tuple(findings))


def saved_rows(saved: SavedLog) -> Sequence[tuple[Event, bytes]]:
    """Each event with its record."""
    return list(zip(saved.events, saved.records, strict=True))


def _first_findings(saved: SavedLog) -> Sequence[Finding]:
    first = saved.events[0]
    plan = first.data.get("plan") if isinstance(first.data, dict) else None
    sha256 = plan.get("sha256") if isinstance(plan, dict) else ""
    if first.seq != 1 or first.prev == genesis(saved.log_id, str(sha256)):
        return ()
    return (Finding("prev", 1, "the log is not bound to the plan's text that it names"),)


def _document(path: Path) -> list[dict[str, Any]]:
    try:
        document = json.loads(path.read_bytes())
    except OSError as error:
        raise BackoutError(f"it cannot be read: {(error.strerror or str(error)).lower()}", where=str(path)) from error
    except (ValueError, RecursionError) as error:
        raise BackoutError("this is not JSON", where=str(path)) from error
    if not isinstance(document, list) or not document or not all(isinstance(one, dict) for one in document):
        raise BackoutError("this is no log", where=str(path), todo=_TODO)
    return document
