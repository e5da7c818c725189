"""A command as a process: what it is given, how it is read, and how it is stopped with all it started."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from backout_tui.engine.attempts.liveness import is_live
from backout_tui.engine.attempts.stopping import ask_to_stop
from tests.engine.bench import FORKS, Bench, lives, wait_for

pytestmark = FORKS

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /proc and a subreaper")


Umask = Callable[[int], object]


@pytest.fixture
def umask() -> Iterator[Umask]:
    """Sets the umask, until the test ends."""
    before = os.umask(0o077)
    yield os.umask
    os.umask(before)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_the_command_has_a_session_no_terminal_no_input_the_operators_umask_and_its_folder(
    bench: Bench, umask: Umask
) -> None:
    umask(0o027)
    script = "echo session $(cut -d ' ' -f 6 /proc/$$/stat) of $$; umask; pwd; readlink /proc/self/fd/0; tty || true"
    lines = bench.output(bench.run(script)).decode().splitlines()
    words = lines[0].split()
    assert words[1] == words[3]
    assert lines[1:] == ["0027", str(bench.place), "/dev/null", "not a tty"]


def test_what_the_command_writes_is_the_operators_and_what_we_write_is_private(bench: Bench, umask: Umask) -> None:
    """A page that a step restores has to be readable for the web server; our record of it is nobody's business."""
    umask(0o022)
    outcome = bench.run(
        "echo page >page.html; mkdir pages; stat -c %a page.html pages; stat -c %a $(find *.d -name '*.json')"
    )
    theirs, ours = bench.output(outcome).split()[:2], bench.output(outcome).split()[2:]
    assert theirs == [b"644", b"755"]
    assert set(ours) == {b"600"}


CAN_CHANGE_A_SHELL = {
    "CDPATH": "{place}/else",
    "BASH_ENV": "{place}/first",
    "ENV": "{place}/first",
    "SHELLOPTS": "noexec:xtrace:noglob",
    "BASHOPTS": "nullglob:extglob:nocasematch",
    "GLOBIGNORE": "*.txt",
    "PS4": "$(echo run by xtrace)",
    "POSIXLY_CORRECT": "1",
    "IFS": "/",
    "OPTIND": "7",
    "TMOUT": "1",
    "BASH_FUNC_cat%%": "() {{ echo another cat; }}",
    "BASH_FUNC_cat()": "() {{ echo another cat; }}",
}
_READS = "cd deploy && cat which; set -- -a; getopts a it && echo $it; cd ..; ls *.txt; p=a/b; echo $p; set -x; :"


@pytest.mark.parametrize("language", ["sh", "bash"])
def test_the_same_text_does_the_same_under_every_operator(bench: Bench, language: str) -> None:
    for folder, word in (("deploy", "right"), ("else/deploy", "WRONG")):
        (bench.place / folder).mkdir(parents=True)
        (bench.place / folder / "which").write_text(f"{word}\n")
    (bench.place / "first").write_text("echo run first\ncd /\n")
    (bench.place / "a.txt").touch()
    plain = bench.output(bench.run(_READS, language=language))
    assert plain.split()[:4] == [b"right", b"a", b"a.txt", b"a/b"]
    place = str(bench.place)
    all_of_them = {name: value.format(place=place) for name, value in CAN_CHANGE_A_SHELL.items()}
    for given in (*({name: value} for name, value in all_of_them.items()), all_of_them):
        assert bench.output(bench.run(_READS, language=language, environment=given)) == plain, given


def test_none_of_what_shells_read_reaches_a_command_unless_the_plan_says_so(bench: Bench) -> None:
    names = (*CAN_CHANGE_A_SHELL, "TIMEFORMAT", "PS1", "KEPT")
    operators = dict.fromkeys(names, "operators") | {"BASH_FUNC_x%%": "() { :; }"}
    outcome = bench.run("env", environment=operators, variables={"ENV": "operators, by the plan"})
    said = [line for line in bench.output(outcome).decode().splitlines() if "operators" in line or "FUNC" in line]
    assert sorted(said) == ["ENV=operators, by the plan", "KEPT=operators"]


def test_signals_reach_the_command_as_ever(bench: Bench) -> None:
    """What the supervisor does with its own signals is not inherited: a pipe that breaks ends its writer."""
    outcome = bench.run("yes | head -n 1; (kill -HUP $BASHPID; echo deaf)", language="bash", keep_going=True)
    lines = bench.output(outcome).splitlines()
    assert lines[0] == b"y"
    assert b"deaf" not in lines
    assert not any(b"write error" in line for line in lines)


