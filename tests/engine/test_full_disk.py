"""A disk that is full while something ends: it is said, it waits, and all of it is recorded once there is room."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backout_tui.engine.attempts.awaiting import awaiting
from backout_tui.engine.printed.output import HEAD_CAP, TAIL_CAP
from tests.engine.bench import FORKS, Begun, Bench, wait_for

pytestmark = FORKS
SOON_S = 20.0
"""Seconds after which what there is room for is recorded."""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Bench]:
    """A bench on a disk of three MiB, where this system lets us have one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m,mode=700", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a disk can only be mounted by root")
    try:
        yield Bench(place)
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(path: Path) -> None:
    """Take all that is left of the disk."""
    with path.open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while file.write(b"x" * size):
                    pass
            except OSError:
                continue


def said(bench: Bench, begun: Begun) -> str:
    """What a reader is told of the attempt."""
    return awaiting(bench.database, [begun.intent], datetime.now(UTC)).get(begun.intent.event_id, "")


def gone(pid: int) -> bool:
    """Whether that supervisor has ended."""
    return os.waitpid(pid, os.WNOHANG)[0] == pid


@pytest.mark.parametrize(
    ("kind", "words"),
    [("step", r"step 4 ended \d+ s ago with exit 3"), ("check", r"check 4 ended \d+ s ago with exit 3")],
)
@pytest.mark.parametrize("amount", ["little", "much"])
def test_it_is_said_that_it_ended_and_waits_for_room_and_then_all_is_recorded(
    disk: Bench, tmp_path: Path, kind: str, words: str, amount: str
) -> None:
    """The head and the tail of a long output as well, of which the full disk took nothing."""
    lines, rest, go = (9 if amount == "little" else 200_000), disk.place / "rest", tmp_path / "go"
    begun = disk.begin(f"while [ ! -e {go} ]; do sleep 0.05; done; seq {lines}; exit 3", kind=kind)
    pid = disk.supervise(begun)
    wait_for(lambda: begun.folder.process() is not None)
    fill(rest)
    assert said(disk, begun) == "", "it runs"
    go.touch()
    wait_for(lambda: said(disk, begun) != "", within_s=40)
    waits = rf"; its outcome waits for room on the disk \({re.escape(str(disk.place))} is full\)"
    assert re.fullmatch(words + waits + "; it is tried again every few seconds", said(disk, begun))
    assert disk.settle() == [], "whoever looks meanwhile settles nothing: its supervisor lives"
    assert not gone(pid)
    rest.unlink()
    began = time.monotonic()
    wait_for(lambda: gone(pid), within_s=60)
    assert time.monotonic() - began < SOON_S
    outcome = disk.outcome(begun)
    whole = "".join(f"{number}\n" for number in range(1, lines + 1)).encode()
    output = disk.output(outcome)
    if amount == "little":
        assert output == whole
    else:
        assert output.startswith(whole[:HEAD_CAP])
        assert output.endswith(whole[-TAIL_CAP:])
    assert outcome.data["exit_code"] == 3
    assert outcome.data["why"] == ("exit code 3" if kind == "step" else outcome.data["why"])
    assert not begun.folder.path.exists()


def test_a_message_says_who_has_it_once_there_is_room(disk: Bench) -> None:
    envelope = {"from": "nobody", "recipients": [{"name": "kim", "address": "kim@example.org"}]}
    begun = disk.begin(kind="message", mail={}, envelope=envelope)
    rest = disk.place / "rest"

    def fill_up(point: str) -> None:
        if point == "after started":
            fill(rest)

    pid = disk.supervise(begun, at=fill_up)
    wait_for(lambda: said(disk, begun) != "", within_s=40)
    assert re.match(r"message 4 ended \d+ s ago .*; its outcome waits for room", said(disk, begun))
    rest.unlink()
    wait_for(lambda: gone(pid), within_s=60)
    assert [one["state"] for one in disk.outcome(begun).data["recipients"]] == ["failed"]


def test_a_supervisor_that_is_told_to_end_leaves_the_outcome_that_a_full_disk_has_room_for(disk: Bench) -> None:
    """At a reboot, say. Room for it was taken when the attempt was begun."""
    rest = disk.place / "rest"

    def fill_up(point: str) -> None:
        if point == "after exit":
            fill(rest)

    begun = disk.begin("echo done; exit 3")
    pid = disk.supervise(begun, at=fill_up)
    wait_for(lambda: said(disk, begun) != "", within_s=40)
    os.kill(pid, 15)
    wait_for(lambda: gone(pid))
    rest.unlink()
    (outcome,) = disk.settle()
    assert (outcome.kind, outcome.data["exit_code"]) == ("StepFinished", 3)


def test_nothing_is_begun_where_there_is_no_room_for_its_outcome(disk: Bench, tmp_path: Path) -> None:
    rest = disk.place / "rest"

    def fill_up(point: str) -> None:
        if point == "before started":
            fill(rest)

    begun = disk.begin(f"touch {tmp_path}/ran")
    pid = disk.supervise(begun, at=fill_up)
    wait_for(lambda: rest.exists() and begun.folder.folder.look("outcome.json.new") is None)
    time.sleep(0.5)  # it tries in vain to record that
    rest.unlink()
    wait_for(lambda: gone(pid), within_s=60)
    outcome = disk.outcome(begun)
    assert outcome.kind == "StepNotStarted"
    assert outcome.data["why"] == "its start could not be written down: no space left on device"
    assert not (tmp_path / "ran").exists()
