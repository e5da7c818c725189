"""Output on its way to disk: the same text wherever the pipe was cut, bounded, written as it comes."""

from __future__ import annotations

import json
import resource
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backout_tui.engine.attempts.folder import Folder
from backout_tui.engine.attempts.spool import AttemptFolder
from backout_tui.engine.printed import output as output_module
from backout_tui.engine.printed.output import HEAD_CAP, TAIL_CAP, CappedText, Output


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Folder]:
    """The attempt's folder."""
    folder = Folder.open(tmp_path)
    yield folder
    folder.close()


class Hand:
    """A clock that is moved by hand, in seconds."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def small_files() -> Iterator[None]:
    """A disk that takes no more than 1000 bytes into one file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@settings(deadline=None)  # cores are shared
@given(st.lists(st.text("aé😀\n", max_size=30), max_size=20), st.integers(4, 20), st.integers(4, 20))
def test_head_tail_and_what_is_dropped_are_the_whole(pieces: list[str], head_cap: int, tail_cap: int) -> None:
    capped = CappedText(head_cap, tail_cap)
    for piece in pieces:
        capped.add(piece)
    whole, kept = "".join(pieces).encode(), capped.kept
    assert capped.total == len(whole) == len(kept.head) + kept.dropped + len(kept.tail)
    assert whole.startswith(kept.head)
    assert whole.endswith(kept.tail)
    assert len(kept.head) <= head_cap
    assert len(kept.tail) <= tail_cap
    kept.head.decode()
    kept.tail.decode()


def test_short_output_is_on_disk_as_soon_as_it_comes(tmp_path: Path, held: Folder) -> None:
    output = Output(held)
    output.feed(b"one\n")
    assert AttemptFolder.at(tmp_path).output().whole == b"one\n"
    assert (tmp_path / "tail.json").stat().st_mode & 0o777 == 0o600
    output.feed(b"two")
    output.finish()
    assert output.write_all()
    assert (tmp_path / "output").read_bytes() == b"one\ntwo"
    assert (tmp_path / "output").stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "tail.json").exists()


def test_what_is_on_disk_at_any_moment_is_what_stood_on_the_page_then(tmp_path: Path, held: Folder) -> None:
    """Whoever looks between two writes sees no line twice, and none that is missing."""
    clock, output, attempt = Hand(), Output(held, ["hunter22"]), AttemptFolder.at(tmp_path)
    output._clock = clock
    lines = [b"line %d\n" % number for number in range(5000)]
    for at in range(0, len(lines), 50):
        clock.now += 1.0
        output.feed(b"".join(lines[at : at + 50]))
        assert attempt.output().whole == b"".join(lines[: at + 50])
    output._write_head(durable=False)
    assert attempt.output().whole == b"".join(lines)
    output.finish()
    output._write_head(durable=False)  # and dies before the tail's file is written anew
    assert attempt.output().whole == b"".join(lines)


def test_the_current_state_of_a_line_shows_while_it_runs(tmp_path: Path, held: Folder) -> None:
    clock = Hand()
    output = Output(held, ["hunter22"], clock=clock)
    shown = []
    for printed in (b"copying\n  1 %", b"\r 20 %", b"\rdone", b"\x1b[K!\n", b"it is hunt", b"er22 "):
        clock.now += 1.0
        output.feed(printed)
        shown.append(AttemptFolder.at(tmp_path).output().whole.decode())
    assert shown == [
        "copying\n  1 %",
        "copying\n 20 %",
        "copying\ndone%",
        "copying\ndone!\n",
        "copying\ndone!\nit is ",
        "copying\ndone!\nit is *** ",
    ]


def test_long_output_keeps_its_head_and_its_tail_and_says_what_is_missing(tmp_path: Path, held: Folder) -> None:
    output, lines = Output(held), b"".join(b"line %d\n" % n for n in range(100_000))
    for at in range(0, len(lines), 65536):
        output.feed(lines[at : at + 65536])
    output.finish()
    assert output.write_all()
    kept = AttemptFolder.at(tmp_path).output()
    assert kept == output.kept
    assert kept.head == lines[:HEAD_CAP]
    assert kept.tail == lines[-TAIL_CAP:]
    assert kept.dropped == len(lines) - HEAD_CAP - TAIL_CAP
    assert f"\n[{kept.dropped} bytes are left out here]\n".encode() in kept.whole


def test_the_tail_is_written_at_most_five_times_a_second_and_after_a_silence_too(tmp_path: Path, held: Folder) -> None:
    clock = Hand()
    output = Output(held, clock=clock)
    output.feed(b"h" * HEAD_CAP + b"first")
    writes = {(tmp_path / "tail.json").stat().st_mtime_ns}
    for number in range(100):
        clock.now += 0.01
        output.feed(b"%d\n" % number)
        writes.add((tmp_path / "tail.json").stat().st_mtime_ns)
    assert len(writes) <= 7
    clock.now += 0.2
    output.tick()
    assert json.loads((tmp_path / "tail.json").read_bytes())["text"].endswith("99\n")


def test_a_gigabyte_takes_bounded_memory(tmp_path: Path, held: Folder) -> None:
    """Measured on a hundred megabytes: nothing grows after the first few."""
    output, chunk = Output(held, ["hunter22"]), b"some line of output, with nothing in it\n" * 1600
    output.feed(chunk * 20)
    tracemalloc.start()
    for _ in range(400):
        output.feed(chunk)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8_000_000


