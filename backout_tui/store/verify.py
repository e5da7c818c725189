"""Is this log what was written? Answered from the records alone: no picture, no column, no cache is believed.

What cannot be found here: a whole log that was removed, and everything behind the last head that left the host. That
takes an anchor, a head written down elsewhere.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from backout_tui.domain.codec import rfc3339
from backout_tui.errors import BackoutError
from backout_tui.store import ddl
from backout_tui.store.chain import Finding, Link, chain_findings, read_links
from backout_tui.store.connection import Damaged
from backout_tui.store.leases import lease_findings
from backout_tui.store.reading import BACKOUTS, PLANS, Reader
from backout_tui.store.records import genesis, parse
from backout_tui.store.rows import PlanRevision

_ANCHOR = re.compile(r"([1-9][0-9]{0,17}):([0-9a-f]{20,64})")
_NOT_STORED_IN_EVENT = {"text", "stored_at"}


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found in one log. `head` is `seq:first 20 hex` of its last event, "" when there is none."""

    events: int
    head: str
    findings: tuple[Finding, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    @property
    def first_bad(self) -> int | None:
        """The first event with anything wrong about it, None when there is none."""
        return min((finding.seq for finding in self.findings if finding.seq), default=None)


def verify_log(source: Reader | Path, log_id: str, *, anchor: str | None = None) -> Verification:
    """Recompute everything that a log says of itself. `anchor` is a head of it that was kept elsewhere, `SEQ:HEX`.

    Raises BackoutError when the file cannot be read at all, or when `anchor` is no head; what is wrong inside the
    file is a finding.
    """
    named = parse_anchor(anchor)
    with Reader.open(source) if isinstance(source, Path) else nullcontext(source) as reader:
        try:
            links = read_links(reader.rows(log_id))
            findings = [*_log_findings(reader, log_id, links), *_stray_findings(reader, log_id)]
        except Damaged as error:
            links, findings = [], [Finding("file", 0, str(error))]
    findings += anchor_findings(links, named)
    head = f"{links[-1].seq}:{links[-1].hash.hex()[:20]}" if links else ""
    return Verification(len(links), head, tuple(findings))


def first_fault(path: Path) -> str | None:
    """The first thing that is wrong in any log of the file, in words; None when they are all sound."""
    with Reader.open(path) as reader:
        for log_id in reader.logs(""):
            for finding in _log_findings(reader, log_id, read_links(reader.rows(log_id))):
                return f"{log_id}: {finding.message}"
    return None


def why_not_sound(path: Path, *, at_most_s: float | None = None) -> str | None:
    """What is wrong with the file itself, its pages and its tables, in words; None when nothing was found.

    With `at_most_s` the pages are looked at for that many seconds, and not against their indexes: writers wait
    meanwhile. Raises BackoutError when the file cannot be opened at all.
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
    """What SQLite finds wrong with the pages within a time; None when it finds nothing, or runs out of time."""
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
    if hashlib.sha256(content).hexdigest() != sha256 or not len(content) == length == named.get("len"):
        yield Finding("blob", seq, f"the {name} of event {seq} was changed")


def _plan_findings(reader: Reader, log_id: str, links: Sequence[Link]) -> Iterator[Finding]:
    """Whether the log is bound to its plan's text, and whether that text is there as it was."""
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
    """Whether every stored revision of a plan is as its event says, and there is one for every event."""
    number = log_id.removeprefix(PLANS)
    rows = {row.revision: row for row in reader.revisions_of(int(number))} if number.isdecimal() else {}
    for link in links:
        if not (stored := _stored(link)):
            continue
        row = rows.pop(stored.get("revision", 0), None)
        if row is None:
            yield Finding("plan", link.seq, f"the text that event {link.seq} stored is missing")
        elif _as_stored(row) != stored or not _has_text(row, row.sha256) or rfc3339(row.stored_at) != _at(link):
            yield Finding("plan", link.seq, f"what event {link.seq} stored was changed")
    for revision in rows:
        yield Finding("plan", 0, f"revision {revision} of the plan was never recorded in its log")


def _stray_findings(reader: Reader, log_id: str) -> Iterator[Finding]:
    for record in reader.strays(log_id):
        try:
            stray = parse(record)
        except ValueError:
            continue  # the log that it lies under names it
        if stray.get("log") == log_id and isinstance(stray.get("seq"), int):
            yield Finding("columns", stray["seq"], f"event {stray['seq']} is stored under another log")


def anchor_findings(links: Sequence[Link], anchor: tuple[int, str] | None) -> Iterator[Finding]:
    """Whether the log still holds the event that an anchor names, and whether its end was cut."""
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
    """Seq and digits of a head, `SEQ:HEX`; raises BackoutError for anything else."""
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


def _row_of(reader: Reader, plan_id: object, revision: object) -> PlanRevision | None:
    if not isinstance(plan_id, int) or not isinstance(revision, int):
        return None
    return reader.plan_revision(plan_id, revision)


def _has_text(row: PlanRevision, sha256: object) -> bool:
    return row.sha256 == sha256 == hashlib.sha256(row.text.encode()).hexdigest()


def _stored(link: Link) -> Mapping[str, Any]:
    found = link.data.get("stored")
    return found if isinstance(found, dict) else {}


def _as_stored(row: PlanRevision) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in fields(row) if field.name not in _NOT_STORED_IN_EVENT}


def _at(link: Link) -> object:
    return (link.fields or {}).get("at")
