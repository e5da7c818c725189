"""Checks that a log is what was written, from its records alone: it trusts no picture, column or cache.

It cannot find a whole log that was removed, or missing events after the last head that left the host. Finding those
takes an anchor: a head that was written down elsewhere.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, TypeGuard

from msgspec import Struct

from backout_tui.domain.backout.events import Event
from backout_tui.domain.backout.fold import backout_of
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.codec import rfc3339
from backout_tui.domain.damage import DamagedEvent, Unfit
from backout_tui.domain.plan.plan_record import record_of
from backout_tui.errors import BackoutError, Damaged
from backout_tui.store.file import ddl
from backout_tui.store.log.chain import Finding, Link, chain_findings, read_links
from backout_tui.store.log.reading import BACKOUTS, PLANS, Reader
from backout_tui.store.log.records import genesis, parse, to_event
from backout_tui.store.log.rows import PlanRevision

RULE = "old-lease"
_TAKES = (EventKind.CONTROLS_TAKEN, EventKind.DATABASE_ADOPTED)


def lease_findings(links: Sequence[Link]) -> Iterator[Finding]:
    """Records of a backout whose lease is not the newest one that had been taken when they were written.

    An outcome is written by whoever settles it, and carries the lease of its intent.
    """
    newest, of_intent = 0, dict[str, object]()
    for link in links:
        fields = link.fields or {}
        number = fields.get("lease")
        if fields.get("kind") in _TAKES:
            newest += 1
        expected = of_intent.get(str(link.data.get("intent")), newest)
        if link.fields is not None and number != expected:
            yield Finding(RULE, link.seq, f"event {link.seq} was written under the controls {number}, not {expected}")
        of_intent[link.event_id] = number


DAMAGED = "damaged"
"""The rule for an event that can be read as a record but cannot be the event it claims to be."""
_ANCHOR = re.compile(r"([1-9][0-9]{0,17}):([0-9a-f]{20,64})")
_TOO_LONG = 19  # digits of a number that is too large for the database
_NOT_STORED_IN_EVENT = {"text", "stored_at"}


class Verification(Struct, frozen=True):
    """The result of verifying one log. `head` is `seq:first 20 hex` of its last event, "" when there is none."""

    events: int
    head: str
    findings: tuple[Finding, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing wrong was found."""
        return not self.findings

    @property
    def first_bad(self) -> int | None:
        """The seq of the first event with a finding; None when there is none."""
        return min((finding.seq for finding in self.findings if finding.seq), default=None)


def verify_log(source: Reader | Path, log_id: str, *, anchor: str | None = None, folded: bool = False) -> Verification:
    """Recompute everything that a log claims. `anchor` is a head of it, `SEQ:HEX`, that was kept elsewhere.

    `folded` says that the caller has already folded its events, so each event's fit isn't checked again.

    Raises BackoutError when the file cannot be read at all, or when `anchor` is not a head. Anything wrong inside the
    file becomes a finding.
    """
    named = parse_anchor(anchor)
    with Reader.open(source) if isinstance(source, Path) else nullcontext(source) as reader:
        try:
            links = read_links(reader.rows(log_id))
            findings = [*_log_findings(reader, log_id, links), *_stray_findings(reader, log_id)]
            findings += () if folded else damage_findings(log_id, links)
        except Damaged as error:
            links, findings = [], [Finding("file", 0, str(error))]
    findings += anchor_findings(links, named)
    head = f"{links[-1].seq}:{links[-1].hash.hex()[:20]}" if links else ""
    return Verification(len(links), head, tuple(findings))


def unsound(reader: Reader, log_id: str) -> Sequence[Finding]:
    """What is wrong with a log; checked before any of it is printed. Nothing while its chain holds.

    The check costs one hash per event. Everything is recomputed only for a log whose chain does not hold.
    """
    return () if reader.is_unbroken(log_id) else verify_log(reader, log_id, folded=True).findings


