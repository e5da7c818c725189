"""Databases that another hand has written in: a rich one made once, and every way to damage a copy of it."""

from __future__ import annotations

import contextlib
import functools
import json
import random
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from backout_tui import __version__
from backout_tui.domain.backout.events import Draft
from backout_tui.domain.backout.fold import backout_of
from backout_tui.domain.codec import encode
from backout_tui.engine.pictures import FORM
from backout_tui.store.log.journal import Journal
from backout_tui.store.log.reading import Reader
from backout_tui.store.log.records import genesis, hash_of
from tests.scenes import SCENES
from tests.store.shelf import ADA, TickingClock, store_plan

_STORIES = 8  # those with the most kinds of events
TOOL = f"backout-tui {__version__}"
DEEP, LONG = "@@deep@@", "@@long@@"  # what JSON cannot be asked to write, put in its place afterwards
WEIRD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**53 + 1, 2**63, 2**70, -(2**63) - 1, 1.5, "", "x", "done",
    "\ud800", "\x00", "\x1b[2J",
    "9999-12-31T23:59:59.999999Z", "0000-01-01T00:00:00.000000Z", "0001-01-01T00:00:00.000000Z", "2026-11-22T03:00:00",
    [], {}, [[]], [None], {"a": {"b": {}}}, {"id": 1}, DEEP, LONG, "x" * 100_000,
)  # fmt: skip


@functools.cache
def rich() -> tuple[Path, int]:
    """A database with a backout for each scene, and with plans; and how many backouts there are. Never written to."""
    folder = Path(tempfile.mkdtemp(prefix="backout-crafting-"))
    path = folder / "rich.sqlite"
    stories = sorted(SCENES.items(), key=lambda story: -len({event.kind for event in story[1]().events}))[:_STORIES]
    with Journal.open(path, clock=TickingClock(), tool=TOOL) as journal:
        plan = store_plan(journal)
        store_plan(journal, "# Backout plan: payments-api 4.12.1\n", version="4.12.1")
        of_plan = {"plan": {"id": plan.plan_id, "revision": plan.revision, "sha256": plan.sha256}}
        for number, (_name, scene) in enumerate(stories, 1):
            drafts = [_draft(number, event.kind, event.data, event.event_id, of_plan) for event in scene().events]
            journal.append_new("backout:", decide=lambda _, drafts=drafts: (plan.sha256, drafts), actor=ADA)  # type: ignore[misc] # bound now
        approval = Draft("PlanApproved", {"by": "kim", "revision": 1, "sha256": plan.sha256})
        journal.append("plan:1", after=0, decide=lambda _: [approval], actor=ADA)
    return path, len(stories)


def _draft(number: int, kind: str, data: Any, event_id: str, of_plan: Any) -> Draft:
    """The event as it stands in a scene, with ids of its own in a file that holds them all."""
    own = {**data, **({"intent": f"{number}-{data['intent']}"} if "intent" in data else {})}
    blobs = (("output", b"rolled back\n"),) if kind == "StepFinished" else ()
    return Draft(kind, own | (of_plan if kind == "BackoutOpened" else {}), blobs, f"{number}-{event_id}", 1)


def copied(place: Path) -> Path:
    """A copy of it in `place`."""
    place.mkdir(exist_ok=True)
    path = place / "backout.sqlite"
    shutil.copy(rich()[0], path)
    path.chmod(0o600)
    return path


@contextlib.contextmanager
def loosened(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection of somebody who has taken the triggers and the columns' kinds away."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as forger:
        for (name,) in forger.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            forger.execute(f"DROP TRIGGER {name}")
        for table in ("event", "blob", "plan_revision", "picture"):
            forger.execute(f"CREATE TABLE loose AS SELECT * FROM {table}")
            forger.execute(f"DROP TABLE {table}")
            forger.execute(f"ALTER TABLE loose RENAME TO {table}")
        yield forger


def rechained(forger: sqlite3.Connection, log_id: str, records: list[bytes]) -> None:
    """Write these records as the log, each chained to the one before it: nothing of the chain tells that it was."""
    forger.execute("DELETE FROM event WHERE log_id = ?", (log_id,))
    prev = ""
    for seq, record in enumerate(records, 1):
        fields = _fields(record)
        if seq > 1 and fields is not None and "prev" in fields:
            record = written({**fields, "prev": prev}) if DEEP.encode() not in record else record
        elif seq == 1 and fields is not None and "prev" in fields:
            record = written({**fields, "prev": genesis(log_id, _sha256_of(fields))})
        record = _replaced(record)
        prev = hash_of(record).hex()
        row = (log_id, seq, f"{log_id}-{seq}" if fields is None else str(fields.get("event_id")), record)
        forger.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?)", (*row, bytes.fromhex(prev)))


def _sha256_of(fields: dict[str, Any]) -> str:
    data = fields.get("data")
    for name in ("plan", "stored"):
        named = data.get(name) if isinstance(data, dict) else None
        if isinstance(named, dict):
            return str(named.get("sha256"))
    return ""


