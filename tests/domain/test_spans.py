"""Spans of time, as people write them into plans."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backout_tui.domain.spans import Estimate, estimate, estimate_words, seconds, span_words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90 s", 90),
        ("5 min", 300),
        ("5min", 300),
        ("1 h 30 min", 5400),
        ("1h30m", 5400),
        ("2 hours", 7200),
        ("1.5 h", 5400),
        ("2 Days", 172800),
        ("5", None),
        ("", None),
        ("about 5 min", None),
        ("5 min or so", None),
        ("5 ms", None),
        ("2h30", None),
        ("-5 min", None),
    ],
)
def test_a_span_is_figures_with_units_and_nothing_else(text: str, expected: int | None) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5 min", Estimate(300, 300)),
        ("5-10 min", Estimate(300, 600)),
        ("5–10 min", Estimate(300, 600)),
        ("5 to 10 min", Estimate(300, 600)),
        ("10-5 min", Estimate(300, 600)),
        ("90 s - 5 min", Estimate(90, 300)),
        ("~5 min", Estimate(300, 300)),
        ("a while", None),
        ("", None),
        ("-", None),
    ],
)
def test_an_estimate_has_a_typical_and_a_bad_case(text: str, expected: Estimate | None) -> None:
    assert estimate(text) == expected


@pytest.mark.parametrize(
    ("total_s", "span", "words"),
    [
        (0, "0:00", "0s"),
        (43, "0:43", "43s"),
        (90, "1:30", "90s"),
        (300, "5:00", "5m"),
        (725, "12:05", "12m"),
        (3600, "1:00:00", "1h"),
        (5400, "1:30:00", "1h30m"),
    ],
)
def test_spans_are_said_short(total_s: int, span: str, words: str) -> None:
    assert (span_words(total_s), estimate_words(total_s)) == (span, words)


def test_a_clock_that_went_backwards_says_nothing_negative() -> None:
    assert span_words(-5) == "0:00"


@given(st.integers(0, 10**6))
def test_what_is_said_of_an_estimate_can_be_read_again(total_s: int) -> None:
    """To the second below ten minutes, to the minute above."""
    again = seconds(estimate_words(total_s))
    assert again is not None
    assert abs(again - total_s) <= (0 if total_s < 600 else 30)


@given(st.text(max_size=40))
def test_no_text_is_an_error(text: str) -> None:
    found = estimate(text)
    assert found is None or 0 <= found.typical_s <= found.bad_s
