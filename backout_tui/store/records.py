"""Records: the bytes of one event, and their hash. contract.md section 10. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NoReturn

from backout_tui.domain.codec import rfc3339
from backout_tui.domain.events import Actor, BlobRef, Event
from backout_tui.domain.text import safe_json

VERSION = 1
_DOMAIN = b"backout-event\0v1\0"


def make_record(
    *,
    log: str,
    seq: int,
    prev: str,
    event_id: str,
    kind: str,
    at: datetime,
    mono_ns: int,
    boot_id: str,
    actor: Actor,
    lease: int,
    tool: str,
    data: Mapping[str, Any],
    blobs: Iterable[BlobRef] = (),
) -> bytes:
    """The record of one event in its only form.

    Raises TypeError for what a record cannot hold: floats, keys that are not text, and anything but plain values.
    """
    return canonical(
        {
            "v": VERSION,
            "log": log,
            "seq": seq,
            "prev": prev,
            "event_id": event_id,
            "kind": kind,
            "at": rfc3339(at),
            "mono_ns": mono_ns,
            "boot_id": boot_id,
            "actor": actor.record(),
            "lease": lease,
            "tool": tool,
            "data": data,
            "blobs": [{"name": blob.name, "len": blob.length, "sha256": blob.sha256} for blob in blobs],
        }
    )


def canonical(value: Any) -> bytes:
    """`value` as JSON in the only form that a record may have; raises TypeError for what it cannot hold."""
    text = _dump(_plain(value))
    if "\\ud" in text:
        # Two halves of one character, given one by one, are written apart and read as one: write what will be read.
        text = _dump(json.loads(text))
    return text.encode()


def rewritten(fields: Mapping[str, Any]) -> bytes:
    """The bytes that a parsed record has in the canonical form."""
    return _dump(fields).encode()


def parse(record: bytes) -> dict[str, Any]:
    """The JSON object that `record` is; raises ValueError for anything else, floats included."""
    try:
        value = json.loads(record.decode(), parse_float=_refuse_number, parse_constant=_refuse_number)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - one kind of error for whoever reads a record
    return value


def hash_of(record: bytes) -> bytes:
    """The 32 bytes that chain `record` to the next one."""
    import hashlib  # it loads OpenSSL, for which a reader need not wait

    return hashlib.sha256(_DOMAIN + record).digest()


def genesis(log_id: str, text_sha256_hex: str) -> str:
    """The `prev` of a log's first event: the log's name bound to the plan's text."""
    import hashlib  # as above

    return hashlib.sha256((log_id + text_sha256_hex).encode()).hexdigest()


def to_event(record: bytes, hash: bytes) -> Event:  # noqa: A002 - the word of the contract
    """The event that `record` holds; raises ValueError when it is not a record of ours."""
    try:
        fields = json.loads(record.decode())
        return Event(
            log=fields["log"],
            seq=fields["seq"],
            event_id=fields["event_id"],
            kind=fields["kind"],
            at=fields["at"],
            actor=Actor.of(fields["actor"]),
            lease=fields["lease"],
            data=fields["data"],
            blobs=tuple(BlobRef(blob["name"], blob["len"], blob["sha256"]) for blob in fields["blobs"]),
            mono_ns=fields["mono_ns"],
            boot_id=fields["boot_id"],
            tool=fields["tool"],
            prev=fields["prev"],
            hash=hash.hex(),
        )
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"not a record of this program: {error!r}") from error


def _dump(value: Any) -> str:
    return safe_json(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False))


def _plain(value: Any) -> Any:
    """`value` when it is made of objects, arrays, text, integers, true, false and null alone."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, Mapping):
        if wrong := [key for key in value if not isinstance(key, str)]:
            raise TypeError(f"a record's keys are text, not {wrong[0]!r}")
        return {key: _plain(inner) for key, inner in value.items()}
    raise TypeError(f"a record cannot hold a {type(value).__name__}: {value!r}")


def _refuse_number(text: str) -> NoReturn:
    raise ValueError(f"a number that is not an integer: {text}")
