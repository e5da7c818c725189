"""Output on its way to disk: the same text wherever the pipe was cut, bounded, written as it comes."""

from __future__ import annotations

import json
import resource
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from backout_tui.domain.text import clean_output
from backout_tui.engine.output import HEAD_CAP, TAIL_CAP, CappedText, CleanStream, Output
from backout_tui.engine.spool import AttemptFolder

COLOURS = [b"\x1b", b"[", b"\x1b[3", b"1;4m", b"\x1b[0m", b"\x1b[K", b"\x1b]0;x\x07", b"\x9b"]
LETTERS = [b"a", b"\xc3", b"\xa9", b"\xff", b"\xe2\x80\xae", b"\xf0\x9f\x98\x80", b"\x00", b"\r", b"\n", b"\r\n"]
BITS = st.sampled_from([*COLOURS, *LETTERS])


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


def streamed(pieces: list[bytes]) -> str:
    stream = CleanStream()
    return "".join(map(stream.feed, pieces)) + stream.finish()


@settings(deadline=None)  # cores are shared
@given(st.lists(BITS, max_size=24))
@example([b"a\r", b"\x1b[0m", b"\n"])
@example([b"\r", b"\r", b"\n"])
def test_wherever_the_pipe_is_cut_the_text_is_the_same(pieces: list[bytes]) -> None:
    whole = b"".join(pieces).decode("utf-8", "backslashreplace")
    assert streamed(pieces) == clean_output(whole)


def test_nothing_a_terminal_acts_on_gets_through() -> None:
    shown = streamed([b"\x1b[2J\x1b]0;title\x07", b"\x9b31m \xe2\x80\xae \x00 caf\xc3", b"\xa9"])
    assert shown == "␛[2J␛]0;title␇\\x9b31m \\u202e ␀ café"


def test_an_escape_that_never_ends_is_not_held_back_for_ever() -> None:
    stream = CleanStream()
    text = stream.feed(b"\x1b[") + "".join(stream.feed(b"1;" * 50) for _ in range(100))
    assert len(text) > 9000


def test_a_line_without_an_end_shows_as_it_comes() -> None:
    stream = CleanStream()
    assert sum(len(stream.feed(b"x" * 65536)) for _ in range(3)) == 3 * 65536


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


def test_short_output_is_in_the_file_as_soon_as_it_comes(tmp_path: Path) -> None:
    output = Output(tmp_path)
    output.feed(b"one\n")
    assert (tmp_path / "output").read_bytes() == b"one\n"
    assert (tmp_path / "output").stat().st_mode & 0o777 == 0o600
    output.feed(b"two")
    output.finish()
    assert output.write_all()
    assert AttemptFolder(tmp_path).output().whole == b"one\ntwo"
    assert not (tmp_path / "tail.json").exists()


def test_long_output_keeps_its_head_and_its_tail_and_says_what_is_missing(tmp_path: Path) -> None:
    output, lines = Output(tmp_path), b"".join(b"line %d\n" % n for n in range(100_000))
    for at in range(0, len(lines), 65536):
        output.feed(lines[at : at + 65536])
    output.finish()
    assert output.write_all()
    kept = AttemptFolder(tmp_path).output()
    assert kept == output.kept
    assert kept.head == lines[:HEAD_CAP]
    assert kept.tail == lines[-TAIL_CAP:]
    assert kept.dropped == len(lines) - HEAD_CAP - TAIL_CAP
    assert f"\n[{kept.dropped} bytes are left out here]\n".encode() in kept.whole


def test_the_tail_is_written_at_most_five_times_a_second_and_after_a_silence_too(tmp_path: Path) -> None:
    clock = Hand()
    output = Output(tmp_path, clock=clock)
    output.feed(b"h" * HEAD_CAP + b"first")
    writes = {(tmp_path / "tail.json").stat().st_ino}
    for number in range(100):
        clock.now += 0.01
        output.feed(b"%d\n" % number)
        writes.add((tmp_path / "tail.json").stat().st_mtime_ns)
    assert len(writes) <= 7
    clock.now += 0.2
    output.tick()
    assert json.loads((tmp_path / "tail.json").read_bytes())["text"].endswith("99\n")


def test_a_gigabyte_takes_bounded_memory(tmp_path: Path) -> None:
    """Measured on a hundred megabytes: nothing grows after the first few."""
    output, chunk = Output(tmp_path, ["hunter22"]), b"some line of output, with nothing in it\n" * 1600
    output.feed(chunk * 20)
    tracemalloc.start()
    for _ in range(400):
        output.feed(chunk)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8_000_000


def test_a_hundred_thousand_single_reads_are_fast(tmp_path: Path) -> None:
    output = Output(tmp_path, ["hunter22", "a much longer secret than that"], ["not there"])
    began = time.monotonic()
    for number in range(100_000):
        output.feed(b"line %d\n" % number)
    assert time.monotonic() - began < 30


def test_no_form_of_a_secret_reaches_the_disk(tmp_path: Path) -> None:
    output = Output(tmp_path, ["hunter22"])
    for byte in b"x hunter22 aHVudGVyMjI= \x1b[31mhunt\x1b[0mer22\n":
        output.feed(bytes([byte]))
    output.finish()
    output.write_all()
    assert (tmp_path / "output").read_bytes() == b"x *** *** ***\n"


def test_what_the_command_said_is_found_in_what_was_dropped_and_masked_too(tmp_path: Path) -> None:
    """An expectation is about what the command said, not about what is kept of it."""
    output = Output(tmp_path, ["prod-eu"], ["in the middle", "prod-eu ready"])
    output.feed(b"x" * HEAD_CAP + b"in the mid")
    output.feed(b"dle prod-eu ready" + b"y" * 3 * TAIL_CAP)
    output.finish()
    assert output.found == {"in the middle", "prod-eu ready"}
    assert b"middle" not in output.kept.whole


def test_a_disk_that_refuses_is_told_and_nothing_is_raised(tmp_path: Path, small_files: None) -> None:
    output = Output(tmp_path)
    for _ in range(30):
        output.feed(b"0123456789" * 10)
    output.finish()
    assert not output.write_all()
    assert output.trouble == "the output could not be kept: file too large"
    assert output.total == 3000
    assert (tmp_path / "output").read_bytes() == b"0123456789" * 100


def test_a_disk_that_recovers_gets_everything(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    output = Output(tmp_path)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    output.feed(b"0123456789" * 300)
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    output.finish()
    assert output.write_all()
    assert output.trouble == ""
    assert (tmp_path / "output").read_bytes() == b"0123456789" * 300
