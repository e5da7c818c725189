"""A quick check that a log's chain holds, made before any of it is printed. It costs one hash per event. Pure.

Only the chain is checked here. When it does not hold, everything is recomputed to find out which event was changed. A
log that was forged and chained again passes; only an anchor reveals that.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import MsgspecError, Struct
from msgspec.json import Decoder

from backout_tui.store.log.records import genesis, hash_of


class _Link(Struct, frozen=True):
    """What a record says about its place in the log; its other entries are ignored."""

    log: str
    seq: int
    event_id: str
    prev: str


class _Plan(Struct, frozen=True):
    sha256: str = ""


class _Bound(Struct, frozen=True):
    """The plan text that a log is tied to: the plan that a backout carries out, or the text that a plan's log holds."""

    plan: _Plan = _Plan()
    stored: _Plan = _Plan()


class _First(Struct, frozen=True):
    data: _Bound


_LINK, _FIRST = Decoder(_Link), Decoder(_First)


def is_unbroken(log_id: str, rows: Iterable[tuple[int, str, bytes, bytes]]) -> bool:
    """Whether every row (seq, event id, record, hash) matches its hash, is where its record says, and follows the last.

    The first row must be tied to the text of its plan. Also False when something cannot be read at all.
    """
    prev, seq = "", 0
    try:
        for at, event_id, record, hash_ in rows:
            prev = prev or genesis(log_id, _text_of(record))
            seq += 1
            link = _LINK.decode(record)
            if (link.log, link.seq, link.event_id, link.prev) != (log_id, seq, event_id, prev):
                return False
            if at != seq or hash_of(record) != hash_:
                return False
            prev = hash_.hex()
    except (MsgspecError, ValueError, TypeError, AttributeError, RecursionError):  # then it is not one of our records
        return False
    return True


def _text_of(record: bytes) -> str:
    bound = _FIRST.decode(record).data
    return bound.plan.sha256 or bound.stored.sha256
