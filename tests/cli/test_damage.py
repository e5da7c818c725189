"""Damaged data is told of the one backout that holds it; and a changed log is never printed in silence."""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from backout_tui import __version__
from backout_tui.domain.backout.fold import backout_of
from backout_tui.domain.codec import encode
from backout_tui.engine.pictures import FORM
from backout_tui.store.clock import SystemClock
from backout_tui.store.log.journal import Journal
from backout_tui.store.log.reading import Reader
from backout_tui.store.log.records import hash_of
from tests.cli.lines import BY_HAND, Line
from tests.cli.test_verify import forging

READING = (
    ["show", "1"],
    ["show", "1", "--json"],
    ["show", "1", "--brief"],
    ["log", "1"],
    ["log", "1", "--json"],
    ["report", "1"],
)


@pytest.fixture
def two(line: Line) -> Line:
    """Two backouts; the first of six events."""
    line.start(BY_HAND)
    line.do("problem-add", "5xx")
    line.do("decide", "--by", "kim", "--reason", "errors above two percent")
    line.do("step-done", "1")
    line.do("note", "the last word")
    line.write("other.md", BY_HAND.replace("web 2.0", "web 3.0"))
    line.ok("start", "./other.md", "--json")
    return line


def rewrite(path: Path, seq: int, change: Callable[[bytes], bytes], *, rehash: bool) -> None:
    """Change an event of the first backout; with `rehash` it gets the hash that belongs to what it says now."""
    with forging(path) as forger:
        asked = "SELECT record FROM event WHERE log_id = 'backout:1' AND seq = ?"
        record = change(forger.execute(asked, (seq,)).fetchone()[0])
        forger.execute("UPDATE event SET record = ? WHERE log_id = 'backout:1' AND seq = ?", (record, seq))
        if rehash:
            forger.execute("UPDATE event SET hash = ? WHERE log_id = 'backout:1' AND seq = ?", (hash_of(record), seq))


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "bytes that are no text": lambda record: record.replace(b"5xx", b"\xff\xbc"),
    "a key that is missing": lambda record: record.replace(b'"title"', b'"titel"'),
    "another type": lambda record: record.replace(b'"5xx"', b"5"),
    "nothing": lambda record: record.replace(b'"5xx"', b"null"),
    "no record at all": lambda _: b"[]",
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_event_is_named_with_exit_2_and_every_other_backout_is_read(
    two: Line, damage: Callable[[bytes], bytes]
) -> None:
    rewrite(two.database, 3, damage, rehash=True)
    for command in (*READING, ["do", "1", "note", "x"]):
        told = two.run(*command)
        assert (told.code, told.out) == (2, ""), command
        assert "damaged at event 3 of backout 1" in told.err
        assert "verify" in told.err
        assert "bug" not in told.err
    found = two.run("verify", "1")
    assert found.code == 1
    assert "event 3" in found.out
    for command in READING:
        assert two.run(*[word.replace("1", "2") for word in command]).code == 0
    listed = two.ok("list").out.splitlines()
    assert [line.split()[0] for line in listed] == ["2", "1"]
    assert "damaged at event 3 of backout 1" in listed[1]
    other, damaged = two.ok("list", "--json").json
    assert (other["damaged"], damaged["state"]) == (None, "damaged")
    two.write("third.md", BY_HAND.replace("web 2.0", "web 4.0"))
    two.ok("start", "./third.md", "--json")


def test_a_damaged_opening_is_a_line_of_the_list_too(two: Line) -> None:
    rewrite(two.database, 1, lambda record: record.replace(b'"mode":"live"', b'"mode":"dead"'), rehash=True)
    listed = two.ok("list").out.splitlines()
    assert "damaged at event 1 of backout 1: `mode` is none of the words that can stand there" in listed[1]
    assert two.run("show", "1").code == 2
    two.ok("show", "2")


def test_a_damaged_plan_log_is_a_line_of_the_list_of_plans(two: Line) -> None:
    with forging(two.database) as forger:
        asked = "SELECT record FROM event WHERE log_id = 'plan:1' AND seq = 1"
        record = forger.execute(asked).fetchone()[0].replace(b'"revision":1', b'"revision":"1"')
        forger.execute("UPDATE event SET record = ? WHERE log_id = 'plan:1' AND seq = 1", (record,))
    listed = two.ok("plan", "list").out.splitlines()
    assert "DAMAGED" in listed[-1]
    assert "damaged at event 1 of plan 1" in listed[-1]
    assert two.run("plan", "show", "1").code == 2
    two.ok("plan", "show", "2")


