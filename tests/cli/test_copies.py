"""A copy of the database is read and never written to; whoever goes on in it adopts it, and says so."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from backout_tui.domain.backout.events import Actor, Draft
from backout_tui.errors import Refused
from backout_tui.store.clock import SystemClock
from backout_tui.store.file import backup
from backout_tui.store.log.journal import Journal
from tests.cli.lines import COMMANDS, Line
from tests.engine.bench import wait_for

SLOW = COMMANDS.replace('echo "rolled back to $TARGET"', "sleep 60")


@pytest.fixture
def running(line: Line) -> Line:
    """Step 2 runs."""
    line.decided(SLOW)
    line.do("step-run", "2", "--yes")
    wait_for(lambda: list(Path(f"{line.database}.d").glob("spool/*/process.json")))
    return line


@pytest.fixture
def copy(running: Line) -> Line:
    """From here on the command line works on a copy that lies beside the original."""
    shutil.copy(running.database, running.place / "copy.sqlite")
    running.patch.setenv("BACKOUT_DATABASE", str(running.place / "copy.sqlite"))
    return running


def seen_in(folder: Path) -> dict[str, bytes | None]:
    """Every file and folder below, with what is in it."""
    return {str(path): path.read_bytes() if path.is_file() else None for path in folder.rglob("copy.sqlite*")}


def the_original(line: Line) -> None:
    line.patch.setenv("BACKOUT_DATABASE", str(line.database))


def pid_in(file: Path) -> int:
    return int(json.loads(file.read_text())["pid"])


READING = ("list", "show 1", "show 1 --json", "show 1 --brief", "log 1", "log 1 --json", "report 1", "verify 1",
           "plan list", "plan show 1", "plan check 1", "show copy.sqlite", "log copy.sqlite")  # fmt: skip


def test_reading_a_copy_changes_not_a_byte_of_it_and_makes_nothing_beside_it(copy: Line) -> None:
    before = seen_in(copy.place)
    for words in READING:
        assert copy.run(*words.split()).code in (0, 1), words  # 1: what `plan check` finds
    assert seen_in(copy.place) == before


def test_what_ran_reads_as_running_when_the_copy_was_made(copy: Line) -> None:
    assert "[running when this copy was made]" in copy.ok("show", "1").out
    assert copy.state()["steps"][1]["state"] == "running"
    the_original(copy)
    assert "[running on " in copy.ok("show", "1").out
    copy.do("step-stop", "2")


WRITING = ("do 1 note hello", "do 1 step-resolve 2 done --reason seen", "do 1 step-run 1 --yes", "do 1 step-stop 2",
           "do 1 take-over --reason gone", "do 1 message-send Started --yes", "start plan.md --reason again --json",
           "plan import plan.md", "plan approve 1 --by kim")  # fmt: skip


@pytest.mark.parametrize("words", WRITING)
def test_the_first_write_asks_to_adopt_it_and_writes_nothing(copy: Line, words: str) -> None:
    before = seen_in(copy.place)
    result = copy.run(*words.split())
    assert result.code == 3, result.err
    assert "This is a copy of a database" in result.err
    assert "do BACKOUT take-over --adopt --reason T" in result.err
    assert seen_in(copy.place) == before


def test_adopted_it_is_a_database_of_its_own_and_what_ran_is_in_doubt(copy: Line) -> None:
    """One event, in the name of whoever adopts it; the original goes on as if nothing had been."""
    copy.patch.setenv("BACKOUT_AS", "kim")
    before = copy.kinds()
    adopted = copy.do("take-over", "--adopt", "--reason", "the disk of the jump host is gone")
    assert copy.kinds() == [*before, "DatabaseAdopted"]
    assert adopted["event"]["kind"] == "DatabaseAdopted"
    state = copy.state()
    assert state["steps"][1]["state"] == "in_doubt"
    assert (state["operator"], state["lease"]["number"]) == ("kim", 2)
    line = copy.ok("log", "1").out.splitlines()[-2]
    assert "kim  adopted this copy of the database, and took the controls; 1 that ran when it was made is in" in line
    copy.do("step-resolve", "2", "failed", "--reason", "looked on the node: nothing was rolled back")
    copy.do("note", "hello")
    assert copy.ok("verify", "1", "--json").json["ok"]
    the_original(copy)
    assert copy.state()["steps"][1]["state"] == "running"
    copy.do("step-stop", "2")
    wait_for(lambda: copy.state()["steps"][1]["state"] == "failed")
    assert copy.ok("verify", "1", "--json").json["ok"]


def test_adopting_needs_a_copy_and_a_reason(copy: Line) -> None:
    refused = copy.run("do", "1", "take-over", "--adopt")
    assert (refused.code, "the reason is missing" in refused.err) == (2, True)
    the_original(copy)
    refused = copy.run("do", "1", "take-over", "--adopt", "--reason", "why not")
    assert (refused.code, "This database is not a copy" in refused.err) == (3, True)
    copy.do("step-stop", "2")


def test_what_ran_in_another_backout_of_an_adopted_copy_is_in_doubt_while_the_original_runs(running: Line) -> None:
    """Whose lock the kernel knows is beside the original: it is neither asked here nor stopped from here."""
    running.ok("start", "plan.md", "--reason", "the other one", "--json")
    shutil.copytree(Path(f"{running.database}.d"), running.place / "copy.sqlite.d")
    shutil.copy(running.database, running.place / "copy.sqlite")
    running.patch.setenv("BACKOUT_DATABASE", str(running.place / "copy.sqlite"))
    assert "a stop still reaches it" not in running.ok("show", "1").err
    running.ok("do", "2", "take-over", "--adopt", "--reason", "the disk of the jump host is gone")
    assert running.state()["steps"][1]["state"] == "in_doubt"
    assert running.ok("verify", "1", "--json").json["ok"]
    the_original(running)
    assert running.state()["steps"][1]["state"] == "running"
    running.do("step-stop", "2")


def test_of_two_who_adopt_at_once_one_does(copy: Line) -> None:
    """The other one, who saw a copy too, is refused where it counts, and takes nothing from the first."""
    path = copy.place / "copy.sqlite"
    copy.do("take-over", "--adopt", "--reason", "mine")
    before = copy.kinds()
    with (
        Journal.open(path, clock=SystemClock(), tool="test", adopting=True) as journal,
        pytest.raises(Refused, match="not a copy"),
    ):
        journal.adopt("backout:1", decide=lambda _events, _before: [Draft("DatabaseAdopted", {})], actor=Actor("kim"))
    assert copy.kinds() == before
    the_original(copy)
    copy.do("step-stop", "2")


def test_a_restored_backup_is_not_taken_for_what_it_replaces(running: Line) -> None:
    """The spool beside it is that of the file that was there; the step that runs in it ends without a word here."""
    kept = running.place / "kept.sqlite"
    backup.backup(running.database, kept)
    kept.replace(running.database)
    assert "[running when this copy was made]" in running.ok("show", "1").out
    running.do("take-over", "--adopt", "--reason", "restored from the backup")
    folders = [path.name for path in Path(f"{running.database}.d").iterdir()]
    assert [name for name in folders if name.startswith("spool-of-")]
    (old,) = Path(f"{running.database}.d").glob("spool-of-*/*")
    os.kill(pid_in(old / "started.json"), signal.SIGTERM)
    wait_for(lambda: (old / "outcome.json").exists())
    wait_for(lambda: "another" in (old / "supervisor.log").read_text())
    assert running.kinds()[-1] == "DatabaseAdopted"
    assert running.state()["steps"][1]["state"] == "in_doubt"


def test_a_mark_that_cannot_be_made_certain_takes_nothing_from_the_one_before(running: Line) -> None:
    """What a power cut may leave is what was there before, or a mark too many: neither makes a database a copy."""
    kept, folder = running.place / "kept.sqlite", Path(f"{running.database}.d")
    backup.backup(running.database, kept)
    (mark,) = folder.glob("origin-*")
    original = running.place / "original.sqlite"
    running.database.rename(original)
    kept.rename(running.database)
    fsync = os.fsync

    def broken(descriptor: int) -> None:
        if os.path.samestat(os.fstat(descriptor), folder.stat()):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        fsync(descriptor)

    with running.patch.context() as patch:
        patch.setattr(os, "fsync", broken)
        refused = running.run("do", "1", "take-over", "--adopt", "--reason", "restored")
    assert (refused.code, "Nothing was recorded" in refused.err) == (2, True)
    assert mark.exists()
    running.database.rename(kept)
    original.rename(running.database)
    running.do("note", "it is the same as ever")
    (attempt,) = (path for path in folder.glob("spool*/*") if (path / "started.json").exists())
    os.kill(pid_in(attempt / "started.json"), signal.SIGTERM)


def test_a_file_moved_with_its_folder_is_the_same_database(running: Line) -> None:
    running.do("step-stop", "2")
    wait_for(lambda: running.state()["steps"][1]["state"] == "failed")
    there = running.place / "there"
    there.mkdir(mode=0o700)
    for suffix in ("", ".d"):
        Path(f"{running.database}{suffix}").rename(there / f"backout.sqlite{suffix}")
    running.patch.setenv("BACKOUT_DATABASE", str(there / "backout.sqlite"))
    running.do("note", "moved")


def test_a_spool_that_was_cleaned_away_makes_no_copy(line: Line) -> None:
    line.decided()
    shutil.rmtree(f"{line.database}.d")
    assert "COPY" not in line.ok("show", "1").out.upper()
    line.do("note", "still here")
    line.do("step-run", "2", "--yes", "--wait")


def test_a_copy_without_a_backout_is_nobodys_and_can_be_written_to(line: Line) -> None:
    """Nothing can have run in it: there is nothing to be said about it."""
    line.ok("plan", "import", line.write("plan.md", COMMANDS))
    shutil.copy(line.database, line.place / "copy.sqlite")
    line.patch.setenv("BACKOUT_DATABASE", str(line.place / "copy.sqlite"))
    line.start()
    line.do("note", "hello")
    assert line.ok("verify", "1", "--json").json["ok"]


def test_a_closed_backout_can_be_adopted_too(line: Line) -> None:
    line.decided()
    line.do("verdict", "stood-down", "--reason", "the errors went away")
    line.do("close", "--reason", "nothing to be done any more")
    shutil.copy(line.database, line.place / "copy.sqlite")
    line.patch.setenv("BACKOUT_DATABASE", str(line.place / "copy.sqlite"))
    assert line.run("do", "1", "reopen", "--reason", "not over").code == 3
    line.do("take-over", "--adopt", "--reason", "moved to the new host")
    line.do("reopen", "--reason", "it is not over after all")
    assert line.state()["state"] != "closed"


def test_a_copy_that_was_cut_off_in_the_middle_of_a_write_is_read_as_it_is(line: Line) -> None:
    """What a killed writer left half done is undone in the very file by its next writer, and in a copy nowhere."""
    line.decided()
    with closing(sqlite3.connect(line.database, isolation_level=None)) as writer:
        writer.execute("PRAGMA cache_spill = 1")
        writer.execute("PRAGMA cache_size = 1")
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("CREATE TABLE half (done)")
        writer.executemany("INSERT INTO half VALUES (?)", [("x" * 4000,)] * 200)
        for suffix in ("", "-journal"):
            shutil.copy(f"{line.database}{suffix}", line.place / f"copy.sqlite{suffix}")
        writer.execute("ROLLBACK")
    assert (line.place / "copy.sqlite-journal").stat().st_size
    line.patch.setenv("BACKOUT_DATABASE", str(line.place / "copy.sqlite"))
    before = seen_in(line.place)
    assert line.state()["steps"][0]["state"] == "done"
    assert line.run("do", "1", "note", "hello").code == 3
    assert seen_in(line.place) == before


def test_whoever_settles_is_named_beside_whoever_began(running: Line) -> None:
    """The one opened the backout, the other ran the step: neither speaks in the other's name."""
    line = running
    (folder,) = Path(f"{line.database}.d").glob("spool/*")
    for name in ("started.json", "process.json"):
        os.kill(pid_in(folder / name), signal.SIGKILL)
    line.patch.setenv("BACKOUT_AS", "kim")
    wait_for(lambda: line.state()["steps"][1]["state"] == "in_doubt")
    settled = line.ok("log", "1", "--json").json[-1]
    assert (settled["kind"], settled["actor"]["as"]) == ("StepInDoubt", "kim")
    assert (settled["data"]["settled"], settled["data"]["begun_by"]) == (True, "sam")
    assert "found when the backout was opened; begun by sam" in line.ok("log", "1").out


def test_show_says_at_once_that_it_is_a_copy_and_how_it_is_adopted(copy: Line) -> None:
    assert "A COPY: it is only read; do 1 take-over --adopt --reason T adopts it" in copy.ok("show", "1").out
    the_original(copy)
    assert "A COPY" not in copy.ok("show", "1").out
