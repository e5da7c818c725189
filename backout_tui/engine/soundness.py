"""Checks in the background, once the picture is shown, that a log and its file are what was written."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec import field as struct_field

from backout_tui.domain.backout.events import Event, Spoken, spoken_of
from backout_tui.errors import BackoutError

if TYPE_CHECKING:  # recomputing a log is slow to import, and rarely needed
    from backout_tui.engine.desk import Desk
    from backout_tui.store.log.chain import Finding

PAGES_AT_MOST_S = 2.0  # writers wait while SQLite examines the pages


class Fault(Struct, frozen=True):
    """Why a log is not what was written: in words, and by the events with findings."""

    words: str
    events: Mapping[int, str] = struct_field(default_factory=dict)


def fault(database: Path, log_id: str) -> Fault | None:
    """What is wrong with the log or with its file; None when nothing was found. Opens its own connection.

    A changed event is reported before a fault of the file: whoever changes an event removes the file's triggers first.
    """
    from backout_tui.store.log.verify import verify_log, why_not_sound

    why = why_not_sound(database, at_most_s=PAGES_AT_MOST_S)
    of_log = fault_in(verify_log(database, log_id, folded=True).findings)
    return Fault(why) if why is not None and (of_log is None or not of_log.events) else of_log


def spoken_of_in(fault: Fault, events_after: Callable[[int], Sequence[Event]]) -> Mapping[Spoken, str]:
    """What is wrong with the steps, checks, messages and problems that the faulty events concern."""
    if not fault.events:
        return {}
    try:
        events = events_after(min(fault.events) - 1)
    except BackoutError:  # nothing can be said about what cannot even be read
        return {}
    told = ((spoken_of(event), fault.events[event.seq]) for event in events if event.seq in fault.events)
    return {item: words for item, words in told if item is not None}


def before_printing(desk: Desk, log_id: str) -> Sequence[Finding]:
    """What is wrong with the chain of a log, checked before any of it is printed; after a finding it is only read."""
    findings: Sequence[Finding] = ()
    if not desk.reader.is_unbroken(log_id):
        from backout_tui.store.log.verify import unsound

        findings = unsound(desk.reader, log_id)
    if (found := fault_in(findings)) is not None:
        desk.distrusted = found.words
    return findings


def fault_in(findings: Sequence[Finding]) -> Fault | None:
    """The fault that the findings amount to; None when there are no findings."""
    if not findings:
        return None
    first = min(findings, key=lambda one: one.seq or sys.maxsize)
    events = {one.seq: one.message for one in reversed(findings) if one.seq}
    from_there = f"; from event {first.seq} on nothing here can be relied on" if first.seq else ""
    return Fault(f"{first.message}{from_there}", events)