def test_a_changed_event_stands_first_in_full_and_the_exit_is_1(two: Line) -> None:
    rewrite(two.database, 4, lambda record: record.replace(b"errors above", b"nothing abov"), rehash=False)
    for command in READING:
        told = two.run(*command)
        assert told.code == 1, command
        said = told.err if "--json" in command else told.out
        first = said.splitlines()[0].removeprefix("> **").removeprefix("backout-tui: ")
        assert first.startswith(
            "NOT SOUND: event 4 is not what was written. From there on nothing here can be relied on."
        )
    log = two.run("show", "1", "--json").json["log"]
    assert (log["sound"], log["findings"][0]["seq"]) == (False, 4)
    marked = [line for line in two.run("log", "1").out.splitlines() if "[NOT SOUND: event 4" in line]
    assert len(marked) == 1
    assert marked[0].split()[0] == "4"
    assert two.ok("show", "2", "--json").json["log"] | {"head": ""} == {
        "events": 1, "head": "", "sound": True, "findings": [],
    }  # fmt: skip


def test_nothing_is_recorded_in_a_log_that_is_not_sound_by_looking_at_it(two: Line) -> None:
    rewrite(two.database, 4, lambda record: record.replace(b"errors above", b"nothing abov"), rehash=False)
    before = two.database.read_bytes()
    two.run("show", "1")
    assert two.database.read_bytes() == before


def test_a_picture_does_not_hide_a_changed_event(two: Line) -> None:
    with Reader.open(two.database) as reader:
        backout = backout_of(reader.events_after("backout:1", 0), log_id="backout:1")
    tool, state = f"backout-tui {__version__}", json.dumps(encode(backout))
    with Journal.open(two.database, clock=SystemClock(), tool=tool) as journal:
        journal.save_picture("backout:1", backout.seq, backout.hash, state, f"{tool} form {FORM}")
    rewrite(two.database, 2, lambda record: record.replace(b'"lease":1', b'"lease":2'), rehash=False)
    told = two.run("show", "1")
    assert told.code == 1
    assert told.out.startswith("NOT SOUND: event 2 is not what was written.")


def test_a_saved_log_that_was_changed_is_not_printed_in_silence(two: Line) -> None:
    text = two.ok("log", "1", "--json").out
    two.write("sound.json", text)
    two.write("forged.json", text.replace("errors above", "nothing above"))
    two.ok("show", "sound.json")
    for command in ("show", "log", "report"):
        told = two.run(command, "forged.json")
        assert told.code == 1
        assert "NOT SOUND: event 4 or event 5 is not what was written" in told.out.splitlines()[0]


def test_a_copy_with_a_changed_event_says_so(two: Line) -> None:
    with forging(two.database) as forger:
        forger.execute("DELETE FROM event WHERE log_id = 'backout:2'")
    shutil.copy(two.database, two.place / "copy.sqlite")
    two.ok("show", "copy.sqlite")
    rewrite(two.place / "copy.sqlite", 4, lambda record: record.replace(b"errors above", b"nothing abov"), rehash=False)
    assert two.run("show", "copy.sqlite").code == 1
    assert two.run("log", "copy.sqlite").out.startswith("NOT SOUND: event 4")


def strange(place: Path) -> dict[str, str]:
    """Paths that name nothing that could be read."""
    (place / "loop").symlink_to(place / "loop")
    (place / "folder").mkdir()
    (place / "file").write_text("x")
    with socket.socket(socket.AF_UNIX) as served:
        served.bind(str(place / "socket"))
    return {
        "a loop of links": str(place / "loop"),
        "a name that is too long": str(place / ("x" * 300)),
        "a path that is too long": "/".join(["x" * 200] * 40),
        "an impossible character": "a\x00b",
        "a folder": str(place / "folder"),
        "a device": "/dev/null",
        "a socket": str(place / "socket"),
        "below a file": str(place / "file" / "below"),
    }


@pytest.mark.parametrize("ending", ["", ".json", ".sqlite"])
def test_a_path_that_cannot_be_read_is_a_sentence_wherever_it_is_given(line: Line, ending: str) -> None:
    for what, path in strange(line.place).items():
        named = (
            path if not ending else f"{path}/x{ending}" if what in ("a folder", "a loop of links") else path + ending
        )
        lines = {
            "database": ["--database", path, "list"],
            "writing": ["--database", path, "start", "--release", "a 1", "--returns-to", "0", "--json"],
            "backout": ["show", named],
            "log": ["log", named],
            "verify": ["verify", named],
            "config": ["--config", path, "list"],
            "plan": ["plan", "check", path if "/" in path else f"./{path}"],
            "import": ["plan", "import", path if "/" in path else f"./{path}"],
        }
        for where, words in lines.items():
            told = line.run(*words)
            assert told.code == 2 or what == "a device", (what, where, told.code, told.err)
            assert "bug" not in told.err, (what, where, told.err)
            assert told.code < 2 or told.err.startswith(("backout-tui: ", "Usage")), (what, where, told.err)
