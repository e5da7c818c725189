"""Spans of time, as people write them into plans."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backout_tui.domain.spans import Estimate, about, estimate, in_words, seconds, span_words


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
        (0, "0:00", "0 s"),
        (43, "0:43", "43 s"),
        (90, "1:30", "1 min 30 s"),
        (300, "5:00", "5 min"),
        (551, "9:11", "9 min 11 s"),
        (725, "12:05", "12 min 5 s"),
        (3600, "1:00:00", "1 h"),
        (3665, "1:01:05", "1 h 1 min"),
        (5400, "1:30:00", "1 h 30 min"),
        (7170, "1:59:30", "2 h"),
        (93600, "26:00:00", "1 d 2 h"),
    ],
)
def test_spans_are_said_short(total_s: int, span: str, words: str) -> None:
    assert (span_words(total_s), about(total_s)) == (span, words)


def test_a_clock_that_went_backwards_says_nothing_negative() -> None:
    assert span_words(-5) == "0:00"


@given(st.integers(0, 10**6))
def test_what_is_said_of_an_estimate_can_be_read_again(total_s: int) -> None:
    """To the second below an hour, to the minute above."""
    again = seconds(about(total_s))
    assert again is not None
    assert abs(again - total_s) <= (0 if total_s < 3600 else 30)


@given(st.integers(0, 10**6))
def test_a_duration_is_said_to_the_second_in_figures_with_units(total_s: int) -> None:
    """Never in more seconds than a minute has."""
    said = in_words(total_s)
    assert seconds(said) == total_s
    assert total_s < 60 or not said.split()[0].isdigit() or said.split()[1] != "s"


@given(st.text(max_size=40))
def test_no_text_is_an_error(text: str) -> None:
    found = estimate(text)
    assert found is None or 0 <= found.typical_s <= found.bad_s
