"""`verify`: of a backout, of a whole copy, of a saved log; with an anchor; and of what was changed."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.lines import BY_HAND, Line
from tests.hands import by_hand


@contextlib.contextmanager
def forging(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection for somebody who changes what is recorded: the guards are taken off and put back."""
    with by_hand(path) as forger:
        guards = forger.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            forger.execute(f"DROP TRIGGER {name}")
        yield forger
        for _, sql in guards:
            forger.execute(sql)


@pytest.fixture
def night(line: Line) -> Line:
    """A backout with six events."""
    line.start(BY_HAND)
    line.do("problem-add", "5xx")
    line.do("decide", "--by", "kim", "--reason", "errors above two percent")
    line.do("step-done", "1")
    line.do("note", "the last word")
    return line


def test_a_sound_log_is_sound_by_its_id_and_in_a_copy(night: Line) -> None:
    head = night.state()["log"]["head"]
    document = night.ok("verify", "1", "--json").json
    assert {key: document[key] for key in ("ok", "events", "head", "first_bad", "findings")} == {
        "ok": True, "events": 6, "head": head, "first_bad": None, "findings": [],
    }  # fmt: skip
    assert f"backout:1: 6 events, head {head}: sound" in night.ok("verify", "1").out
    shutil.copy(night.database, night.place / "copy.sqlite")
    document = night.ok("verify", "copy.sqlite", "--json").json
    assert (document["ok"], document["head"]) == (True, head)
    assert [one["log"] for one in document["logs"]] == ["backout:1", "plan:1"]
    night.ok("verify", "copy.sqlite", "--anchor", head)


def test_a_head_that_was_kept_elsewhere_finds_a_tail_that_was_cut(night: Line) -> None:
    head = night.state()["log"]["head"]
    night.ok("verify", "1", "--anchor", head)
    night.ok("verify", "1", "--anchor", head.upper())
    with forging(night.database) as forger:
        forger.execute("DELETE FROM event WHERE log_id = 'backout:1' AND seq = 6")
    told = night.run("verify", "1")
    assert (told.code, "the tables tell of event 6, and the log ends at event 5" in told.out) == (1, True)
    assert "backout:1: 5 events" in told.out
    night.ok("rebuild")
    assert night.run("verify", "1").code == 0, "nobody can know without an anchor"
    found = night.run("verify", "1", "--anchor", head, "--json")
    assert found.code == 1
    assert (found.json["ok"], found.json["first_bad"]) == (False, 6)
    assert "its end was cut" in found.json["findings"][0]["message"]


def test_a_log_that_was_removed_whole_is_found_by_an_anchor(night: Line) -> None:
    head = night.state()["log"]["head"]
    with forging(night.database) as forger:
        forger.execute("DELETE FROM event WHERE log_id = 'backout:1'")
    assert night.run("verify", "1").code == 2
    found = night.run("verify", "1", "--anchor", head)
    assert found.code == 1
    assert "NOT SOUND" in found.out
    assert night.run("verify", str(night.database), "--anchor", head).code == 2


@pytest.mark.parametrize("seq", range(1, 7))
def test_one_changed_byte_in_any_event_is_named(night: Line, seq: int) -> None:
    with forging(night.database) as forger:
        (record,) = forger.execute("SELECT record FROM event WHERE log_id = 'backout:1' AND seq = ?", (seq,)).fetchone()
        at = record.index(b'"mono_ns":') + 11
        changed = record[:at] + bytes([ord("1") if record[at] != ord("1") else ord("2")]) + record[at + 1 :]
        forger.execute("UPDATE event SET record = ? WHERE log_id = 'backout:1' AND seq = ?", (changed, seq))
    found = night.run("verify", "1", "--json")
    assert (found.code, found.json["first_bad"]) == (1, seq)
    assert {"rule", "seq", "message"} <= found.json["findings"][0].keys()
    words = night.run("verify", "1")
    assert (words.code, f"event {seq}: " in words.out) == (1, True)


def test_a_removed_event_is_named(night: Line) -> None:
    with forging(night.database) as forger:
        forger.execute("DELETE FROM event WHERE log_id = 'backout:1' AND seq = 3")
    found = night.run("verify", "1", "--json")
    assert (found.code, found.json["first_bad"]) == (1, 3)


def test_guards_that_are_gone_are_told_although_every_event_is_sound(night: Line) -> None:
    with by_hand(night.database) as forger:
        forger.execute("DROP TRIGGER event_no_update")
    found = night.run("verify", "1", "--json")
    assert (found.code, found.json["ok"], found.json["first_bad"]) == (1, False, None)
    assert [one["log"] for one in found.json["findings"]] == ["file"]


def test_damage_inside_a_file_that_can_be_read_at_all_is_a_no(night: Line) -> None:
    raw = bytearray(night.database.read_bytes())
    middle = len(raw) // 2
    raw[middle : middle + 4096] = b"\xaa" * 4096
    (night.place / "damaged.sqlite").write_bytes(raw)
    found = night.run("verify", "damaged.sqlite", "--json")
    assert (found.code, found.json["ok"]) == (1, False)
    (night.place / "nothing.sqlite").write_bytes(b"\xaa" * 8192)
    assert night.run("verify", "nothing.sqlite").code == 2


@pytest.mark.parametrize("anchor", ["", "6", "6:abc", "x:0123456789abcdef0123", "0:0123456789abcdef0123"])
def test_what_is_no_head_is_no_anchor(night: Line, anchor: str) -> None:
    result = night.run("verify", "1", "--anchor", anchor)
    assert (result.code, "the anchor is not a head" in result.err) == (2, True)