def first_fault(path: Path) -> str | None:
    """A sentence for the first thing that is wrong in any log of the file; None when all logs are sound."""
    with Reader.open(path) as reader:
        for log_id in reader.logs(""):
            links = read_links(reader.rows(log_id))
            for finding in (*_log_findings(reader, log_id, links), *damage_findings(log_id, links)):
                return f"{log_id}: {finding.message}"
    return None


def why_not_sound(path: Path, *, at_most_s: float | None = None) -> str | None:
    """A sentence for what is wrong with the file's pages and tables; None when nothing was found.

    With `at_most_s` the pages are examined for at most that many seconds and not compared with their indexes, because
    writers wait meanwhile. Raises BackoutError when the file cannot be opened at all.
    """
    with Reader.open(path) as reader:
        try:
            expected = ddl.FINGERPRINTS.get(reader.version)
            if expected is not None and reader.fingerprint() != expected:
                return "its tables or the triggers that guard them are not as this program made them"
            return _broken_pages(reader, at_most_s)
        except Damaged as error:
            return error.what


def quick_check(reader: Reader, at_most_s: float) -> str | None:
    """What SQLite finds wrong with the pages within `at_most_s`; None when it finds nothing or runs out of time."""
    deadline = time.monotonic() + at_most_s
    return reader.check_pages("quick_check", lambda: time.monotonic() > deadline)


def _broken_pages(reader: Reader, at_most_s: float | None) -> str | None:
    if at_most_s is None:
        return reader.check_pages("integrity_check", lambda: False)
    return quick_check(reader, at_most_s)


def _log_findings(reader: Reader, log_id: str, links: Sequence[Link]) -> Iterator[Finding]:
    if not links:
        yield Finding("missing", 0, f"there is no {log_id} in this file")
        return
    yield from chain_findings(log_id, links)
    if log_id.startswith(BACKOUTS):
        yield from lease_findings(links)
    if links[0].seq == 1 and links[0].fields is not None:
        yield from _plan_findings(reader, log_id, links)
    for link in links:
        for blob in link.blobs:
            yield from _blob_findings(reader, link.seq, blob)


def _blob_findings(reader: Reader, seq: int, named: Mapping[str, Any]) -> Iterator[Finding]:
    sha256, name = str(named.get("sha256")), named.get("name")
    found = reader.blob_row(sha256)
    if found is None:
        yield Finding("blob", seq, f"the {name} of event {seq} is missing")
        return
    content, length = found
    same = isinstance(content, bytes) and hashlib.sha256(content).hexdigest() == sha256
    if not same or not len(content) == length == named.get("len"):
        yield Finding("blob", seq, f"the {name} of event {seq} was changed")


def _plan_findings(reader: Reader, log_id: str, links: Sequence[Link]) -> Iterator[Finding]:
    """Check that the log is tied to its plan's text, and that the stored text is unchanged."""
    if log_id.startswith(PLANS):
        yield from _revision_findings(reader, log_id, links)
        sha256 = _stored(links[0]).get("sha256")
    else:
        plan = links[0].data.get("plan")
        named = plan if isinstance(plan, dict) else {}
        sha256 = named.get("sha256")
        row = _row_of(reader, named.get("id"), named.get("revision"))
        if row is None:
            yield Finding("plan", 1, "the plan of this log is not in the file")
        elif not _has_text(row, sha256):
            yield Finding("plan", 1, f"the text of plan {row.plan_id}, revision {row.revision}, was changed")
    if links[0].fields is not None and links[0].fields.get("prev") != genesis(log_id, str(sha256)):
        yield Finding("prev", 1, "the log is not bound to the plan's text that it names")


