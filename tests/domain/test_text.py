"""Text from outside made inert."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backout_tui.domain.text import clean, clean_all, clean_line, safe_json
from tests.hostile_plan import ALL

TEXT = st.text(st.characters(exclude_categories=()), max_size=80) | st.just(ALL)
BIDI = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
MARKS = frozenset("\u200e\u200f\u061c\u200b\u200c\u200d\u2060\ufeff\u2028\u2029\u00ad")


def acts(char: str) -> bool:
    """Whether a terminal obeys this character, or a reader is deceived by it."""
    return unicodedata.category(char) in ("Cc", "Cs") or unicodedata.bidirectional(char) in BIDI or char in MARKS


@given(TEXT)
def test_nothing_that_acts_is_left_but_line_breaks_and_tabs(text: str) -> None:
    assert [char for char in clean(text) if acts(char)] == [char for char in text if char in "\n\t"]
    assert not any(acts(char) for char in clean_line(text))
    assert not any(acts(char) for char in clean(text) if char not in "\n\t")


@given(TEXT)
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert clean_line(clean_line(text)) == clean_line(text)


@given(
    st.text(
        st.characters(categories=["L", "N", "P", "S", "Zs"], exclude_characters="\u3164\u115f\u1160\uffa0"), max_size=80
    )
)
def test_plain_text_is_left_alone(text: str) -> None:
    assert clean(text) == text
    assert clean_line(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "␛[31mred"),
        ("a\x00b\x7f", "a␀b␡"),
        ("\x9b5m", "\\x9b5m"),
        ("\u202etxt", "\\u202etxt"),
        ("\U000e0041", "\\U000e0041"),
        ("\ud800", "\\ud800"),
        ("支払い é", "支払い é"),
    ],
)
def test_a_control_is_shown_instead_of_obeyed(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_a_line_is_one_line_whatever_breaks_are_in_it() -> None:
    assert clean_line("a\nb\r\nc\td\re\u2028f") == "a⏎b⏎c d␍e\\u2028f"


@given(
    st.recursive(
        st.none() | st.integers() | TEXT, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=8
    )
)
def test_json_made_safe_says_the_same_in_inert_bytes(value: object) -> None:
    written = safe_json(json.dumps(value, ensure_ascii=False))
    assert json.loads(written) == json.loads(json.dumps(value, ensure_ascii=False))
    assert not any(acts(char) for char in written)
    written.encode("utf-8")


def test_what_people_typed_is_cleaned_wherever_it_stands() -> None:
    typed = {"title": "a\x1b[m", "to": ["b\x07", ("c\x00",)], "count": 3, "none": None}
    assert clean_all(typed) == {"title": "a␛[m", "to": ["b␇", ["c␀"]], "count": 3, "none": None}
