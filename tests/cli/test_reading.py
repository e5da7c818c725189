"""`list`, `show`, `log`, `report`: of the database, of copies, of saved logs; as anybody, and whatever lies there."""

from __future__ import annotations

import hashlib
import json
import shutil
from typing import Any

import pytest

from tests.cli.lines import COMMANDS, Line
from tests.engine.bench import wait_for
from tests.engine.desks import BY_HAND
from tests.hands import by_hand


def chained(document: list[dict[str, Any]], raw: list[bytes]) -> str:
    """Follow the chain with what the contract says and nothing else; the head."""
    log = document[0]["log"]
    prev = hashlib.sha256((log + document[0]["data"]["plan"]["sha256"]).encode()).hexdigest()
    for number, (record, line) in enumerate(zip(document, raw, strict=True), start=1):
        assert (record["seq"], record["log"], record["prev"]) == (number, log, prev)
        prev = hashlib.sha256(b"backout-event\x00v1\x00" + line).hexdigest()
    return f"{len(raw)}:{prev[:20]}"


# ── list ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_without_a_database_the_lists_are_empty_and_none_is_made(line: Line) -> None:
    for command in (["list"], ["plan", "list"]):
        assert line.ok(*command, "--json").out == "[]\n"
        words = line.ok(*command)
        assert (words.out, words.err.startswith("backout-tui: there is no ")) == ("", True)
    assert not line.database.exists()


def test_the_list_says_where_each_stands(line: Line) -> None:
    line.start(BY_HAND)
    line.do("close", "--outcome", "stood-down", "--reason", "nothing was wrong after all")
    line.start(BY_HAND, "--rehearsal")
    documents = line.ok("list", "--json").json
    assert [(one["id"], one["state"], one["outcome"], one["mode"]) for one in documents] == [
        (2, "identifying", None, "rehearsal"),
        (1, "closed", "stood-down", "live"),
    ]
    lines = line.ok("list").out.splitlines()
    assert "identifying" in lines[0]
    assert lines[0].endswith("REHEARSAL")
    assert "stood-down" in lines[1]
    assert "web 2.0 → 1.9 · production" in lines[1]


# ── show, log ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_log_is_the_records_byte_for_byte_and_the_chain_holds(line: Line) -> None:
    line.decided()
    line.do("note", "späte \x1b[31mLösung\u202e \u009b31m →")
    result = line.ok("log", "1", "--json")
    with by_hand(line.database) as database:
        rows = database.execute("SELECT record, hash FROM event WHERE log_id = 'backout:1' ORDER BY seq").fetchall()
    raw = [row[0] for row in rows]
    assert result.out_bytes == b"[" + b",\n".join(raw) + b"]\n"
    assert chained(result.json, raw) == line.state()["log"]["head"]
    assert rows[-1][1].hex().startswith(line.state()["log"]["head"].partition(":")[2])
    assert line.state()["log"]["events"] == len(raw)
    assert result.json[-1]["data"]["text"] == "späte \x1b[31mLösung\u202e \u009b31m →"


def test_show_and_log_in_words_end_with_the_head(line: Line) -> None:
    line.decided()
    head = line.state()["log"]["head"]
    assert line.ok("show", "1").out.rstrip().endswith(f"log head {head}")
    assert line.ok("log", "1").out.rstrip().endswith(f"log head {head}")
    assert len(line.ok("log", "1").out.splitlines()) == len(line.kinds()) + 1
    assert head in line.ok("report", "1").out


@pytest.fixture
def copies(line: Line) -> Line:
    """A copy of the database and a saved log, in a folder where nothing else lies."""
    line.decided()
    there = line.place / "there"
    there.mkdir()
    with by_hand(line.database) as source, by_hand(there / "copy.sqlite") as copy:
        source.backup(copy)
    (there / "log.json").write_bytes(line.ok("log", "1", "--json").out_bytes)
    return line


def without_clock(shown: str) -> list[str]:
    """What `show` says, without the line that may be another minute's."""
    """What is shown, without the second in which it was, and without that a copy is one."""
    return [line for line in shown.splitlines() if "times are UTC" not in line and "A COPY:" not in line]


