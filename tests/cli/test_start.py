"""`start` in all its forms, and what it refuses before anything is stored."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.lines import BY_HAND, COMMANDS, Line


def imported(line: Line, text: str = BY_HAND, *, approved: bool = True) -> int:
    """The id of a plan that was imported."""
    document = line.ok("plan", "import", line.write("imported.md", text), "--yes", "--json").json
    if approved:
        line.ok("plan", "approve", str(document["id"]), "--by", "release manager")
    return int(document["id"])


def plans(line: Line) -> list[tuple[int, int]]:
    """Id and revision of all plans."""
    return [(one["id"], one["revision"]) for one in line.ok("plan", "list", "--json").json]


def test_from_a_file_which_is_stored_and_marked_as_not_approved(line: Line) -> None:
    document = line.start(BY_HAND)
    assert (document["id"], document["mode"], document["state"]) == (1, "live", "identifying")
    assert document["release"] == {
        "name": "web", "version": "2.0", "returns_to": "1.9", "environment": "production",
    }  # fmt: skip
    assert (document["plan"]["id"], document["plan"]["revision"], document["plan"]["approved"]) == (1, 1, False)
    assert document == line.state()
    assert plans(line) == [(1, 1)]


def test_what_is_left_of_a_database_whose_founding_was_cut_off_is_made_whole(line: Line) -> None:
    """Nothing was acknowledged in it: an empty file, or one with what undoes the half of it that was written."""
    line.database.touch(mode=0o600)
    assert line.start(BY_HAND)["id"] == 1
    assert line.ok("verify", "1", "--json").json["ok"]


@pytest.mark.parametrize("marked", [True, False])
def test_a_founding_that_was_cut_off_in_the_middle_of_writing_is_begun_anew(line: Line, marked: bool) -> None:
    with closing(sqlite3.connect(line.place / "half.sqlite", isolation_level=None)) as writer:
        writer.execute("PRAGMA cache_spill = 1")
        writer.execute("PRAGMA cache_size = 1")
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("CREATE TABLE half (done)")
        writer.executemany("INSERT INTO half VALUES (?)", [("x" * 4000,)] * 200)
        for suffix in ("", "-journal"):
            shutil.copy(f"{line.place / 'half.sqlite'}{suffix}", f"{line.database}{suffix}")
            Path(f"{line.database}{suffix}").chmod(0o600)
        writer.execute("ROLLBACK")
    assert line.database.stat().st_size
    if marked:
        folder = Path(f"{line.database}.d")
        folder.mkdir(mode=0o700)
        (folder / f"origin-{'0' * 32}-{line.database.stat().st_ino}").touch(mode=0o600)
    assert line.start(BY_HAND)["id"] == 1
    line.do("note", "it goes on")
    assert line.ok("verify", "1", "--json").json["ok"]


def test_from_standard_input(line: Line) -> None:
    document = line.ok("start", "-", "--json", stdin=BY_HAND.encode()).json
    assert [step["number"] for step in document["steps"]] == ["1", "2", "3", "4"]


@pytest.mark.parametrize("name", ["1", "web 2.0", "web 2.0@production", "web"])
def test_from_a_stored_plan_by_what_people_call_it(line: Line, name: str) -> None:
    imported(line)
    document = line.ok("start", name, "--json").json
    assert (document["plan"]["id"], document["plan"]["approved"]) == (1, True)


def test_a_name_that_could_be_several_is_told_with_all_of_them(line: Line) -> None:
    imported(line)
    imported(line, BY_HAND.replace("production", "staging"))
    result = line.run("start", "web 2.0", "--json")
    assert (result.code, result.out) == (2, "")
    assert "1 (web 2.0@production), 2 (web 2.0@staging)" in result.err
    assert line.ok("start", "web 2.0@staging", "--json").json["plan"]["id"] == 2


def test_a_stored_plan_that_nobody_approved_needs_the_glass_to_be_broken(line: Line) -> None:
    imported(line, approved=False)
    refused = line.run("start", "1", "--json")
    assert (refused.code, refused.out) == (3, "")
    assert "not approved" in refused.err
    assert "--break-glass with --reason T" in refused.err
    silent = line.run("start", "1", "--break-glass", "--json")
    assert (silent.code, "reason for breaking the glass" in silent.err) == (2, True)
    assert line.ok("list", "--json").json == []
    document = line.ok("start", "1", "--break-glass", "--reason", "nobody answers and it burns", "--json").json
    assert document["plan"]["approved"] is False
    assert "GlassBroken" in line.kinds()


def test_a_second_open_one_needs_a_reason(line: Line) -> None:
    imported(line)
    line.ok("start", "1", "--json")
    for arguments in (["1"], [line.write("p.md", BY_HAND + "\n### 5. More\n")]):
        refused = line.run("start", *arguments, "--json")
        assert (refused.code, refused.out) == (3, "")
        assert "Backout 1 of this release is open" in refused.err
        assert "--reason T" in refused.err
    assert plans(line) == [(1, 1)]
    none = ["--release", "web 2.0", "--returns-to", "1.9", "--environment", "production"]
    assert line.run("start", *none, "--json").code == 3
    assert line.ok("start", "1", "--reason", "the first is of yesterday", "--json").json["id"] == 2


def test_when_no_plan_exists(line: Line) -> None:
    document = line.ok("start", "--release", "web 2.0", "--returns-to", "1.9", "--environment", "test", "--json").json
    assert document["release"] == {"name": "web", "version": "2.0", "returns_to": "1.9", "environment": "test"}
    assert document["steps"] == []
    assert line.do("step-add", "Scale the old replica set")["created"] == "1"
    line.do("problem-add", "5xx")
    line.do("decide", "--by", "sam", "--reason", "nobody else is awake")
    line.do("step-done", "1")
    assert line.state()["deviations"] == []


def test_a_rehearsal_variables_and_the_time_of_the_deployment(line: Line) -> None:
    document = line.start(
        COMMANDS, "--rehearsal", "--set", "TARGET=green", "--set", "MORE=a=b", "--deployed-at", "2026-11-22T01:50:00Z"
    )
    assert document["mode"] == "rehearsal"
    first = line.ok("log", "1", "--json").json[0]["data"]
    assert first["variables"] == {"TARGET": "green", "MORE": "a=b"}
    assert first["deployed_at"] == "2026-11-22T01:50:00.000000Z"
    assert first["cwd"] == str(line.place)


def test_a_rehearsal_is_held_in_another_environment_than_the_plans(line: Line) -> None:
    assert line.start(COMMANDS, "--rehearsal", "--environment", "staging")["mode"] == "rehearsal"
    assert line.ok("log", "1", "--json").json[0]["data"]["rehearsed_in"] == "staging"
    assert "only what says" in line.ok("show", "1").out
    refused = line.run("start", line.write("plan.md", COMMANDS), "--rehearsal", "--environment", "production", "--json")
    assert refused.code == 3
    assert "own environment" in refused.err
    assert line.run("start", "1", "--environment", "staging", "--json").code == 2


def test_a_secret_is_not_taken_on_the_command_line_and_not_repeated(line: Line) -> None:
    result = line.run("start", line.write("plan.md", COMMANDS), "--set", "TOKEN=hunter2", "--json")
    assert result.code == 2
    assert "TOKEN is a secret" in result.err
    assert "hunter2" not in result.err
    assert not line.database.exists()


def test_without_a_terminal_and_json_it_is_refused_before_anything_is_opened(line: Line) -> None:
    result = line.run("start", line.write("plan.md", BY_HAND))
    assert (result.code, result.out) == (3, "")
    assert "Start with --json" in result.err
    assert not line.database.exists()
    piped = line.script("start", line.write("plan.md", BY_HAND))
    assert piped.code == 3


def test_a_plan_that_cannot_be_read_opens_nothing(line: Line) -> None:
    (line.place / "bad.md").write_bytes(b"# Plan\n\xff")
    for name in ("./missing.md", "./bad.md", "missing.md", str(line.place), "no such plan"):
        result = line.run("start", name, "--json")
        assert (result.code, result.out) == (2, ""), name
    assert not line.database.exists()


def test_what_it_prints_is_what_show_prints_through_the_console_script_too(line: Line) -> None:
    started = line.script("start", "-", "--json", stdin=COMMANDS.encode())
    assert started.code == 0
    assert started.err == ""
    shown = line.script("show", "1", "--json").json
    assert started.json["clock"].keys() == shown["clock"].keys()
    assert started.json | {"clock": None} == shown | {"clock": None}, "the clock is another second's"