def test_an_anchor_belongs_to_one_log(night: Line) -> None:
    head = night.state()["log"]["head"]
    night.start(BY_HAND.replace("web 2.0", "web 3.0"))
    result = night.run("verify", str(night.database), "--anchor", head)
    assert (result.code, "Name the backout" in result.err) == (2, True)
    night.ok("verify", str(night.database))


# ── a saved log ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def saved(night: Line) -> Path:
    """The log as it was saved."""
    path = night.place / "log.json"
    path.write_bytes(night.ok("log", "1", "--json").out_bytes)
    return path


def test_a_saved_log_is_sound_and_ends_with_the_same_head(night: Line, saved: Path) -> None:
    head = night.state()["log"]["head"]
    document = night.ok("verify", "log.json", "--json").json
    assert (document["ok"], document["events"], document["head"]) == (True, 6, head)
    night.ok("verify", "log.json", "--anchor", head)


@pytest.mark.parametrize("index", range(5))
def test_a_saved_log_in_which_an_event_was_changed_is_not_sound(night: Line, saved: Path, index: int) -> None:
    records = json.loads(saved.read_bytes())
    records[index]["actor"]["as"] = "kim"
    saved.write_text(json.dumps(records))
    found = night.run("verify", "log.json", "--json")
    assert (found.code, found.json["first_bad"]) == (1, index + 1)


def test_a_saved_log_whose_last_event_was_changed_needs_an_anchor(night: Line, saved: Path) -> None:
    head = night.state()["log"]["head"]
    records = json.loads(saved.read_bytes())
    records[-1]["data"]["text"] = "another last word"
    saved.write_text(json.dumps(records))
    assert night.run("verify", "log.json").code == 0
    assert night.run("verify", "log.json", "--anchor", head).code == 1


@pytest.mark.parametrize("cut", [slice(1, None), slice(0, 2), slice(None, None, -1)], ids=["head", "tail", "order"])
def test_a_saved_log_that_was_cut_or_turned_round(night: Line, saved: Path, cut: slice) -> None:
    head = night.state()["log"]["head"]
    saved.write_text(json.dumps(json.loads(saved.read_bytes())[cut]))
    assert night.run("verify", "log.json", "--anchor", head).code == 1


def test_a_saved_log_that_is_bound_to_another_plan(night: Line, saved: Path) -> None:
    records = json.loads(saved.read_bytes())[:1]
    records[0]["data"]["plan"]["sha256"] = "00" * 32
    saved.write_text(json.dumps(records))
    found = night.run("verify", "log.json")
    assert (found.code, "not bound to the plan's text" in found.out) == (1, True)


def test_what_the_state_tables_say_otherwise_is_a_finding_beside_a_sound_log(night: Line) -> None:
    with by_hand(night.database) as forger:
        forger.execute("UPDATE step SET state = 'failed' WHERE number = '1'")
    for named in ("1", "backout.sqlite"):
        found = night.run("verify", named, "--json")
        assert (found.code, found.json["ok"], found.json["first_bad"]) == (1, False, None)
        (finding,) = found.json["findings"]
        assert (finding["rule"], finding["seq"], finding["log"]) == ("state", 0, "state tables")
        assert "state of row 1 is “failed”, and by the log “done”" in finding["message"]
        assert finding["message"].endswith("backout-tui rebuild")
    told = night.run("verify", "1").out.splitlines()
    assert told[0].endswith(": sound")
    assert "state tables: NOT AS THE LOGS SAY" in told
    for command in ("show", "log", "report"):
        assert "NOT SOUND" not in night.ok(command, "1").out
    assert night.ok("rebuild").out == "the state tables tell of 1 backout again\n"
    assert "state tables: sound" in night.ok("verify", "1").out


def test_a_state_table_that_is_gone_is_named_and_made_anew(night: Line) -> None:
    with by_hand(night.database) as forger:
        forger.execute("DROP TABLE problem")
    night.do("note", "the night goes on")
    told = night.run("verify", "1")
    assert told.code == 1
    assert "the state tables are not as this program makes them" in told.out
    assert night.ok("rebuild", "--json").json == {"backouts": 1, "damaged": []}
    night.ok("verify", "1")


def test_a_damaged_backout_has_no_rows_after_a_rebuild_and_is_named(night: Line) -> None:
    night.start(BY_HAND, "--reason", "of the other region")
    with forging(night.database) as forger:
        forger.execute("UPDATE event SET record = x'00' WHERE log_id = 'backout:1' AND seq = 2")
    found = night.run("rebuild")
    assert (found.code, found.out.splitlines()) == (
        1,
        [
            "the state tables tell of 1 backout again",
            "  backout:1 is damaged and has no rows; see: backout-tui verify 1",
        ],
    )
    with by_hand(night.database) as hand:
        assert hand.execute("SELECT id FROM backout").fetchall() == [(2,)]
    assert night.run("start", "plan.md", "--json").code == 3, "the second one is open still"


def test_rebuild_makes_no_database_and_writes_to_no_copy(night: Line) -> None:
    missing = night.run("--database", "nothing.sqlite", "rebuild")
    assert (missing.code, (night.place / "nothing.sqlite").exists()) == (2, False)
    assert "there is no database here" in missing.err
    shutil.copy(night.database, night.place / "copy.sqlite")
    shutil.copytree(f"{night.database}.d", f"{night.place / 'copy.sqlite'}.d")
    assert night.run("--database", "copy.sqlite", "rebuild").code == 3
