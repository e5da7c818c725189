"""Somebody who is no contact is remarked, and near names are offered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backout_tui.domain.plan.near_names import is_stranger, near_names, remark
from backout_tui.domain.plan.plan import Contact, Plan
from backout_tui.domain.values import replace

NAMES = ("release manager", "payments lead", "ledger team", "deployment engineer")
PLAN = replace(Plan(), contacts=tuple(Contact(name) for name in NAMES))


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("relase manger", ("release manager",)),
        ("payment lead", ("payments lead",)),
        ("the ledger team", ("ledger team",)),
        ("manager", ("release manager",)),
        ("PAYMENTS  LEADER", ("payments lead",)),
        ("bob", ()),
    ],
)
def test_near_names_are_offered(typed: str, near: tuple[str, ...]) -> None:
    assert near_names(typed, NAMES)[: len(near) or 1] == near
    words = remark(PLAN, typed)
    assert words.startswith(f"{typed} is no contact of the plan.")
    assert all(name in words for name in near)


@pytest.mark.parametrize("typed", ["release manager", " Release  Manager ", "", "  "])
def test_a_contact_is_not_remarked(typed: str) -> None:
    assert remark(PLAN, typed) == ""


def test_nobody_is_a_stranger_to_themselves() -> None:
    assert remark(PLAN, "sam", ["Sam"]) == ""
    assert is_stranger(PLAN, "sam")


@given(st.text(max_size=200), st.lists(st.text(max_size=30), max_size=8))
def test_any_text_can_be_asked_for(typed: str, known: list[str]) -> None:
    assert set(near_names(typed, known)) <= set(known)
