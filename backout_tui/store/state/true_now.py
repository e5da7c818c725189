"""What is true of a backout now, as the rows of the state tables. Pure; contract.md sections 9 and 10.

Columns have the names of `show --json`, flattened; a name that SQL reserves ends with an underscore. Times are RFC
3339, yes and no are 1 and 0, unknown values are null. Texts are cleaned, because `sqlite3` prints them to a terminal.
"""

from __future__ import annotations

import contextlib
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import repeat
from typing import Any

from msgspec import Struct

from backout_tui.domain.backout.items import Attempt, CheckState, MessageState, RecipientState, StepState
from backout_tui.domain.backout.state import Backout, Call, Decision, Deviation, Problem
from backout_tui.domain.codec import rfc3339
from backout_tui.domain.text import clean

Row = dict[str, Any]

BACKOUT = "backout"
_LARGEST = 2**63 - 1


class Table(Struct, frozen=True):
    """One table below `backout`: the part of the state it shows, its items, and how an item becomes a row.

    The rows have the order of `show --json`.
    """

    name: str
    entry: str
    row: Callable[[Any], Row]
    items: Callable[[Any], Sequence[Any]] = list


class Change(Struct, frozen=True):
    """The changes in one table: the places whose rows are deleted, and the rows to insert (some in those places)."""

    table: str
    gone: Sequence[int]
    rows: Sequence[Row]


def backout_row(backout: Backout) -> Row:
    """The row of the backout itself; `log_head` is the event up to which its rows are true."""
    release, ref, verdict = backout.release, backout.ref, backout.verdict
    return _plain(
        id=backout.id,
        mode=backout.mode,
        state=backout.phase.value,
        outcome=verdict.outcome if verdict is not None else None,
        release_name=release.name,
        release_version=release.version,
        returns_to=release.returns_to,
        environment=release.environment,
        plan_id=ref.id,
        plan_revision=ref.revision,
        plan_sha256=ref.sha256,
        plan_approved=ref.approved,
        opened_at=backout.opened_at,
        opened_by=backout.opened_by.name,
        deployed_at=backout.deployed_at,
        closed_at=backout.closed_at,
        closed_by=backout.closed_by or None,
        operator=backout.operator,
        log_events=backout.seq,
        log_head=backout.head,
    )


def rows_of(backout: Backout) -> Iterator[tuple[str, list[Row]]]:
    """Every table below `backout`, with its rows."""
    for table in TABLES:
        items = table.items(getattr(backout, table.entry))
        yield table.name, [_placed(backout, table, place, one) for place, one in enumerate(items, 1)]


def changes(before: Backout, after: Backout) -> Iterator[Change]:
    """What to write below `backout` when `before` becomes `after`: only the rows that changed."""
    for table in TABLES:
        old, new = getattr(before, table.entry), getattr(after, table.entry)
        if old is new:
            continue
        was, now = table.items(old), table.items(new)
        places = _different(was, now)
        if places:
            rows = [_placed(after, table, place, now[place - 1]) for place in places if place <= len(now)]
            yield Change(table.name, [place for place in places if place <= len(was)], rows)


def _different(was: Sequence[Any], now: Sequence[Any]) -> list[int]:
    """The places, counted from 1, where the two differ: usually one step in ten thousand."""
    same, places = [*map(operator.is_, was, now), *repeat(False, abs(len(was) - len(now)))], []
    at = -1
    with contextlib.suppress(ValueError):  # the rest is equal
        while True:
            at = same.index(False, at + 1)
            if at >= min(len(was), len(now)) or was[at] != now[at]:
                places.append(at + 1)
    return places


def _placed(backout: Backout, table: Table, place: int, item: Any) -> Row:
    return {"backout_id": backout.id, "position": place, **table.row(item)}


def _problem(one: Problem) -> Row:
    told = _fields(one, "id", "title", "severity", "kind", "seen", "detail", "assignee", "status", "note", "by")
    return told | _plain(tracker=None, logged_at=one.logged_at)


