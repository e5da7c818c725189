"""The supervisor with real processes: what is run, what is recorded of it, and what is never done twice."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from backout_tui.engine.attempts.spool import AttemptFolder
from backout_tui.engine.attempts.stopping import ask_to_stop
from backout_tui.engine.attempts.supervisor import record_in_log
from tests.engine.bench import FORKS, Begun, Bench, wait_for

pytestmark = FORKS


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_a_command_that_exits_with_0_is_done(bench: Bench) -> None:
    outcome = bench.run("echo one; echo two >&2")
    assert outcome.kind == "StepFinished"
    assert bench.output(outcome) == b"one\ntwo\n"
    assert outcome.actor.name == "sam"
    assert outcome.lease == 7
    expected = {"result": "done", "why": "", "exit_code": 0, "signal": None, "stopped_by": None, "expect": []}
    assert expected.items() <= outcome.data.items()
    assert {"step": "4", "attempt": 1, "bytes": 8, "dropped": 0}.items() <= outcome.data.items()
    assert outcome.data["started_at"] < outcome.data["ended_at"]


def test_after_the_outcome_is_recorded_its_folder_is_gone(bench: Bench) -> None:
    begun = bench.begin()
    os.waitpid(bench.supervise(begun), 0)
    assert bench.outcome(begun)
    assert not begun.folder.path.exists()


@pytest.mark.parametrize(
    ("changes", "result"),
    [
        ({"language": "sh"}, "failed"),
        ({"language": ""}, "failed"),
        ({"language": "bash"}, "failed"),
        ({"language": "sh", "keep_going": True}, "done"),
        ({"language": "bash", "keep_going": True}, "done"),
    ],
)
def test_a_fence_ends_at_its_first_failing_line_unless_it_keeps_going(
    bench: Bench, changes: dict[str, Any], result: str
) -> None:
    outcome = bench.run("false\necho went on", **changes)
    assert outcome.data["result"] == result
    assert (b"went on" in bench.output(outcome)) == (result == "done")


def test_bash_fails_when_any_part_of_a_pipe_fails(bench: Bench) -> None:
    assert bench.run("false | cat", language="bash").data["result"] == "failed"
    assert bench.run("false | cat", language="bash", keep_going=True).data["result"] == "done"


def test_why_names_the_exit_code_the_signal_and_each_unmet_expectation(bench: Bench) -> None:
    assert bench.run("exit 3").data["why"] == "exit code 3"
    killed = bench.run("kill -9 $$").data
    assert (killed["why"], killed["exit_code"], killed["signal"]) == (
        "killed by signal 9: SIGKILL, killed from outside, often because memory ran out",
        None,
        9,
    )
    said = bench.run("echo rolled out", expects=["`rolled out`", "/pods: [0-9]+/", "`ready`"]).data
    assert said["result"] == "failed"
    assert said["why"] == "did not match /pods: [0-9]+/; did not say `ready`"
    assert said["expect"][0] == {"text": "`rolled out`", "met": True}
    assert bench.run("echo rolled out", expects=["`rolled out`", "/^rolled/"]).data["result"] == "done"


@pytest.mark.parametrize(
    ("script", "language", "why"),
    [
        ("exit 1", "sh", "exit code 1"),
        ("exit 128", "sh", "exit code 128"),
        ("exit 129", "sh", "exit code 129: SIGHUP, the terminal or session that it belonged to ended"),
        ("exit 254", "sh", "exit code 254"),
        ("exit 255", "sh", "exit code 255"),
        (
            "ssh() { return 255; }; ssh node-1 uptime",
            "sh",
            "exit code 255: ssh could not connect or log in, or what it",
        ),
        ("/", "sh", "exit code 126: a program was found but could not be executed"),
        (
            "no-such-program",
            "sh",
            "exit code 127: a command was not found (misspelt, not installed,",
        ),
        ("sh -c 'kill -TERM $$'", "sh", "exit code 143: SIGTERM, asked to end from outside"),
        ("sh -c 'kill -9 $$'", "sh", "exit code 137: SIGKILL, killed from outside, often because memory ran out"),
        ("timeout 0.1 sleep 9", "sh", "exit code 124: `timeout` ended it, because it took too long"),
        ("exit 124", "sh", "exit code 124"),
        ("exit 170", "sh", "exit code 170"),
        (
            "exit 141",
            "sh",
            "exit code 141: SIGPIPE, a pipe was closed early, as by `head` or `grep -q`",
        ),
        ("seq 1 100000 | head -1", "bash", "`grep -q`; pipefail makes that a failure"),
    ],
)
def test_an_exit_code_is_explained(bench: Bench, script: str, language: str, why: str) -> None:
    said = bench.run(script, language=language).data["why"]
    assert why == said if ":" not in why and ";" not in why else why in said
    assert said.startswith("exit code ")


def test_the_environment_is_the_operators_less_our_own_plus_variables_and_secrets(bench: Bench) -> None:
    outcome = bench.run(
        'echo "$OPERATORS" "${BACKOUT_AS-none}" "$NAMESPACE" ${#TOKEN}',
        {"TOKEN": "hunter22"},
        environment={"OPERATORS": "kept", "BACKOUT_AS": "sam", "NAMESPACE": "wrong"},
        variables={"NAMESPACE": "a b"},
    )
    assert bench.output(outcome) == b"kept none a b 8\n"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"cwd": "/no/such/folder"}, "the folder /no/such/folder is not there"),
        ({"variables": {"PATH": "/nowhere"}}, "sh is not installed, or not on the PATH"),
        ({"variables": {"HUGE": "x" * 3_000_000}}, "it could not be started: argument list too long"),
        ({"variables": {"A": "nul\0"}}, "it could not be started: embedded null byte"),
        ({"language": "sql"}, "commands in sql are shown, never run"),
    ],
)
def test_what_cannot_be_executed_has_failed_and_is_not_in_doubt(
    bench: Bench, changes: dict[str, Any], why: str
) -> None:
    outcome = bench.run("true", **changes)
    assert (outcome.kind, outcome.data["result"], outcome.data["why"]) == ("StepFinished", "failed", why)


def test_a_check_that_could_not_be_executed_says_nothing_either_way(bench: Bench) -> None:
    outcome = bench.run("true", kind="check", cwd="/no/such/folder")
    assert outcome.kind == "CheckFinished"
    assert outcome.data["inconclusive"] is True
    assert "inconclusive" not in bench.run("false", kind="check").data


def test_no_attempt_is_begun_twice_or_without_its_lock(bench: Bench) -> None:
    """Whoever starts a supervisor by hand on a folder must not run the command again."""
    begun = bench.begin(f"echo ran >> {bench.place}/ran; sleep 60")
    pid = bench.supervise(begun, grace_s=0.2)
    wait_for(lambda: (bench.place / "ran").exists())
    again = supervised_by_hand(begun)
    assert again.returncode == 2
    assert b"begun before" in again.stderr
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    again = supervised_by_hand(begun)
    assert again.returncode == 2
    assert b"nobody holds" in again.stderr
    assert (bench.place / "ran").read_text() == "ran\n"
    os.killpg(json.loads((begun.folder.path / "process.json").read_text())["pid"], signal.SIGKILL)


def supervised_by_hand(begun: Begun) -> subprocess.CompletedProcess[bytes]:
    """A supervisor that somebody starts on a folder that lies around, with its descriptor in the lock's place too."""
    held = begun.folder.folder.descriptor
    words = [
        sys.executable,
        "-m",
        "backout_tui.engine.attempts.supervisor",
        str(begun.folder.path),
        str(held),
        str(held),
    ]
    word = {"request": begun.folder.request_sha256, "secrets": {}}
    return subprocess.run(words, input=json.dumps(word).encode(), capture_output=True, check=False, pass_fds=(held,))


