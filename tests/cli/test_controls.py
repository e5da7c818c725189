"""The controls from the command line: taken, asked for, agreed to, kept, handed over; the brief."""

from __future__ import annotations

import pytest

from tests.cli.lines import Line


@pytest.fixture
def held(line: Line) -> Line:
    """A backout of sam's."""
    line.start()
    line.do("note", "from sam")
    return line


def test_handing_over_prints_the_brief_for_whoever_comes(held: Line) -> None:
    printed = held.ok("do", "1", "hand-over", "--to", "kim").out
    assert printed.startswith("handed the controls over to kim  (log head")
    for label in ("State", "In doubt", "Running", "Next", "Told", "Log head"):
        assert f"\n{label}" in printed
    refused = held.run("do", "1", "note", "once more")
    assert (refused.code, "sam gave the controls to kim" in refused.err) == (3, True)
    assert held.run("--as", "lee", "do", "1", "note", "me").code == 3
    held.ok("--as", "kim", "do", "1", "note", "mine")
    assert held.state()["operator"] == "kim"
    assert held.state()["lease"]["number"] == 2


def test_other_programs_get_one_document_and_see_to_whom_they_were_given(held: Line) -> None:
    told = held.ok("do", "1", "hand-over", "--to", "kim", "--json").json
    assert told["event"]["kind"] == "ControlsHandedOver"
    assert held.state()["lease"]["handed_to"] == "kim"
    assert held.state()["lease"]["handed_at"] is not None


def test_handing_over_to_nobody_frees_them(held: Line) -> None:
    held.ok("do", "1", "hand-over")
    assert held.state()["lease"]["handed_to"] == ""
    held.ok("--as", "lee", "do", "1", "note", "me")


def test_who_never_had_them_hands_nothing_over(held: Line) -> None:
    refused = held.run("--as", "kim", "do", "1", "hand-over", "--to", "lee")
    assert (refused.code, "nothing to hand over" in refused.err) == (3, True)
    assert held.run("do", "1", "hand-over", "--to", "sam").code == 2


def test_taking_over_wants_a_reason_or_asks(held: Line) -> None:
    assert held.run("--as", "kim", "do", "1", "take-over").code == 2
    asked = held.run("--as", "kim", "do", "1", "take-over", "--ask")
    assert (asked.code, "without asking" in asked.err) == (3, True)  # sam's session has ended: nobody has to be asked


@pytest.mark.parametrize("verb", ["agree", "keep"])
def test_an_answer_needs_somebody_who_asks(held: Line, verb: str) -> None:
    refused = held.run("do", "1", verb)
    assert (refused.code, "Nobody is asking" in refused.err) == (3, True)


def test_the_brief_is_shown_at_any_time_and_writes_nothing(held: Line) -> None:
    before = held.kinds()
    printed = held.ok("show", "1", "--brief").out
    assert printed.startswith("Release    ")
    assert "Controls   sam since" in printed
    assert held.kinds() == before
    assert held.run("show", "1", "--brief", "--json").code == 2