def test_a_hundred_thousand_single_reads_are_fast(tmp_path: Path, held: Folder) -> None:
    output = Output(held, ["hunter22", "a much longer secret than that"], ["not there"])
    began = time.process_time()
    for number in range(100_000):
        output.feed(b"line %d\n" % number)
    assert time.process_time() - began < 30


def test_no_form_of_a_secret_reaches_the_disk(tmp_path: Path, held: Folder) -> None:
    output = Output(held, ["hunter22"])
    for byte in b"x hunter22 aHVudGVyMjI= \x1b[31mhunt\x1b[0mer22\n":
        output.feed(bytes([byte]))
    output.finish()
    output.write_all()
    assert (tmp_path / "output").read_bytes() == b"x *** *** ***\n"


HIDING = [
    b"",
    b"\x1b]0;t\x07",
    b"\x1b]8;;http://x\x1b\\",
    b"\x1b[1m",
    b"\x07",
    b"\x1b[6n",
    b"\x1b7\x1b[9;1Hstatus\x1b8",
    b"x\b",
]
AROUND = [b"line\n", b"\x1b[H\x1b[2J", b"\r 10 %\r", b"\x1b]0;", b"\x1b[24;1H", b"\x1b7", b"l\n" * 120, b"\x1b[2A\n\n"]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])  # cores are shared
@given(
    st.lists(st.sampled_from(HIDING), min_size=8, max_size=8),
    st.lists(st.sampled_from(AROUND), max_size=4),
    st.lists(st.integers(1, 40), max_size=12),
)
def test_a_secret_is_hidden_whatever_stands_between_its_letters_and_wherever_it_is_cut(
    tmp_path: Path, between: list[bytes], around: list[bytes], cuts: list[int]
) -> None:
    """On the disk at every moment, not only in the end: whoever watches reads it too."""
    for name in ("output", "tail.json"):
        (tmp_path / name).unlink(missing_ok=True)
    folder, clock = Folder.open(tmp_path), Hand()
    output, attempt = Output(folder, ["hunter22"], ["hunter22"], clock=clock), AttemptFolder.at(tmp_path)
    printed = b"".join(bit + bytes([letter]) for bit, letter in zip(between, b"hunter22", strict=True))
    data = b"".join(around) + b"\n" + printed + b" end\n"
    for size in [*cuts, len(data)]:
        clock.now += 1.0
        output.feed(data[:size])
        data = data[size:]
        assert b"hunter22" not in attempt.output().whole
    output.finish()
    assert output.write_all()
    assert b"hunter22" not in output.kept.whole
    assert b"***" in output.kept.whole
    assert output.found == {"hunter22"}
    attempt.close()
    folder.close()


@pytest.mark.parametrize(
    ("secret", "printed"),
    [
        ("first-half\x1b]second-half", b"first-half\x1b]second-half\x07 end\n"),
        ("first-half\x07second-half", b"\x1b]0;first-half\x07second-half end\n"),
    ],
)
def test_a_secret_of_which_the_terminal_swallows_a_part_is_hidden(held: Folder, secret: str, printed: bytes) -> None:
    output = Output(held, [secret])
    for byte in printed:
        output.feed(bytes([byte]))
    output.finish()
    assert b"-half" not in output.kept.whole
    assert b"***" in output.kept.whole


def test_what_the_command_said_is_found_in_what_was_dropped_and_masked_too(tmp_path: Path, held: Folder) -> None:
    """An expectation is about what the command said, not about what is kept of it."""
    output = Output(held, ["prod-eu"], ["in the middle", "prod-eu ready"])
    output.feed(b"x" * HEAD_CAP + b"in the mid")
    output.feed(b"dle prod-eu ready" + b"y" * 3 * TAIL_CAP)
    output.finish()
    assert output.found == {"in the middle", "prod-eu ready"}
    assert b"middle" not in output.kept.whole


def test_what_is_dropped_can_be_searched_up_to_a_limit(held: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [b"line %d\n" % number for number in range(200_000)]
    whole = b"".join(lines)
    for cap in (output_module.MIDDLE_CAP, 300_000):
        monkeypatch.setattr(output_module, "MIDDLE_CAP", cap)
        output = Output(held, is_searched=True)
        for at in range(0, len(lines), 5000):
            output.feed(b"".join(lines[at : at + 5000]))
        output.finish()
        dropped = whole[HEAD_CAP : HEAD_CAP + output.kept_of_try.dropped]
        assert output.middle_of_try == dropped[:cap]
    assert Output(held).middle_of_try == b""


def test_each_try_has_a_middle_of_its_own(held: Folder) -> None:
    output = Output(held, is_searched=True)
    for letter in b"ab":
        output.begin_try("── try ──")
        output.feed((b"%c" % letter * 99 + b"\n") * 8000)
        output.finish()
        assert len(output.kept_of_try.whole) > HEAD_CAP
        assert set(output.middle_of_try) == {letter, 10}


def test_a_disk_that_refuses_is_told_and_nothing_is_raised(tmp_path: Path, small_files: None, held: Folder) -> None:
    output = Output(held)
    for _ in range(30):
        output.feed(b"0123456789" * 10)
    output.finish()
    assert not output.write_all()
    assert output.trouble == "the output could not be kept: file too large"
    assert output.total == 3000
    assert (tmp_path / "output").read_bytes() == b"0123456789" * 100


def test_a_disk_that_recovers_gets_everything(tmp_path: Path, held: Folder) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    output = Output(held)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    output.feed(b"0123456789" * 300)
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    output.finish()
    assert output.write_all()
    assert output.trouble == ""
    assert (tmp_path / "output").read_bytes() == b"0123456789" * 300
