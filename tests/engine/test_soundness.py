"""A log that was changed behind our back is found in the background, and then only read."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from backout_tui.engine import soundness
from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import note_verbs
from backout_tui.errors import Refused


def damage(database: Path) -> None:
    """Change one byte of an event, with the guards taken away and put back."""
    with closing(sqlite3.connect(database)) as connection, connection:
        guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        record = connection.execute("SELECT record FROM event WHERE log_id = 'backout:1' AND seq = 1").fetchone()[0]
        changed = record.replace(b'"1.9"', b'"1.8"', 1)
        connection.execute("UPDATE event SET record = ? WHERE log_id = 'backout:1' AND seq = 1", (changed,))
        for _, sql in guards:
            connection.execute(sql)


def test_nothing_is_said_of_a_sound_log(op: Operator) -> None:
    assert op.whether_sound()() is None


def test_a_changed_event_is_named_and_nothing_more_is_written(op: Operator) -> None:
    note_verbs.add(op, "before")
    damage(op.desk.database)
    fault = op.whether_sound()()
    assert fault is not None
    assert "event 1 does not match its hash; from event 1 on nothing here can be relied on" in fault.words
    assert 1 in fault.events
    op.distrust(fault)
    seq = op.refresh().seq
    with pytest.raises(Refused, match="not what was written"):
        note_verbs.add(op, "after")
    assert op.refresh().seq == seq


def test_the_question_can_be_asked_of_a_path(op: Operator) -> None:
    damage(op.desk.database)
    assert soundness.fault(op.desk.database, op.log_id)


def test_a_changed_event_is_named_although_the_guards_of_the_file_are_gone_too(op: Operator) -> None:
    damage(op.desk.database)
    with closing(sqlite3.connect(op.desk.database)) as connection, connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
    fault = soundness.fault(op.desk.database, op.log_id)
    assert fault is not None
    assert "event 1 does not match its hash" in fault.words
    assert 1 in fault.events


def test_a_sound_log_in_a_file_without_its_guards_names_the_file(op: Operator) -> None:
    with closing(sqlite3.connect(op.desk.database)) as connection, connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
    fault = soundness.fault(op.desk.database, op.log_id)
    assert fault is not None
    assert "the triggers that guard them" in fault.words
