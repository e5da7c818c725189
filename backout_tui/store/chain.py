"""The rules that hold a log together, checked on rows as they lie in the file. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backout_tui.store.records import VERSION, hash_of, parse, rewritten


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `seq` is the event it is about, 0 when it is about the log or the file."""

    rule: str
    seq: int
    message: str


@dataclass(frozen=True, slots=True)
class Link:
    """One row of a log: what its columns say, what its record says (None: no record), and the hash it should have."""

    seq: int
    event_id: str
    record: bytes
    hash: bytes
    fields: Mapping[str, Any] | None
    computed: bytes

    @property
    def data(self) -> Mapping[str, Any]:
        """The event's own matter; empty when there is none to be read."""
        found = (self.fields or {}).get("data")
        return found if isinstance(found, dict) else {}

    @property
    def blobs(self) -> Sequence[Mapping[str, Any]]:
        """What the event names by its SHA-256."""
        found = (self.fields or {}).get("blobs")
        return [blob for blob in found if isinstance(blob, dict)] if isinstance(found, list) else []


def read_links(rows: Iterable[tuple[int, str, bytes, bytes]]) -> list[Link]:
    """The rows (seq, event id, record, hash), read without believing them."""
    return [Link(*row, fields=_fields(row[2]), computed=hash_of(row[2])) for row in rows]


def chain_findings(log_id: str, links: Sequence[Link]) -> Iterator[Finding]:
    """What is wrong with the links of one log, in their order; whose plan the first belongs to is not looked at."""
    before: Link | None = None
    for link in links:
        expected = before.seq + 1 if before else 1
        if link.seq != expected:
            yield _gap(expected, link.seq)
        elif before and (link.fields or {}).get("prev") not in (before.hash.hex(), before.computed.hex()):
            # Either hash will do: where the two differ, it is the event before that was changed, and is named.
            yield Finding("prev", link.seq, f"event {link.seq} does not follow event {before.seq} as it is now")
        yield from _own_findings(log_id, link)
        before = link


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