def test_secrets_that_never_arrived_keep_the_command_from_beginning(bench: Bench) -> None:
    begun = bench.begin(f"touch {bench.place}/ran")
    words = [sys.executable, "-c", _SUPERVISE_WITHOUT_SECRETS, str(begun.folder.path), begun.folder.request_sha256]
    subprocess.run(words, check=True, timeout=60)
    os.close(begun.lock)
    (outcome,) = bench.settle()
    assert outcome.kind == "StepNotStarted"
    assert not (bench.place / "ran").exists()


_SUPERVISE_WITHOUT_SECRETS = """
import sys
from backout_tui.domain.values import replace
from pathlib import Path
from backout_tui.engine.attempts.spool import AttemptFolder
from backout_tui.engine.attempts.supervisor import supervise
def record(attempt, request, known):
    assert known["why"].startswith("whoever started it went away"), known
    raise OSError("the log is full")
supervise(replace(AttemptFolder.at(Path(sys.argv[1])), request_sha256=sys.argv[2]), None, record=record, patience_s=0)
"""


def test_a_log_that_refuses_leaves_everything_for_a_settler(bench: Bench) -> None:
    begun = bench.begin("echo precious")

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    os.waitpid(bench.supervise(begun, record=refuse, patience_s=0.5), 0)
    assert begun.folder.outcome()
    (outcome,) = bench.settle()
    assert (outcome.data["result"], bench.output(outcome)) == ("done", b"precious\n")
    assert not begun.folder.path.exists()


