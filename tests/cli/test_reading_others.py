"""Reading settles what was left behind, reads what is not one's own, writes nothing there, and starts up fast."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.lines import COMMANDS, SCRIPT, Line
from tests.engine.bench import alive, wait_for
from tests.hands import by_hand
from tests.users import acting_as, as_root, open_folder

# ── settling while reading ────────────────────────────────────────────────────────────────────────────────────────


def dead_step(line: Line) -> None:
    """Step 2 runs, and both its command and its supervisor are killed."""
    line.decided(COMMANDS.replace('echo "rolled back to $TARGET"', "sleep 60"))
    line.do("step-run", "2", "--yes")
    spool = Path(f"{line.database}.d") / "spool"
    wait_for(lambda: list(spool.glob("*/process.json")))
    (folder,) = spool.iterdir()
    for name in ("started.json", "process.json"):
        os.kill(json.loads((folder / name).read_text())["pid"], signal.SIGKILL)


def test_show_settles_what_was_left_behind(line: Line) -> None:
    dead_step(line)
    wait_for(lambda: line.state()["steps"][1]["state"] == "in_doubt")
    assert line.kinds()[-1] == "StepInDoubt"
    assert line.ok("show", "1").err == ""


def test_the_list_settles_it_too(line: Line) -> None:
    dead_step(line)
    wait_for(lambda: line.ok("list").code == 0 and "StepInDoubt" in line.kinds())


def test_a_reader_of_a_database_that_others_may_write_reads_it_and_writes_nothing(line: Line) -> None:
    """The log cannot be trusted to be written to; it can be looked at all the same."""
    dead_step(line)
    wait_for(lambda: not _locked(line))
    line.database.chmod(0o666)
    before = line.database.read_bytes()
    result = line.ok("show", "1", "--json")
    assert result.json["steps"][1]["state"] == "in_doubt"
    assert "not yet recorded" in result.err
    assert line.database.read_bytes() == before
    line.database.chmod(0o600)
    assert line.ok("show", "1", "--json").err == ""


def _locked(line: Line) -> bool:
    return any(alive(folder) for folder in (Path(f"{line.database}.d") / "spool").iterdir())


@as_root
def test_another_users_database_is_read_as_it_is(line: Line) -> None:
    """Any owner, any mode that can be read; not a byte of it changes."""
    line.decided()
    line.ok("show", "1")
    line.ok("report", "1")
    with open_folder() as place:
        copy = place / "lead.sqlite"
        shutil.copy(line.database, copy)
        os.chown(copy, 4001, 4001)
        copy.chmod(0o444)
        os.chown(place, 4001, 4001)
        before = copy.read_bytes()
        line.patch.setenv("BACKOUT_DATABASE", str(copy))
        line.patch.setenv("XDG_CONFIG_HOME", str(place / "config"))
        line.patch.chdir(place)
        for words in ("show 1", "show 1 --json", "log 1", "list", "plan list", "verify 1", "report 1"):
            command = words.split()
            line.ok(*command)
            with acting_as(4002):
                result = line.run(*command)
            assert (result.code, result.err) == (0, ""), (command, result.err)
        with acting_as(4002):
            refused = line.run("do", "1", "note", "x")
        assert (refused.code, "belongs to another user" in refused.err) == (2, True)
        assert copy.read_bytes() == before
        assert sorted(path.name for path in place.iterdir()) == ["lead.sqlite"]
        copy.chmod(0o400)
        with acting_as(4002):
            refused = line.run("show", "1")
        assert (refused.code, "you may not read this file" in refused.err) == (2, True)


def test_a_database_of_a_newer_program_is_read_and_not_written(line: Line) -> None:
    line.decided()
    with by_hand(line.database) as newer:
        newer.execute("PRAGMA user_version = 99")
    line.ok("show", "1")
    line.ok("log", "1")
    line.ok("list")
    result = line.run("do", "1", "note", "x")
    assert (result.code, "newer backout-tui" in result.err) == (2, True)


# ── what it costs ─────────────────────────────────────────────────────────────────────────────────────────────────

_LOADED = """
import sys
from backout_tui.cli.main import run
code = run(sys.argv[1:])
heavy = ("textual", "rich", "sqlmodel", "sqlalchemy", "alembic", "asyncio", "pydantic", "markdown_it", "email", "ssl")
print(sorted({name.partition(".")[0] for name in sys.modules} & set(heavy)), file=sys.stderr)
sys.exit(code)
"""


@pytest.mark.parametrize("command", ["show 1", "show 1 --json", "list", "log 1", "log 1 --json"])
def test_reading_loads_nothing_heavy(line: Line, command: str) -> None:
    """Neither what draws nor what writes, while nothing has to be settled."""
    line.decided()
    done = subprocess.run(
        [sys.executable, "-c", _LOADED, *command.split()], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "[]\n")
    assert done.stdout


def test_settling_from_show_works_in_a_fresh_process(line: Line) -> None:
    dead_step(line)
    wait_for(lambda: not _locked(line))
    done = subprocess.run([SCRIPT, "show", "1", "--json"], capture_output=True, check=False)
    assert json.loads(done.stdout)["steps"][1]["state"] == "in_doubt"
    assert line.kinds()[-1] == "StepInDoubt"
