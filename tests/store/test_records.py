"""Records: one form, no floats, and a chain that can be computed by anybody."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backout_tui.domain.backout.events import Actor, BlobRef
from backout_tui.store.log.records import canonical, genesis, hash_of, make_record, parse, rewritten, to_event

NIGHT = datetime(2026, 11, 22, 3, 12, 0, 5, tzinfo=UTC)
any_text = st.text(st.characters())  # surrogates included
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | any_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(any_text, inner, max_size=4),
    max_leaves=12,
)


def record(**changes: Any) -> bytes:
    fields: dict[str, Any] = {
        "log": "backout:1",
        "seq": 1,
        "prev": "ab",
        "event_id": "e1",
        "kind": "NoteAdded",
        "at": NIGHT,
        "mono_ns": 12,
        "boot_id": "boot",
        "actor": Actor("ada"),
        "lease": 2,
        "tool": "t",
        "data": {"text": "é"},
        "blobs": [BlobRef("output", 3, "cd")],
    }
    return make_record(**{**fields, **changes})


def test_a_record_is_written_exactly_as_the_contract_says() -> None:
    assert record().decode() == (
        '{"actor":{"as":"ada","host":"","login":"","ssh_client":"","tty":"","uid":-1},"at":"2026-11-22T03:12:00.000005Z",'
        '"blobs":[{"len":3,"name":"output","sha256":"cd"}],"boot_id":"boot","data":{"text":"é"},"event_id":"e1",'
        '"kind":"NoteAdded","lease":2,"log":"backout:1","mono_ns":12,"prev":"ab","seq":1,"tool":"t","v":1}'
    )


def test_the_hash_and_the_first_prev_are_what_the_contract_says() -> None:
    assert hash_of(b"{}") == hashlib.sha256(b"backout-event\0v1\0{}").digest()
    assert genesis("backout:3", "ab" * 32) == hashlib.sha256(b"backout:3" + b"ab" * 32).hexdigest()


def test_a_moment_of_another_zone_is_recorded_in_utc() -> None:
    there = datetime(2026, 11, 22, 4, 0, tzinfo=timezone(timedelta(hours=1)))
    assert json.loads(record(at=there))["at"] == "2026-11-22T03:00:00.000000Z"


@pytest.mark.parametrize(
    "data",
    [{"ms": 1.5}, {"deep": [{"ms": float("nan")}]}, {1: "a key"}, {"bytes": b"x"}, {"set": {1}}, {"when": NIGHT}],
)
def test_what_a_record_cannot_hold_is_refused(data: dict[Any, Any]) -> None:
    with pytest.raises(TypeError, match="a record"):
        record(data=data)


@given(st.dictionaries(any_text, plain, max_size=4))
def test_every_record_has_one_form_and_reads_back_as_that_form(data: dict[str, Any]) -> None:
    """Half characters, given one by one, are joined when JSON is read: the record must be what the reading gives."""
    written = record(data=data)
    assert rewritten(parse(written)) == written
    assert canonical(parse(written)) == written


@given(any_text)
def test_no_byte_of_a_record_acts_on_a_terminal(text: str) -> None:
    shown = record(data={"text": text}).decode()
    assert not [c for c in shown if ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 or c in "\u202e\u2066\u200b\ufeff"]


def test_an_event_is_read_back_with_everything_it_was_written_with() -> None:
    written = record()
    event = to_event(written, hash_of(written))
    assert (event.log, event.seq, event.event_id, event.kind, event.lease) == ("backout:1", 1, "e1", "NoteAdded", 2)
    assert event.when == NIGHT
    assert event.actor == Actor("ada")
    assert event.data == {"text": "é"}
    assert event.blobs == (BlobRef("output", 3, "cd"),)
    assert (event.mono_ns, event.boot_id, event.tool, event.prev) == (12, "boot", "t", "ab")
    assert event.hash == hash_of(written).hex()


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b"null",
        b'{"blobs":[3]}',
        b"[" * 100_000,
        record()[:-1],
        record().replace(b'"as"', b'"as'),
    ],
)
def test_what_is_no_record_is_a_value_error_and_never_another_one(damaged: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - JSON's own words, and ours
        to_event(damaged, b"\0" * 32)


@pytest.mark.parametrize("damaged", [b'{"a":1.0}', b'{"a":NaN}', b'{"a":1e3}', b"[]", b"[" * 100_000])
def test_floats_and_anything_but_an_object_are_not_parsed(damaged: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - JSON's own words, and ours
        parse(damaged)
