"""`Expect:`: literals over everything that streams by, patterns over what is kept, and never for ever."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backout_tui.engine.attempts.spool import KeptOutput
from backout_tui.engine.printed.expect import LiteralSearch, judge, read_expectation


@pytest.mark.parametrize(
    ("written", "text", "is_pattern"),
    [
        ("`rolled out`", "rolled out", False),
        ("``a ` b``", "a ` b", False),
        ("`` `x` ``", "`x`", False),
        ("/rolled (out|back)/", "rolled (out|back)", True),
        ("  /x/  ", "x", True),
        ("plain words", "", False),
        ("/", "", False),
        ("`a` or `b`", "", False),
        ("`/x/`", "/x/", False),
        ("`a\x1b[31mb`", "ab", False),
    ],
)
def test_an_expectation_reads_as_the_plan_writes_it(written: str, text: str, is_pattern: bool) -> None:
    read = read_expectation(written)
    assert (read.text, read.is_pattern, read.written) == (text, is_pattern, written)


@settings(deadline=None)  # cores are shared
@given(st.text("ab", min_size=1, max_size=4), st.lists(st.text("ab", max_size=3), max_size=8))
def test_a_literal_is_found_wherever_the_stream_is_cut(literal: str, pieces: list[str]) -> None:
    search = LiteralSearch([literal, "zz"])
    for piece in pieces:
        search.feed(piece)
    assert search.found == ({literal} if literal in "".join(pieces) else set())


@pytest.mark.parametrize("written", ["", " ", "`", "``", "` `", "//", "/", "`\x1b[0m`", "``` ```"])
@pytest.mark.parametrize("output", [b"", b"rolled out\n", b" \n"])
def test_an_empty_expectation_is_never_met(written: str, output: bytes) -> None:
    search = LiteralSearch([read_expectation(written).text])
    search.feed(output.decode())
    (one,) = judge([read_expectation(written)], search.found | {""}, KeptOutput(output))
    assert not one.met
    assert one.why


def test_every_reason_for_an_unmet_expectation_is_said_in_words() -> None:
    written = ["`there`", "`missing`", "/[0-9]+ pods/", "/no (such/", "``"]
    kept = KeptOutput(b"there are 12 pods\n")
    met = judge([read_expectation(one) for one in written], {"there"}, kept)
    assert [one.met for one in met] == [True, False, True, False, False]
    assert met[1].why == "did not say `missing`"
    assert met[3].why.startswith("did not match /no (such/ (it is not a valid pattern")
    assert met[0].why == met[2].why == ""
    assert met[1].record() == {"text": "`missing`", "met": False}


@pytest.mark.parametrize("pattern", ["/^second$/", "/first\\nsec/"])
def test_a_pattern_sees_lines_and_line_breaks(pattern: str) -> None:
    assert judge([read_expectation(pattern)], set(), KeptOutput(b"first\nsecond\n"))[0].met


def test_a_catastrophic_pattern_ends_at_the_deadline_as_not_met() -> None:
    began = time.monotonic()
    met = judge([read_expectation("/(a+)+$/")], set(), KeptOutput(b"a" * 64 + b"!"), deadline_s=1.0)[0]
    assert time.monotonic() - began < 30
    assert not met.met
    assert "longer than 1 s" in met.why


def test_a_pattern_sees_what_was_dropped_between_head_and_tail() -> None:
    middle, kept = b"in the mid\ndle\n", KeptOutput(b"begin\n", b"end\n", dropped=15)
    patterns = (r"/^begin\nin/", r"/dle\nend$/", "/nowhere/")
    *found, nowhere = judge([read_expectation(one) for one in patterns], set(), kept, middle)
    assert [one.met for one in found] == [True, True]
    assert nowhere.why == "did not match /nowhere/"
    part = judge([read_expectation("/nowhere/")], set(), kept, middle[:10])[0]
    assert "(5 bytes in the middle" in part.why


def test_a_pattern_says_what_it_could_not_search() -> None:
    """And finds what is there on both sides of the gap, but nothing across it."""
    kept = KeptOutput(b"begin\n", b"end\n", dropped=77)
    begin, end, across = judge([read_expectation(p) for p in ("/begin/", "/end/", r"/begin\s.*end/")], set(), kept)
    assert begin.met
    assert end.met
    assert "77 bytes in the middle" in across.why
