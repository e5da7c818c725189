"""The numbers of the controls: a record under an old one is found, and an outcome is none."""

from __future__ import annotations

from typing import Any

import pytest

from backout_tui.store.log.chain import Link
from backout_tui.store.log.verify import lease_findings

TAKEN: tuple[str, dict[str, Any]] = ("ControlsTaken", {})
NOTE: tuple[str, dict[str, Any]] = ("NoteAdded", {})
BEGUN: tuple[str, dict[str, Any]] = ("StepStarted", {})


def links(*events: tuple[str, dict[str, Any], int]) -> list[Link]:
    """A log of these kinds, data and numbers; event ids are e1, e2, ..."""
    return [
        Link(seq, f"e{seq}", b"", b"", {"kind": kind, "data": data, "lease": number}, b"")
        for seq, (kind, data, number) in enumerate(events, 1)
    ]


def bad(*events: tuple[str, dict[str, Any], int]) -> list[int]:
    """The events that are found."""
    return [finding.seq for finding in lease_findings(links(*events))]


def test_every_record_is_under_the_newest_number() -> None:
    assert bad(("BackoutOpened", {}, 0), (*TAKEN, 1), (*NOTE, 1), (*TAKEN, 2), (*NOTE, 2)) == []


@pytest.mark.parametrize("number", [0, 1, 3, None])
def test_a_record_under_another_number_is_named(number: Any) -> None:
    assert bad(("BackoutOpened", {}, 0), (*TAKEN, 1), (*TAKEN, 2), (*NOTE, number), (*NOTE, 2)) == [4]


def test_a_number_that_is_taken_twice_or_passed_over_is_named() -> None:
    assert bad((*TAKEN, 1), (*TAKEN, 1)) == [2]
    assert bad((*TAKEN, 2), (*NOTE, 1)) == [1]


def test_an_outcome_bears_the_number_of_its_intent_and_no_other() -> None:
    before = ((*TAKEN, 1), (*BEGUN, 1), (*TAKEN, 2))
    assert bad(*before, ("StepFinished", {"intent": "e2"}, 1)) == []
    assert bad(*before, ("StepFinished", {"intent": "e2"}, 2)) == [4]
    assert bad(*before, ("StepFinished", {"intent": "nobody's"}, 1)) == [4]


def test_what_cannot_be_read_is_told_by_another_rule() -> None:
    torn = Link(2, "e2", b"", b"", None, b"")
    first, second = links((*TAKEN, 1), (*NOTE, 1))
    assert list(lease_findings([first, torn, second])) == []
