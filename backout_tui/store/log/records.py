"""Records: the bytes of one event, and the hash of them. contract.md section 10. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NoReturn

from msgspec import MsgspecError, Struct, field
from msgspec.json import Decoder

from backout_tui.domain.backout.events import Actor, BlobRef, Event
from backout_tui.domain.backout.payload import Count
from backout_tui.domain.backout.payloads.kinds import payload_of
from backout_tui.domain.codec import decode, parse_time, rfc3339
from backout_tui.domain.damage import Unfit
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
    """The record of one event in the canonical form.

    Raises TypeError for values that a record cannot hold: floats, keys that are not text, and anything but plain
    values.
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
    """`value` as JSON in the canonical form of records; raises TypeError for values that a record cannot hold."""
    text = _dump(_plain(value))
    if "\\ud" in text:
        # Two surrogate halves that came separately are written as two escapes but read as one character: write that
        # one.
        text = _dump(json.loads(text))
    return text.encode()


def rewritten(fields: Mapping[str, Any]) -> bytes:
    """The canonical bytes of a parsed record."""
    return _dump(fields).encode()


def parse(record: bytes) -> dict[str, Any]:
    """Parse `record` as a JSON object; raises ValueError for anything else, floats included."""
    try:
        value = json.loads(record.decode(), parse_float=_refuse_number, parse_constant=_refuse_number)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - one kind of error for whoever reads a record
    return value


def hash_of(record: bytes) -> bytes:
    """The 32-byte hash that chains `record` to the next one."""
    import hashlib  # it loads OpenSSL, which a reader need not wait for

    return hashlib.sha256(_DOMAIN + record).digest()


def genesis(log_id: str, text_sha256_hex: str) -> str:
    """The `prev` of a log's first event: a hash that ties the log's name to the plan's text."""
    import hashlib  # as above

    return hashlib.sha256((log_id + text_sha256_hex).encode()).hexdigest()


def to_event(record: bytes, hash: bytes) -> Event:  # noqa: A002 - the word of the contract
    """The event in `record`, with its payload; raises Unfit for a record that this program cannot have written."""
    one = _envelope(record)
    parse_time(one.at)  # so that showing the time cannot fail later
    return Event(
        log=one.log,
        seq=one.seq,
        event_id=one.event_id,
        kind=one.kind,
        at=one.at,
        actor=_actor(one.actor),
        lease=one.lease,
        data=one.data,
        blobs=tuple(BlobRef(blob.name, blob.length, blob.sha256) for blob in one.blobs) if one.blobs else (),
        mono_ns=one.mono_ns,
        boot_id=one.boot_id,
        tool=one.tool,
        prev=one.prev,
        hash=hash.hex(),
        decoded=payload_of(one.kind, one.data),
    )


class _Actor(Struct, frozen=True):
    name: str = field(default="", name="as")
    login: str = ""
    uid: int = -1
    host: str = ""
    tty: str = ""
    ssh_client: str = ""
    sudo_user: str = ""
    login_uid: int = -1
    login_user: str = ""


def _actor(said: _Actor) -> Actor:
    known = said.name, said.login, said.uid, said.host, said.tty, said.ssh_client
    return Actor(*known, said.sudo_user, said.login_uid, said.login_user)


class _Blob(Struct, frozen=True):
    name: str
    sha256: str
    length: Count = field(name="len")


class _Envelope(Struct, frozen=True):
    """The entries that every record has, whatever event it holds."""

    log: str
    seq: Count
    event_id: str
    kind: str
    at: str
    actor: _Actor
    lease: Count
    data: dict[str, Any]
    blobs: list[_Blob]
    mono_ns: int
    boot_id: str
    tool: str
    prev: str


_READ = Decoder(_Envelope)


def _envelope(record: bytes) -> _Envelope:
    try:
        return _READ.decode(record)
    except (ValueError, MsgspecError, RecursionError):
        pass  # rare: the text holds half a surrogate pair, which this decoder does not read, or it is damaged
    try:
        return decode(_Envelope, json.loads(record.decode()))
    except UnicodeDecodeError:
        raise Unfit("it is not UTF-8 text") from None
    except RecursionError:
        raise Unfit("it is nested too deeply") from None
    except json.JSONDecodeError:
        raise Unfit("it is not JSON") from None
    except ValueError as error:
        raise Unfit(error.why if isinstance(error, Unfit) else "a number in it is too long") from None


def _dump(value: Any) -> str:
    return safe_json(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False))


def _plain(value: Any) -> Any:
    """`value` if it consists only of objects, arrays, text, integers, true, false and null."""
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
