"""The rules that hold a log together, checked on the rows as they are stored. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from backout_tui.store.log.records import VERSION, hash_of, parse, rewritten


class Finding(Struct, frozen=True):
    """One thing that is wrong. `seq` is the event it concerns, or 0 for the log or the file."""

    rule: str
    seq: int
    message: str


class Link(Struct, frozen=True):
    """One row of a log: its columns, its parsed record (None when it has none), and the hash it should have."""

    seq: int
    event_id: str
    record: bytes
    hash: bytes
    fields: Mapping[str, Any] | None
    computed: bytes

    @property
    def data(self) -> Mapping[str, Any]:
        """The event's own data; empty when it cannot be read."""
        found = (self.fields or {}).get("data")
        return found if isinstance(found, dict) else {}

    @property
    def blobs(self) -> Sequence[Mapping[str, Any]]:
        """The blobs that the event refers to by SHA-256."""
        found = (self.fields or {}).get("blobs")
        return [blob for blob in found if isinstance(blob, dict)] if isinstance(found, list) else []


def read_links(rows: Iterable[tuple[int, str, bytes, bytes]]) -> list[Link]:
    """Read the rows (seq, event id, record, hash) without trusting anything in them, not even their columns' types."""
    return [_link(*row) for row in rows]


def _link(seq: object, event_id: object, record: object, hash_: object) -> Link:
    whole = isinstance(record, bytes)
    kept = record if isinstance(record, bytes) else str(record).encode("utf-8", "replace")
    return Link(
        seq=seq if isinstance(seq, int) else 0,
        event_id=str(event_id),
        record=kept,
        hash=hash_ if isinstance(hash_, bytes) else b"",
        fields=_fields(kept) if whole else None,
        computed=hash_of(kept),
    )


def chain_findings(log_id: str, links: Sequence[Link]) -> Iterator[Finding]:
    """What is wrong with the links of one log, in order; which plan the first link belongs to is not checked."""
    before: Link | None = None
    for place, link in enumerate(links):
        expected = before.seq + 1 if before else 1
        if link.seq != expected:
            yield _gap(expected, link.seq)
        elif before and not _follows(link, before):
            yield _broken(before, link, links[place + 1] if place + 1 < len(links) else None)
        yield from _own_findings(log_id, link)
        before = link


def _follows(link: Link, before: Link) -> bool:
    """Whether it names the event before. Either hash will do: where the two differ that event has its own finding."""
    return (link.fields or {}).get("prev") in (before.hash.hex(), before.computed.hex())


def _broken(before: Link, link: Link, after: Link | None) -> Finding:
    """Where two events do not fit: the second was changed if its hash or the next one doesn't fit, else the first."""
    second = link.computed != link.hash or (after is not None and not _follows(after, link))
    changed = link if second else before
    what = f"event {link.seq} does not follow event {before.seq} as it is now"
    return Finding("prev", changed.seq, f"{what}: event {changed.seq} was changed")


def _gap(expected: int, found: int) -> Finding:
    if found < expected:
        return Finding("gap", 1, f"the log begins with an event {found}")
    missing = (
        f"event {expected} is missing" if found == expected + 1 else f"events {expected} to {found - 1} are missing"
    )
    return Finding("gap", expected, missing)


def _own_findings(log_id: str, link: Link) -> Iterator[Finding]:
    if link.computed != link.hash:
        yield Finding("hash", link.seq, f"event {link.seq} does not match its hash")
    if link.fields is None:
        yield Finding("form", link.seq, f"event {link.seq} cannot be read")
        return
    if rewritten(link.fields) != link.record or link.fields.get("v") != VERSION:
        yield Finding("form", link.seq, f"event {link.seq} is not written as this program writes")
    columns = {"log": log_id, "seq": link.seq, "event_id": link.event_id}
    for name, column in columns.items():
        if link.fields.get(name) != column:
            yield Finding(
                "columns", link.seq, f"event {link.seq} is stored as {name} {column!r} and says something else"
            )


def _fields(record: bytes) -> Mapping[str, Any] | None:
    try:
        fields = parse(record)
        rewritten(fields)
    except (ValueError, RecursionError):
        return None
    return fields