@pytest.mark.parametrize("name", ["there/copy.sqlite", "there/log.json"])
def test_a_copy_and_a_saved_log_read_as_the_database_does(copies: Line, name: str) -> None:
    before = {path: path.read_bytes() for path in (copies.place / "there").rglob("*")}
    assert copies.state(name) | {"clock": None} == copies.state() | {"clock": None}, "the clock is another second's"
    assert without_clock(copies.ok("show", name).out) == without_clock(copies.ok("show", "1").out)
    assert copies.ok("log", name).out == copies.ok("log", "1").out
    assert copies.ok("log", name, "--json").out_bytes == copies.ok("log", "1", "--json").out_bytes
    assert copies.ok("report", name).out == copies.ok("report", "1").out
    copies.database.unlink()
    copies.ok("show", name)
    assert {path: path.read_bytes() for path in (copies.place / "there").rglob("*")} == before


def test_a_copy_with_several_backouts_has_to_be_told_which(copies: Line) -> None:
    copies.start(BY_HAND.replace("web 2.0", "web 3.0"))
    result = copies.run("show", str(copies.database))
    assert result.code == 2
    assert "more than one backout to choose from (1, 2)" in result.err
    copies.ok("--database", str(copies.database), "show", "2")


def test_a_running_step_reads_as_running_in_a_copy(line: Line) -> None:
    """Its spool is not there: that says nothing about the copy."""
    line.decided(COMMANDS.replace('echo "rolled back to $TARGET"', "sleep 60"))
    line.do("step-run", "2", "--yes")
    shutil.copy(line.database, line.place / "copy.sqlite")
    assert line.state("copy.sqlite")["steps"][1]["state"] == "running"
    line.do("step-stop", "2")
    wait_for(lambda: line.state()["steps"][1]["state"] == "failed")


def saved(**changes: Any) -> bytes:
    """A saved log of one event, wrong in one thing."""
    record = {
        "v": 1, "log": "backout:1", "seq": 1, "event_id": "a", "kind": "NoteAdded", "prev": "", "lease": 0, "data": {},
        "at": "2026-11-22T03:00:00.000000Z", "actor": {}, "blobs": [], "mono_ns": 0, "boot_id": "", "tool": "",
    }  # fmt: skip
    return json.dumps([record | changes]).encode()


NO_LOGS = {
    "empty": b"",
    "an object": b"{}",
    "no records": b"[]",
    "a number": b"[1]",
    "not JSON": b"not json",
    "not text": b"\xff\xfe",
    "an empty record": b"[{}]",
    "deep": b"[" * 100_000,
    "a float": b'[{"log": 1.5}]',
    "a broken number": saved(seq="x", kind="BackoutOpened"),
    "a plan's log": saved(log="plan:1", kind="PlanStored"),
    "no such number": saved(log="backout:x"),
    "an opening of nothing": saved(kind="BackoutOpened"),
    "no data": saved(kind="StepDone", data=[]),
    "an event before the opening": saved(kind="StepStarted", data={"step": "1", "attempt": 1}),
    "two logs": saved()[:-1] + b"," + saved(log="backout:2")[1:],
}


@pytest.mark.parametrize("content", NO_LOGS.values(), ids=NO_LOGS)
def test_a_file_that_is_no_log_is_told_and_nothing_crashes(line: Line, content: bytes) -> None:
    (line.place / "x.json").write_bytes(content)
    for command in (["show"], ["show", "--json"], ["log"], ["log", "--json"], ["report"]):
        result = line.run(*command, "x.json")
        assert (result.code, result.out) == (2, ""), (command, result.err)
        assert "x.json" in result.err or "is not a backout" in result.err


def test_a_missing_a_foreign_and_a_remote_database_are_told_apart(line: Line) -> None:
    line.write("text.sqlite", "this is no database, whatever its name says, and long enough to be read as one")
    with by_hand(line.place / "other.sqlite") as other:
        other.execute("CREATE TABLE t (x)")
    (line.place / "empty.sqlite").touch()
    for name, words in (
        ("missing.sqlite", "there is no database here"),
        ("text.sqlite", "not a backout database"),
        ("other.sqlite", "another program"),
        ("empty.sqlite", "there is no database here"),
        (".", "not a regular file"),
        ("postgresql://backout:word@db/backout", "a postgresql database cannot be used yet"),
        ("x" * 300, "cannot be used"),
    ):
        for command in (["show", "1"], ["log", "1"], ["verify", "1"], ["do", "1", "note", "x"], ["report", "1"]):
            result = line.run("--database", name, *command)
            assert (result.code, result.out) == (2, ""), (name, command, result.err)
            assert words in result.err or (command[0] == "do" and name == "empty.sqlite"), (name, result.err)
            assert "word@" not in result.err


def test_an_id_in_strange_digits_is_an_id_or_is_none(line: Line) -> None:
    line.start(BY_HAND)
    assert line.ok("show", "٠١").out == line.ok("show", "1").out
    assert line.run("show", "1²").code == 2