def test_a_log_that_recovers_gets_the_outcome_from_the_supervisor(bench: Bench) -> None:
    begun, tries = bench.begin(), bench.place / "tries"

    def refuse_twice(attempt: AttemptFolder, request: Any, known: Any) -> None:
        tries.write_text(tries.read_text() + "x" if tries.exists() else "x")
        if len(tries.read_text()) < 3:
            raise OSError(28, "No space left on device")
        record_in_log(attempt, request, known)

    os.waitpid(bench.supervise(begun, record=refuse_twice, patience_s=10), 0)
    assert bench.outcome(begun).data["result"] == "done"


def test_a_database_that_was_removed_is_not_waited_for(bench: Bench, tmp_path: Path) -> None:
    """The demo removes its folder when it ends, and a step may still run then."""
    begun = bench.begin(f"echo begun > {tmp_path}/begun; sleep 0.5")
    pid = bench.supervise(begun, patience_s=60)
    wait_for(lambda: (tmp_path / "begun").exists() and begun.folder.process() is not None)
    shutil.rmtree(begun.folder.path.parent.parent)
    bench.database.unlink()
    wait_for(lambda: os.waitpid(pid, os.WNOHANG)[0] == pid)
    assert not bench.database.exists()


def test_a_disk_too_full_for_the_output_neither_stops_the_command_nor_loses_what_it_said(bench: Bench) -> None:
    """The command's own files are not the issue here: it runs on, and the log gets its output from memory."""
    begun = bench.begin(f"seq 2000; echo finished > {bench.place}/finished")

    def fill_up(point: str) -> None:
        if point == "after exec":
            resource.setrlimit(resource.RLIMIT_FSIZE, (1500, resource.RLIM_INFINITY))
        if point == "after outcome":
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    os.waitpid(bench.supervise(begun, at=fill_up), 0)
    outcome = bench.outcome(begun)
    assert (bench.place / "finished").exists()
    assert outcome.data["result"] == "done"
    assert outcome.data["why"] == ""
    assert outcome.data["bytes"] == len(bench.output(outcome)) == 8893


def test_a_settler_says_how_much_of_the_output_a_full_disk_did_not_take(bench: Bench) -> None:
    begun = bench.begin("seq 2000")

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    def fill_up(point: str) -> None:
        if point == "after exec":
            resource.setrlimit(resource.RLIMIT_FSIZE, (1500, resource.RLIM_INFINITY))

    os.waitpid(bench.supervise(begun, at=fill_up, record=refuse, patience_s=0.2), 0)
    (outcome,) = bench.settle()
    kept = len(bench.output(outcome))
    assert 0 < kept < 8893
    assert outcome.data["why"] == f"{8893 - kept} bytes of its output could not be kept"


