"""A command that is repeated until it is true, and one whose last line is kept: with real processes."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from backout_tui.domain.backout.events import Event
from backout_tui.engine.attempts.stopping import ask_to_stop
from tests.engine.bench import FORKS, Bench, lives, wait_for

pytestmark = FORKS

EVERY_SECOND = {"every_s": 1, "at_most_s": 20}
COUNTS = 'echo x >> tries; test "$(wc -l < tries)" -ge 3 && echo ready'


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def tries(bench: Bench) -> int:
    """How often the command ran."""
    file = bench.place / "tries"
    return len(file.read_text().splitlines()) if file.exists() else 0


def headings(bench: Bench, event: Event) -> list[str]:
    """The lines of the output that tell of a try."""
    return [line for line in bench.output(event).decode().splitlines() if line.startswith("── try")]


# ── until ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_it_is_tried_at_the_interval_until_it_is_true_inside_one_attempt(bench: Bench) -> None:
    began = time.monotonic()
    outcome = bench.run(COUNTS, until=EVERY_SECOND)
    assert {"result": "done", "why": "", "exit_code": 0, "tries": 3}.items() <= outcome.data.items()
    assert tries(bench) == 3
    assert 2.0 <= time.monotonic() - began < 30
    assert [line.split(" at ")[0] for line in headings(bench, outcome)] == [f"── try {n}" for n in (1, 2, 3)]
    assert bench.output(outcome).endswith(b" UTC \xe2\x94\x80\xe2\x94\x80\nready\n")
    assert [event.kind for event in bench.events].count("StepFinished") == 1


def test_what_an_earlier_try_printed_does_not_count(bench: Bench) -> None:
    """Exit 0 and every expectation, both in the same try; a pattern too."""
    script = "echo x >> tries; n=$(wc -l < tries); case $n in 1) echo ready 7;; 2) echo other;; *) echo ready 9;; esac"
    outcome = bench.run(f"{script}; test $n -gt 1", until=EVERY_SECOND, expects=["`ready`", "/ready [0-9]/"])
    assert (outcome.data["result"], outcome.data["tries"]) == ("done", 3)
    assert [one["met"] for one in outcome.data["expect"]] == [True, True]


def test_after_the_limit_it_has_failed_and_says_how_often_it_was_tried_and_what_the_last_one_lacked(
    bench: Bench,
) -> None:
    outcome = bench.run("printf not-yet; exit 3", until={"every_s": 1, "at_most_s": 2}, expects=["`ready`"])
    assert outcome.data["result"] == "failed"
    assert outcome.data["why"] == "not true within 2 s, 3 tries; the last: exit code 3; did not say `ready`"
    assert (outcome.data["tries"], outcome.data["exit_code"]) == (3, 3)
    assert bench.output(outcome).decode().count("not-yet\n── try") == 2, "each try begins on a line of its own"


def test_a_try_that_hangs_is_stopped_by_its_time_out_and_is_a_try_that_failed(bench: Bench) -> None:
    script = 'echo x >> tries; test "$(wc -l < tries)" -ge 2 || sleep 60'
    outcome = bench.run(script, until=EVERY_SECOND, timeout_ms=300, grace_s=0.2)
    assert (outcome.data["result"], outcome.data["tries"]) == ("done", 2)


def test_a_try_that_hangs_without_a_time_out_ends_soon_after_the_limit(bench: Bench) -> None:
    began = time.monotonic()
    outcome = bench.run("sleep 60", until={"every_s": 1, "at_most_s": 1}, grace_s=0.2)
    assert outcome.data["why"] == "not true within 1 s, 1 try; the last: timed out after 2 s"
    assert time.monotonic() - began < 30


@pytest.mark.parametrize(("script", "told"), [("echo now; sleep 60", "now"), ("echo now; false", "now")])
def test_a_stop_works_within_a_try_and_between_tries(bench: Bench, script: str, told: str) -> None:
    begun = bench.begin(script, until={"every_s": 30, "at_most_s": 60})
    pid = bench.supervise(begun, grace_s=0.2)
    wait_for(lambda: told.encode() in begun.folder.output().whole)
    ask_to_stop(begun.folder, "kim")
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    outcome = bench.outcome(begun)
    assert (outcome.data["result"], outcome.data["stopped_by"]) == ("failed", "kim")
    assert outcome.data["why"] == "stopped by kim"
    assert outcome.data["tries"] == 1


def test_a_supervisor_that_dies_between_tries_leaves_a_doubt_and_no_further_try(bench: Bench) -> None:
    begun = bench.begin("echo x >> tries; false", until=EVERY_SECOND)
    pid = bench.supervise(begun)
    wait_for(lambda: tries(bench) == 2)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    (outcome,) = bench.settle()
    assert outcome.kind == "StepInDoubt"
    before = tries(bench)
    time.sleep(1.5)
    assert tries(bench) == before
    assert b"try 2" in bench.output(outcome)


def test_what_cannot_be_executed_is_not_tried_again(bench: Bench) -> None:
    outcome = bench.run("true", until=EVERY_SECOND, cwd="/no/such/folder")
    assert outcome.data["why"] == "the folder /no/such/folder is not there"


def test_secrets_are_hidden_in_every_try(bench: Bench) -> None:
    outcome = bench.run(f'echo "$TOKEN"; {COUNTS}', {"TOKEN": "hunter22"}, until=EVERY_SECOND)
    assert bench.output(outcome).count(b"***") == 3
    assert b"hunter22" not in bench.output(outcome)


def test_what_a_try_leaves_behind_is_stopped_with_a_later_one(bench: Bench) -> None:
    script = "sleep 300 & echo $! > left; echo now; wait"
    begun = bench.begin(
        f"test -e left || {{ {script.replace('; wait', '')}; exit 1; }}; echo again; sleep 60", until=EVERY_SECOND
    )
    pid = bench.supervise(begun, grace_s=0.2)
    wait_for(lambda: b"again" in begun.folder.output().whole)
    left = int((bench.place / "left").read_text())
    ask_to_stop(begun.folder, "kim")
    os.waitpid(pid, 0)
    assert bench.outcome(begun).data["stopped_by"] == "kim"
    assert not lives(left)


# ── capture ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_last_line_that_is_not_blank_is_kept(bench: Bench) -> None:
    outcome = bench.run("echo one; printf '  4.11.3 \\r\\n \\n\\n'", capture="VERSION")
    assert outcome.data["captured"] == {"name": "VERSION", "value": "4.11.3"}
    assert "captured" not in bench.run("echo one").data
    assert "captured" not in bench.run("echo one; exit 1", capture="VERSION").data


def test_of_several_tries_the_last_one_is_kept(bench: Bench) -> None:
    script = 'echo x >> tries; n=$(wc -l < tries); echo "seen $n"; test $n -ge 2'
    assert bench.run(script, until=EVERY_SECOND, capture="SEEN").data["captured"]["value"] == "seen 2"
    silent = "test -e silent || { touch silent; echo first; exit 1; }"
    assert bench.run(silent, until=EVERY_SECOND, capture="SEEN").data["result"] == "failed"


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("true", "it printed nothing that could be kept as VERSION"),
        ("printf ' \\n\\n'", "it printed nothing that could be kept as VERSION"),
        ('echo "token $TOKEN"', "its last line holds a secret, and cannot be kept as VERSION"),
        (
            "head -c 5000 /dev/zero | tr '\\0' x",
            "its last line is too long to be kept as VERSION: 5000 bytes, at most 4096",
        ),
    ],
)
def test_a_value_that_would_be_wrong_is_none_and_the_step_has_failed(bench: Bench, script: str, why: str) -> None:
    """Later commands would go on with it."""
    outcome = bench.run(script, {"TOKEN": "hunter22"}, capture="VERSION")
    assert (outcome.data["result"], outcome.data["exit_code"], outcome.data["why"]) == ("failed", 0, why)
    assert "captured" not in outcome.data
    assert b"hunter22" not in bench.database.read_bytes()


def test_what_a_terminal_would_act_on_is_not_in_the_value_or_is_shown(bench: Bench) -> None:
    """A title is no text; a character that turns the direction of others is one, and must not act."""
    outcome = bench.run("printf '\\033]0;pwned\\007\\342\\200\\256x\\n'", capture="VERSION")
    assert outcome.data["captured"]["value"] == "\\u202ex"


def test_what_is_captured_reaches_a_command_as_a_value_alone(bench: Bench) -> None:
    """Whatever it holds: it is no text of the script."""
    evil = "$(touch pwned); `touch pwned`; touch pwned"
    value = bench.run(f"echo '{evil}'", capture="EVIL").data["captured"]["value"]
    assert value == evil
    changes: dict[str, Any] = {"variables": {"EVIL": value}}
    outcome = bench.run('echo "$EVIL"; echo $EVIL', **changes)
    assert bench.output(outcome).decode() == f"{evil}\n{evil}\n"
    assert not (bench.place / "pwned").exists()
