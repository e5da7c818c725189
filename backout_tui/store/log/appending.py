"""Turns drafts into rows: numbered, chained, hashed, with their blobs. Only called inside the journal's transaction."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence

from msgspec import Struct
from sqlmodel import Session, col, select

from backout_tui.domain.backout.events import Actor, BlobRef, Draft, Event
from backout_tui.domain.codec import encode
from backout_tui.store.clock import Clock
from backout_tui.store.file.models import BlobRow, EventRow
from backout_tui.store.log.records import hash_of, make_record, to_event


class Stamp(Struct, frozen=True):
    """What every record holds besides its own data: who wrote it, when, and with which program."""

    actor: Actor
    clock: Clock
    tool: str


def append_drafts(
    session: Session, log_id: str, last: tuple[int, str], drafts: Sequence[Draft], stamp: Stamp
) -> list[Event]:
    """Append `drafts` after `last` (seq and hex hash) and return the appended events.

    A draft whose event id is already in the file was appended by another process, so it is skipped.
    """
    taken = _taken(session, [draft.event_id for draft in drafts if draft.event_id])
    seq, prev = last
    appended = []
    for draft in drafts:
        if draft.event_id in taken:
            continue
        event = _append(session, log_id, seq + 1, prev, draft, stamp)
        seq, prev = event.seq, event.hash
        taken.add(event.event_id)
        appended.append(event)
    session.flush()
    return appended


def _append(session: Session, log_id: str, seq: int, prev: str, draft: Draft, stamp: Stamp) -> Event:
    event_id = draft.event_id or uuid.uuid4().hex
    record = make_record(
        log=log_id,
        seq=seq,
        prev=prev,
        event_id=event_id,
        kind=draft.kind,
        at=stamp.clock.now(),
        mono_ns=stamp.clock.mono_ns(),
        boot_id=stamp.clock.boot_id(),
        actor=stamp.actor,
        lease=draft.lease,
        tool=stamp.tool,
        data=encode(draft.data),
        blobs=[_keep(session, name, content) for name, content in draft.blobs],
    )
    hash_ = hash_of(record)
    session.add(EventRow(log_id=log_id, seq=seq, event_id=event_id, record=record, hash=hash_))
    return to_event(record, hash_)


def _keep(session: Session, name: str, content: bytes) -> BlobRef:
    sha256 = hashlib.sha256(content).hexdigest()
    if session.exec(select(BlobRow.sha256).where(BlobRow.sha256 == sha256)).first() is None:
        session.add(BlobRow(sha256=sha256, bytes=content, len=len(content)))
    return BlobRef(name, len(content), sha256)


def _taken(session: Session, event_ids: list[str]) -> set[str]:
    if not event_ids:
        return set()
    return set(session.exec(select(EventRow.event_id).where(col(EventRow.event_id).in_(event_ids))))