def test_an_outcome_that_no_disk_takes_is_recorded_from_memory(bench: Bench) -> None:
    begun = bench.begin("exit 4")

    def remove_folder(point: str) -> None:
        if point == "after exit":
            shutil.rmtree(begun.folder.path)

    os.waitpid(bench.supervise(begun, at=remove_folder, patience_s=0.2), 0)
    assert bench.outcome(begun).data["why"] == "exit code 4"


def test_a_message_is_delivered_and_its_recipients_are_recorded(bench: Bench) -> None:
    """Here to nobody, for want of a sender: what a mail server answers is the channel's own test."""
    envelope = {"from": "nobody", "recipients": [{"name": "kim", "address": "kim@example.org"}]}
    begun = bench.begin(kind="message", mail={}, envelope=envelope)
    os.waitpid(bench.supervise(begun, {"MAIL_PASSWORD": "hunter22"}), 0)
    outcome = bench.outcome(begun)
    assert (outcome.kind, outcome.data["result"], outcome.data["message"]) == ("MessageFinished", "failed", "4")
    assert [one["state"] for one in outcome.data["recipients"]] == ["failed"]
    assert outcome.data["duration_ms"] >= 0


def test_a_server_that_repeats_the_password_tells_nobody(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = "535 hunter22-long (aHVudGVyMjItbG9uZw==) is wrong"
    told = {"name": "kim", "state": "failed", "detail": refused}
    answer = {"result": "failed", "why": refused, "recipients": [told]}
    monkeypatch.setattr("backout_tui.engine.channels.email.deliver", lambda *_: answer)
    begun = bench.begin(kind="message")
    os.waitpid(bench.supervise(begun, {"MAIL_PASSWORD": "hunter22-long", "OTHER": "failed"}), 0)
    outcome = bench.outcome(begun)
    assert (outcome.data["result"], outcome.data["recipients"][0]["state"]) == ("failed", "failed")
    assert outcome.data["why"] == "535 *** (***) is wrong"
    assert outcome.data["recipients"][0]["detail"] == "535 *** (***) is wrong"


def test_a_channel_that_breaks_leaves_the_message_in_doubt(bench: Bench) -> None:
    """People may have been told: it is never sent again by itself, and never said to be unsent."""
    begun = bench.begin(kind="message")
    os.waitpid(bench.supervise(begun, {"MAIL_PASSWORD": "hunter22"}), 0)
    outcome = bench.outcome(begun)
    assert outcome.kind == "MessageInDoubt"
    assert outcome.data["why"] == "sending broke off unexpectedly: who was told is not known"


def test_no_secret_is_in_any_file_of_the_spool_or_on_any_command_line(bench: Bench) -> None:
    begun = bench.begin('echo "$TOKEN"; printf %s "$TOKEN" | base64; echo ready; sleep 60', secrets=["TOKEN"])
    pid = bench.supervise(begun, {"TOKEN": "hunter22-Käse"}, grace_s=0.2)
    wait_for(lambda: b"ready" in begun.folder.output().whole)
    found = b"".join(file.read_bytes() for file in begun.folder.path.iterdir() if file.is_file())
    for command in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found += command.read_bytes()
        except OSError:
            continue
    assert b"hunter22" not in found
    assert b"aHVudGVyMjIt" not in found
    assert begun.folder.output().whole == b"***\n***\nready\n"
    assert all(file.stat().st_mode & 0o077 == 0 for file in (begun.folder.path, *begun.folder.path.iterdir()))
    ask_to_stop(begun.folder, "sam")
    os.waitpid(pid, 0)
    assert b"hunter22" not in bench.database.read_bytes()
