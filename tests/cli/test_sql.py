"""What README says can be asked in SQL, asked with the program that it names; and the list that is cut."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from backout_tui.store.state.true_now import BACKOUT, TABLES
from tests.cli.lines import COMMANDS, Line
from tests.engine.bench import wait_for

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
QUERIES = re.findall(r'^sqlite3 backout\.sqlite "(.*)"$', README, re.MULTILINE)


@pytest.fixture
def night(line: Line) -> Line:
    """Steps 1 and 2 are done, step 3 has failed; another backout was closed before, and a third is open."""
    line.start(COMMANDS)
    line.do("close", "--outcome", "stood-down", "--reason", "nothing was wrong after all")
    for number in ("2", "3"):
        line.start(COMMANDS, "--reason", "of another region")
        line.ok("do", number, "problem-add", "5xx everywhere")
    line.ok("do", "2", "decide", "--by", "release manager", "--reason", "errors above two percent")
    line.ok("do", "2", "step-done", "1")
    assert line.run("do", "2", "step-run", "2", "--yes", "--wait", "--reason", "as rehearsed").code == 0
    assert line.run("do", "2", "step-run", "3", "--yes", "--wait", "--reason", "as rehearsed").code == 1
    return line


def asked(line: Line, query: str) -> list[tuple[str, ...]]:
    """The answer of the database to a query of README, as texts."""
    with closing(sqlite3.connect(line.database)) as connection:
        return [tuple("" if cell is None else str(cell) for cell in row) for row in connection.execute(query)]


def test_the_queries_of_readme_answer_what_they_are_there_for(night: Line) -> None:
    is_open, failed, took = QUERIES
    assert asked(night, is_open) == [
        ("2", "web", "2.0", "production", "backing_out", "sam"),
        ("3", "web", "2.0", "production", "deciding", "sam"),
    ]
    ((backout, number, title, code, reason),) = asked(night, failed)
    assert (backout, number, title, code) == ("2", "3", "Break", "1")
    assert "exit code 1" in reason
    times = {title: (times, float(typical), float(worst)) for title, times, typical, worst in asked(night, took)}
    assert set(times) == {"Roll back", "Break"}
    assert all(often == "1" and 0 <= typical <= worst + 0.1 for often, typical, worst in times.values())


@pytest.mark.skipif(not shutil.which("sqlite3"), reason="there is no sqlite3 program here")
def test_the_queries_of_readme_are_typed_as_they_stand(night: Line) -> None:
    for query in QUERIES:
        typed = next(line for line in README.splitlines() if query in line)
        done = subprocess.run(["sh", "-c", typed], cwd=night.place, capture_output=True, text=True, check=False)
        if "malformed database schema" in done.stderr:
            pytest.skip("this sqlite3 program is older than 3.37")
        assert (done.returncode, done.stderr) == (0, "")
        assert [tuple(row.split("|")) for row in done.stdout.splitlines()] == asked(night, query)


def test_readme_names_every_table() -> None:
    section = README.partition("## Ask it in SQL")[2].partition("\n## ")[0]
    assert all(f"`{name}`" in section for name in (BACKOUT, *(table.name for table in TABLES)))


def test_the_tables_say_what_show_says(night: Line) -> None:
    shown = night.state("2")
    assert asked(night, "select id, number, state, reason from step where backout_id = 2 order by position") == [
        (step["id"], step["number"], step["state"], step["reason"]) for step in shown["steps"]
    ]
    newest = [step["attempts"][-1] for step in shown["steps"] if step["attempts"]]
    assert asked(night, "select started_at, ended_at, exit_code from step where backout_id = 2 and attempts = 1") == [
        (one["started_at"], one["ended_at"], str(one["exit_code"])) for one in newest
    ]
    assert asked(night, "select log_events || '', log_head, outcome from backout where id = 2") == [
        (str(shown["log"]["events"]), shown["log"]["head"], "")
    ]
    assert asked(night, "select outcome, state from backout where id = 1") == [("stood-down", "closed")]


def test_what_ended_without_its_dashboard_is_seen_in_sql_as_soon_as_it_is_recorded(night: Line) -> None:
    """The supervisor records the outcome by itself, and the tables with it."""
    night.ok("do", "3", "decide", "--by", "release manager", "--reason", "errors above two percent")
    night.ok("do", "3", "step-run", "2", "--yes", "--reason", "as rehearsed")
    done = "select 1 from step where backout_id = 3 and number = '2' and state = 'done'"
    wait_for(lambda: asked(night, done))
    night.ok("verify", str(night.database))


# ── the list ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_list_prints_the_newest_fifty_and_says_how_many_more_there_are(line: Line) -> None:
    for _ in range(54):
        line.start(COMMANDS, "--reason", "of another region")
    for number in range(1, 53):
        line.ok("do", str(number), "close", "--outcome", "stood-down", "--reason", "nothing was wrong after all")
    told = line.ok("list").out.splitlines()
    assert [int(one.split()[0]) for one in told[:50]] == [54, 53, *range(52, 4, -1)]
    assert told[50:] == ["4 more are not shown: backout-tui list --all"]
    found = line.ok("list", "--json")
    assert [one["id"] for one in found.json] == [54, 53, *range(52, 4, -1)]
    assert found.err == "4 more are not shown: backout-tui list --all\n"
    everything = line.ok("list", "--all")
    assert (len(everything.out.splitlines()), everything.err) == (54, "")
    assert [one["id"] for one in line.ok("list", "--all", "--json").json] == [54, 53, *range(52, 0, -1)]