def _fields(record: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(record)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def written(value: Any) -> bytes:
    """`value` as a record is written, whatever it holds."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _replaced(record: bytes) -> bytes:
    deep = b"[" * 3000 + b"]" * 3000
    return record.replace(f'"{DEEP}"'.encode(), deep).replace(f'"{LONG}"'.encode(), b"9" * 5000)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value inside another."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield (*path, key)
        yield from places(one, (*path, key))


def with_weird(dice: random.Random, value: Any) -> Any:
    """`value` in which one thing, anywhere, is missing, of another kind, or nested otherwise."""
    ways = list(places(value))
    if not ways:
        return dice.choice(WEIRD)
    *way, last = dice.choice(ways)
    holder = value
    for key in way:
        holder = holder[key]
    how = dice.choice(("gone", "weird", "weird", "weird", "wrapped", "renamed"))
    if how == "weird":
        holder[last] = dice.choice(WEIRD)
    elif how == "wrapped":
        holder[last] = dice.choice(([holder[last]], {"x": holder[last]}))
    else:
        moved = holder.pop(last)
        if how == "renamed" and isinstance(holder, dict):
            holder[f"{last}x"] = moved
    return value


def _one_event(dice: random.Random, records: list[bytes]) -> list[bytes]:
    """An event of which something is missing or of another kind."""
    at = dice.randrange(len(records))
    records[at] = written(with_weird(dice, json.loads(records[at])))
    return records


def _one_payload(dice: random.Random, records: list[bytes]) -> list[bytes]:
    """The same, of what the event itself holds."""
    at = dice.randrange(len(records))
    fields = json.loads(records[at])
    fields["data"] = with_weird(dice, fields["data"])
    records[at] = written(fields)
    return records


def _order(dice: random.Random, records: list[bytes]) -> list[bytes]:
    """Events that are missing, twice, or in an order that cannot be."""
    how = dice.choice(("gone", "twice", "shuffled", "other kind"))
    at = dice.randrange(len(records))
    if how == "gone":
        del records[at]
    elif how == "twice":
        records.insert(dice.randrange(len(records) + 1), records[at])
    elif how == "shuffled":
        dice.shuffle(records)
    else:
        fields, other = json.loads(records[at]), json.loads(dice.choice(records))
        records[at] = written({**fields, "kind": other["kind"]})
    return [_numbered(record, seq) for seq, record in enumerate(records, 1)] or [b"{}"]


def _numbered(record: bytes, seq: int) -> bytes:
    return written({**json.loads(record), "seq": seq, "event_id": f"crafted-{seq}"})


def _bytes(dice: random.Random, records: list[bytes]) -> list[bytes]:
    """Bytes that are no text, no JSON, or no whole record."""
    at = dice.randrange(len(records))
    whole, cut = records[at], dice.randrange(len(records[at]))
    records[at] = dice.choice(
        (whole[:cut], whole[:cut] + b"\xff" + whole[cut + 1 :], b"", b"null", b"[]", b"7", b'"x"', b"{}")
    )
    return records


IN_RECORDS: tuple[Callable[[random.Random, list[bytes]], list[bytes]], ...] = (
    _one_event, _one_payload, _one_payload, _order, _bytes,
)  # fmt: skip


def craft(dice: random.Random, path: Path) -> str:
    """Damage one log in one way; gives the log's name."""
    log_id = f"backout:{dice.randint(1, rich()[1])}" if dice.random() < 0.85 else "plan:1"
    with Reader.open(path) as reader:
        records = [record for _seq, record, _hash in reader.records(log_id)]
    with loosened(path) as forger:
        how = dice.random()
        if how < 0.75:
            rechained(forger, log_id, dice.choice(IN_RECORDS)(dice, records))
        elif how < 0.9:
            _columns(dice, forger, log_id)
        else:
            _picture(dice, forger, log_id)
    return log_id


def _columns(dice: random.Random, forger: sqlite3.Connection, log_id: str) -> None:
    """A column of another kind: text for bytes, nothing at all, a number that is none."""
    table, where = dice.choice((("event", f"log_id = '{log_id}'"), ("blob", "1"), ("plan_revision", "1")))
    columns = [row[1] for row in forger.execute(f"PRAGMA table_info({table})")]
    value = dice.choice((None, "text", b"\xff\xfe", 7, -1, 2**62, 1.5, "5", "9999-12-31T23:59:59.999999Z"))
    (row,) = dice.choice(forger.execute(f"SELECT rowid FROM {table} WHERE {where}").fetchall())
    forger.execute(f"UPDATE {table} SET {dice.choice(columns)} = ? WHERE rowid = ?", (value, row))


def _picture(dice: random.Random, forger: sqlite3.Connection, log_id: str) -> None:
    """A fold that says something that cannot be, with the right hash."""
    if not log_id.startswith("backout:"):
        return
    last = forger.execute("SELECT seq, hash FROM event WHERE log_id = ? ORDER BY seq DESC", (log_id,)).fetchone()
    path = forger.execute("PRAGMA database_list").fetchone()[2]
    with Reader.open(Path(path)) as reader:
        backout = backout_of(reader.events_after(log_id, 0), log_id=log_id)
    state = written(with_weird(dice, json.loads(json.dumps(encode(backout))))).decode()
    row = (log_id, last[0], last[1].hex(), state, f"{TOOL} form {FORM}")
    forger.execute("INSERT INTO picture VALUES (?, ?, ?, ?, ?)", row)