@linux_only
def test_the_command_does_not_inherit_the_lock(bench: Bench) -> None:
    outcome = bench.run("ls -l /proc/self/fd")
    assert b"/lock" not in bench.output(outcome)


def test_a_grandchild_that_holds_the_pipe_delays_the_end_by_a_second_at_most(bench: Bench) -> None:
    """And it is left alone: a command may well leave a process behind."""
    began = time.monotonic()
    outcome = bench.run("sleep 60 & echo $!")
    assert time.monotonic() - began < 30
    assert outcome.data["result"] == "done"
    pid = int(bench.output(outcome))
    assert lives(pid)
    os.kill(pid, signal.SIGKILL)


def test_a_hundred_thousand_lines_are_taken_in_whole(bench: Bench) -> None:
    began = time.monotonic()
    outcome = bench.run("seq 100000", expects=["`50000`", "`100000`"])
    assert time.monotonic() - began < 60
    assert (outcome.data["result"], outcome.data["bytes"]) == ("done", 588_895)
    assert bench.output(outcome).endswith(b"\n99999\n100000\n")


def test_output_is_there_to_be_read_while_the_command_runs(bench: Bench) -> None:
    begun = bench.begin("printf 'working '; sleep 30")
    pid = bench.supervise(begun, grace_s=0.2)
    wait_for(lambda: begun.folder.output().whole == b"working ")
    assert is_live(begun.folder)
    ask_to_stop(begun.folder, "sam")
    os.waitpid(pid, 0)


def test_a_stop_is_obeyed_within_a_second_and_names_who_asked(bench: Bench) -> None:
    begun = bench.begin("trap 'echo cleaning up; exit 0' TERM; echo ready; while :; do sleep 0.05; done")
    pid = bench.supervise(begun, grace_s=60)
    wait_for(lambda: begun.folder.output().whole)
    asked = time.monotonic()
    ask_to_stop(begun.folder, "sam")
    os.waitpid(pid, 0)
    assert time.monotonic() - asked < 30  # less than the grace
    outcome = bench.outcome(begun)
    assert bench.output(outcome).splitlines()[-1] == b"cleaning up"
    expected = {"result": "failed", "why": "stopped by sam", "stopped_by": "sam", "exit_code": 0}
    assert expected.items() <= outcome.data.items()


def test_a_command_that_ignores_term_is_killed_after_the_grace(bench: Bench) -> None:
    outcome = bench.run("trap '' TERM; while :; do sleep 0.05; done", timeout_ms=300, grace_s=0.3)
    assert (outcome.data["why"], outcome.data["signal"]) == ("timed out after 0.3 s", 9)


@linux_only
def test_a_stop_reaches_those_who_took_a_session_of_their_own(bench: Bench) -> None:
    """Escaped by `setsid`, orphaned, and deaf to TERM: they end with the command all the same."""
    script = "setsid sh -c 'trap \"\" TERM; echo $$; exec sleep 60' & (sleep 61 & echo $!) ; wait; sleep 62"
    outcome = bench.run(script, timeout_ms=700, grace_s=0.5)
    assert outcome.data["why"] == "timed out after 0.7 s"
    pids = [int(line) for line in bench.output(outcome).split()]
    assert len(pids) == 2
    assert not any(map(lives, pids))


def test_a_signal_to_the_supervisor_stops_the_command_and_is_recorded(bench: Bench) -> None:
    begun = bench.begin("echo ready; sleep 60")
    pid = bench.supervise(begun)
    wait_for(lambda: begun.folder.output().whole)
    os.kill(pid, signal.SIGHUP)
    os.kill(pid, signal.SIGTERM)
    os.waitpid(pid, 0)
    outcome = bench.outcome(begun)
    assert (outcome.data["result"], outcome.data["why"]) == ("failed", "stopped by signal TERM")


def test_a_stop_that_was_asked_before_the_command_began_keeps_it_from_beginning(bench: Bench) -> None:
    begun = bench.begin(f"touch {bench.place}/ran")
    ask_to_stop(begun.folder, "kim")
    os.waitpid(bench.supervise(begun), 0)
    assert bench.outcome(begun).data["why"] == "stopped by kim"
    assert not (bench.place / "ran").exists()