def _decision(one: Decision) -> Row:
    told = _fields(one, "kind", "by", "at", "reason", "agreed", "question", "recorded_by", "break_glass")
    told |= _fields(one, "named_authoriser", "early_s")
    return told | _plain(role=one.role or None, problems=_listed(one.problems))


def _step(one: StepState) -> Row:
    told = _fields(one, "number", "title", "kind", "reason", "by", "origin", "parent", "option", "phase")
    ran = _newest(one.attempts)
    return {
        **_plain(id=one.number, state=one.state.value, condition=one.condition or None),
        **told,
        **_plain(
            estimate_s=one.estimate.typical_s if one.estimate is not None else None,
            required=one.says("required"),
            point_of_no_return=one.no_way_back is not None,
        ),
        **ran,
        **_plain(ended_at=one.ended_at or ran["ended_at"]),
    }


def _check(one: CheckState) -> Row:
    seen = one.observations[-1] if one.observations else None
    return {
        **_fields(one, "id", "title", "kind", "required", "running"),
        **_plain(
            when_=one.when,
            verdict=one.verdict or None,
            observations=len(one.observations),
            observed_at=seen.at if seen is not None else None,
            observed_by=seen.by if seen is not None else None,
            note=seen.note if seen is not None else None,
        ),
        **_newest(one.attempts),
    }


def _newest(attempts: Sequence[Attempt]) -> Row:
    """How often a command ran, and the values of its newest attempt."""
    last = attempts[-1] if attempts else None
    return _plain(
        attempts=len(attempts),
        started_at=last.started_at if last is not None else None,
        ended_at=last.ended_at if last is not None else None,
        duration_ms=last.duration_ms if last is not None else None,
        exit_code=last.exit_code if last is not None else None,
        expect_met=last.expect_met if last is not None else None,
        host=last.host if last is not None else None,
        why=last.why if last is not None else None,
    )


def _message(one: MessageState) -> Row:
    told = _fields(one, "id", "title", "by", "state", "origin")
    return told | _plain(
        when_=one.when, to_=_listed(one.to), sent_at=one.last_at, sent_subject=one.sent_subject or None
    )


def _recipients(messages: Mapping[str, MessageState]) -> list[tuple[str, RecipientState]]:
    return [(message.id, one) for message in messages.values() for one in message.recipients]


def _recipient(of: tuple[str, RecipientState]) -> Row:
    message, one = of
    return _plain(message_id=message) | _fields(one, "name", "state", "detail", "at")


def _call(one: Call) -> Row:
    return _fields(one, "id", "name", "result", "note", "by", "at", "follow_up")


def _deviation(one: Deviation) -> Row:
    told = _fields(one, "kind", "step", "reason", "by", "at", "event")
    return told | _plain(agreed=one.agreed or None, problem=one.problem or None, first_reason=one.first or None)


def _values(mapping: Mapping[str, Any]) -> list[Any]:
    return list(mapping.values())


TABLES = (
    Table("problem", "problems", _problem),
    Table("decision", "decision", _decision, lambda decision: () if decision is None else (decision,)),
    Table("step", "steps", _step, _values),
    Table("check_", "checks", _check, _values),
    Table("message", "messages", _message, _values),
    Table("recipient", "messages", _recipient, _recipients),
    Table("call", "calls", _call),
    Table("deviation", "deviations", _deviation),
)
"""Every table below `backout`. A row's key is its backout and its place."""


def _fields(value: Any, *names: str) -> Row:
    return _plain(**{name: getattr(value, name) for name in names})


def _plain(**told: Any) -> Row:
    return {name: _cell(value) for name, value in told.items()}


def _cell(value: Any) -> str | int | None:
    """A cell's value: a text that is safe on a terminal, a number that the database can hold, or null."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, int):
        return int(value) if abs(value) <= _LARGEST else None
    return None


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