def _revision_findings(reader: Reader, log_id: str, links: Sequence[Link]) -> Iterator[Finding]:
    """Check that every stored revision of a plan matches its event, and that every event has its revision."""
    number = log_id.removeprefix(PLANS)
    whole = number.isdecimal() and len(number) < _TOO_LONG
    rows = {row.revision: row for row in reader.revisions_of(int(number))} if whole else {}
    for link in links:
        if not (stored := _stored(link)):
            continue
        number_of_row = stored.get("revision")
        row = rows.pop(number_of_row, None) if isinstance(number_of_row, int) else None
        if row is None:
            yield Finding("plan", link.seq, f"the text that event {link.seq} stored is missing")
        elif _as_stored(row) != stored or not _has_text(row, row.sha256) or rfc3339(row.stored_at) != _at(link):
            yield Finding("plan", link.seq, f"what event {link.seq} stored was changed")
    for revision in rows:
        yield Finding("plan", 0, f"revision {revision} of the plan was never recorded in its log")


def damage_findings(log_id: str, links: Sequence[Link]) -> Iterator[Finding]:
    """The events that cannot be what they claim, even when their hashes match.

    For a backout that cannot be folded, only the first such event is found.
    """
    events = []
    for link in links:
        try:
            events.append(to_event(link.record, link.hash))
        except Unfit as unfit:
            why = DamagedEvent(log_id, link.seq, unfit.why).why
            yield Finding(DAMAGED, link.seq, f"event {link.seq} is damaged: {why}")
    if len(events) < len(links) or not links or links[0].seq != 1:
        return  # the chain check reports missing events
    try:
        _folded(log_id, events)
    except DamagedEvent as damaged:
        yield Finding(DAMAGED, damaged.seq, f"event {damaged.seq} is damaged: {damaged.why}")


def _folded(log_id: str, events: Sequence[Event]) -> None:
    if log_id.startswith(BACKOUTS):
        backout_of(events, log_id="backout:0")  # only whether it folds matters here, not which backout it is
    elif log_id.startswith(PLANS):
        record_of(events)


def _stray_findings(reader: Reader, log_id: str) -> Iterator[Finding]:
    for record in reader.strays(log_id):
        try:
            stray = parse(record)
        except ValueError:
            continue  # the log it is stored under reports it
        if stray.get("log") == log_id and isinstance(stray.get("seq"), int):
            yield Finding("columns", stray["seq"], f"event {stray['seq']} is stored under another log")


def anchor_findings(links: Sequence[Link], anchor: tuple[int, str] | None) -> Iterator[Finding]:
    """Check that the log still holds the event that an anchor names, and that its end was not cut off."""
    if anchor is None:
        return
    seq, digits = anchor
    last = links[-1].seq if links else 0
    at = next((link for link in links if link.seq == seq), None)
    if seq > last:
        yield Finding(
            "anchor", last + 1, f"the log ends at event {last}, and the anchor names event {seq}: its end was cut"
        )
    elif at is None or not at.computed.hex().startswith(digits):
        yield Finding("anchor", seq, f"event {seq} is not the one that the anchor names")


def parse_anchor(anchor: str | None) -> tuple[int, str] | None:
    """The seq and hex digits of a head, `SEQ:HEX`; raises BackoutError for anything else."""
    if anchor is None:
        return None
    match = _ANCHOR.fullmatch(anchor.strip().lower())
    if match is None:
        raise BackoutError(
            "the anchor is not a head",
            where=anchor,
            todo="A head is written SEQ:HEX, with at least 20 hexadecimal digits.",
        )
    return int(match[1]), match[2]


def _is_number(value: object) -> TypeGuard[int]:
    """Whether the database can hold the value as a number."""
    return isinstance(value, int) and abs(value) < 2**63


def _row_of(reader: Reader, plan_id: object, revision: object) -> PlanRevision | None:
    if not _is_number(plan_id) or not _is_number(revision):
        return None
    return reader.plan_revision(plan_id, revision)


def _has_text(row: PlanRevision, sha256: object) -> bool:
    return row.sha256 == sha256 == hashlib.sha256(row.text.encode()).hexdigest()


def _stored(link: Link) -> Mapping[str, Any]:
    found = link.data.get("stored")
    return found if isinstance(found, dict) else {}


def _as_stored(row: PlanRevision) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__struct_fields__ if name not in _NOT_STORED_IN_EVENT}


def _at(link: Link) -> object:
    return (link.fields or {}).get("at")
