"""What the experiments judge by: a mail that is not inert is seen, and a disk forgets just what was not synced."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.campaigns.disk import Disk, Op
from tests.campaigns.experiments.mail import why_not_inert
from tests.campaigns.experiments.power import put_back
from tests.campaigns.stage import acknowledged, why_bad_answer
from tests.campaigns.tracing import Done
from tests.smtp import Received

HEAD = "From: backout@example.org\r\nTo: rm@example.org\r\nSubject: x\r\n"
TO = ("rm@example.org",)


@pytest.mark.parametrize(
    ("sender", "to", "text", "why"),
    [
        ("backout@example.org", TO, f"{HEAD}Bcc: evil@evil.example\r\n\r\nHello\r\n", "headers that are not ours"),
        ("backout@example.org", TO, f"{HEAD}Subject: y\r\n\r\nHello\r\n", "headers that are not ours"),
        ("backout@example.org", (*TO, "evil@evil.example"), f"{HEAD}\r\nHello\r\n", "other people"),
        ("evil@evil.example", TO, f"{HEAD}\r\nHello\r\n", "other people"),
        ("backout@example.org", TO, f"{HEAD}\r\nHello\rthere\r\n", "an end of line of its own"),
        ("backout@example.org", TO, f"{HEAD}\r\nHello \x1b[2J\r\n", "characters that act"),
        ("backout@example.org", TO, f"{HEAD}Content-Type: text/html\r\n\r\n<b>\r\n", "no plain text"),
    ],
)
def test_a_mail_that_is_not_inert_is_seen(sender: str, to: tuple[str, ...], text: str, why: str) -> None:
    good = Received("backout@example.org", TO, f"{HEAD}\r\nHello\r\n".encode(), encrypted=False, login="")
    assert why_not_inert(good) is None
    found = why_not_inert(Received(sender, to, text.encode(), encrypted=False, login=""))
    assert found is not None
    assert found.startswith(why)


def _found_after(*done: Op) -> set[tuple[tuple[str, bytes], ...]]:
    """Everything that a disk may hold after a cut."""
    found = set()
    for seed in range(200):
        disk = Disk([("old", b"was")], [""])
        for op in done:
            disk.do(op)
        files, _ = disk.after_a_cut(random.Random(seed))
        found.add(tuple(sorted(files.items())))
    return found


def test_what_was_synced_is_there_and_what_was_not_may_be_there_or_not() -> None:
    new = [Op("make", "new"), Op("append", "new", b"abc")]
    assert _found_after(*new, Op("sync", "new"), Op("sync", "")) == {(("new", b"abc"), ("old", b"was"))}
    assert _found_after(*new, Op("sync", "new")) == {(("old", b"was"),), (("new", b"abc"), ("old", b"was"))}
    assert (("new", b""), ("old", b"was")) in _found_after(*new, Op("sync", ""))
    synced = (*new, Op("sync", "new"), Op("sync", ""), Op("rename", "new", to="old"))
    assert _found_after(*synced) == {(("new", b"abc"), ("old", b"was")), (("old", b"abc"),)}


def test_a_write_is_torn_at_sectors_and_nowhere_else() -> None:
    after = _found_after(Op("write", "old", b"x" * 1024))
    assert {len(files[0][1]) for files in after} == {3, 512, 1024}
    assert (("old", b"was" + bytes(509) + b"x" * 512),) in after


def test_an_answer_is_a_sentence_with_one_of_the_exits() -> None:
    assert why_bad_answer(Done(2, "", "backout-tui: no.\n"), (0, 2)) is None
    for done in (Done(70, "", "a bug\n"), Done(-9, "", ""), Done(2, "", ""), Done(2, "", "Traceback (most recent\n")):
        assert why_bad_answer(done, (0, 2)) is not None
    assert acknowledged(Done(0, '{"event": {"seq": 7, "kind": "NoteAdded"}}', "")) == (7, "NoteAdded")
    assert acknowledged(Done(0, "", "")) is None


def test_what_hashlib_logs_is_no_failure_of_ours_and_hides_none() -> None:
    logged = (
        "ERROR:root:code for hash blake2b was not found.\nTraceback (most recent call last):\n"
        '  File "hashlib.py", line 307, in <module>\nValueError: unsupported hash type blake2b\n'
    )
    assert why_bad_answer(Done(0, "{}", logged + logged.replace("2b", "2s")), [0]) is None
    ours = 'Traceback (most recent call last):\n  File "ours.py"\nValueError: unsupported hash type sha256\n'
    for said in (ours, logged + ours, ours + logged, logged.replace("hash type blake2b", "thing")):
        assert why_bad_answer(Done(0, "{}", said), [0]) is not None


def test_the_database_is_the_same_file_after_cuts_that_lost_it(tmp_path: Path) -> None:
    """The program made one of its own meanwhile: it does not take the place of the one that knows its inode."""
    state = tmp_path / "state"
    state.mkdir()
    database = state / "backout.sqlite"
    database.write_bytes(b"was")
    inode = database.stat().st_ino
    for _ in range(2):
        put_back(state, {}, [""])
        assert not database.exists()
    database.write_bytes(b"another")
    put_back(state, {"backout.sqlite": b"is"}, [""])
    assert (database.stat().st_ino, database.read_bytes()) == (inode, b"is")
