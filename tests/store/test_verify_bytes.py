"""One changed byte in any column of any row is found."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backout_tui.store.file import backup
from backout_tui.store.log.reading import Reader
from backout_tui.store.log.verify import verify_log
from tests.campaigns.counts import examples
from tests.store.shelf import PLAN, filled, forger, note, open_backout, open_journal, store_plan

LOG = "backout:1"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with one backout of six events, the last with an output."""
    found = tmp_path / "backout.sqlite"
    assert filled(found) == LOG
    return found


COLUMNS = {
    "event": ("log_id", "seq", "event_id", "record", "hash"),
    "blob": ("sha256", "bytes", "len"),
    "plan_revision": (
        "plan_id",
        "revision",
        "text",
        "sha256",
        "name",
        "version",
        "returns_to",
        "environment",
        "team",
        "stored_at",
    ),
}


@pytest.fixture(scope="module")
def untouched() -> Iterator[Path]:
    """A database with a plan of two revisions and a backout, to be copied and changed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "backout.sqlite"
        filled(path)
        with open_journal(path) as journal:
            revision = store_plan(journal, PLAN + "more\n", plan_id=1)
            note(journal, open_backout(journal, revision), "second", output=b"\x00\xff")
        yield path


def flipped(value: int | str | bytes, at: int, bit: int) -> int | str | bytes:
    """`value` with one bit of one byte changed, of the same type."""
    if isinstance(value, int):
        return value ^ (1 << at % 3)
    raw = bytearray(value if isinstance(value, bytes) else value.encode())
    raw[at % len(raw)] ^= 1 << bit
    return bytes(raw)


@given(st.data())
@settings(max_examples=examples(few=50), deadline=None)
def test_one_changed_byte_in_any_column_of_any_row_is_found(untouched: Path, data: st.DataObject) -> None:
    table = data.draw(st.sampled_from(sorted(COLUMNS)))
    column = data.draw(st.sampled_from(COLUMNS[table]))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "copy.sqlite"
        backup.backup(untouched, path)
        with forger(path) as forged:
            rows = forged.execute(f"SELECT rowid, {column} FROM {table} ORDER BY rowid").fetchall()
            row, was = data.draw(st.sampled_from(rows))
            now = flipped(was, data.draw(st.integers(0, 5000)), data.draw(st.integers(0, 7)))
            as_text = isinstance(was, str)
            try:
                forged.execute(
                    f"UPDATE {table} SET {column} = {'CAST(? AS TEXT)' if as_text else '?'} WHERE rowid = ?", (now, row)
                )
            except sqlite3.IntegrityError:
                return  # a number that is taken, or not one: the table itself refuses it
        with Reader.open(path) as reader:
            logs = reader.logs("")
        found = [verify_log(path, log_id) for log_id in {"backout:1", "backout:2", "plan:1", *logs}]
        assert any(not verified.ok for verified in found)
        if table == "event":
            assert any(verified.first_bad for verified in found)


def test_every_single_byte_of_a_record_counts(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        record = connection.execute("SELECT record FROM event WHERE log_id = ? AND seq = 6", (LOG,)).fetchone()[0]
    with forger(path) as forged:
        for at in range(0, len(record), 7):
            changed = record[:at] + bytes([record[at] ^ 1]) + record[at + 1 :]
            forged.execute("UPDATE event SET record = ? WHERE log_id = ? AND seq = 6", (changed, LOG))
            forged.commit()
            assert verify_log(path, LOG).first_bad == 6


def test_a_time_in_another_form_than_ours_is_damage(untouched: Path, tmp_path: Path) -> None:
    """The standard library reads any character between day and hour."""
    path = tmp_path / "copy.sqlite"
    backup.backup(untouched, path)
    with forger(path) as forged:
        forged.execute("UPDATE plan_revision SET stored_at = replace(stored_at, 'T', 'U')")
    assert not verify_log(path, "plan:1").ok
