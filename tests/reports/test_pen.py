"""Names instead of addresses: however people write a number down, and nothing that only looks alike."""

from __future__ import annotations

import time

import pytest

from backout_tui.domain.backout.state import Backout
from backout_tui.domain.plan.plan import Contact, Plan
from backout_tui.reports.pen import Pen


def pen_for(*reach: str) -> Pen:
    """The pen of a backout with one contact."""
    return Pen.of(Backout(1, plan=Plan(contacts=(Contact("kim", reach=reach),))))


@pytest.mark.parametrize("known", ["+44 20 7946 0000", "0044 20 7946 0000", "+44 (0)20 7946 0000", "020 7946 0000"])
@pytest.mark.parametrize(
    "written",
    ["+44 20 7946 0000", "+442079460000", "0044 20 79460000", "+44 (0)20 7946-0000", "(020) 7946.0000", "02079460000"],
)
def test_a_number_is_known_however_it_is_written(known: str, written: str) -> None:
    masked = pen_for(f"phone:{known}").masked(f"rang {written}, at 3")
    assert "(address of kim)" in masked
    assert "7946" not in masked
    assert masked.startswith("rang ")
    assert masked.endswith(", at 3")


@pytest.mark.parametrize("text", ["12079460000", "020 7946 000", "7946 0000", "4420 7946", "kim", "4.12.0"])
def test_what_is_another_number_stays(text: str) -> None:
    assert pen_for("phone:+44 20 7946 0000", "email:kim@example.org").masked(text) == text


def test_an_address_without_its_channel_is_one_too() -> None:
    assert pen_for("kim@example.org").masked("to KIM@example.org") == "to (address of kim)"


def test_a_long_run_of_separators_holds_nobody_up() -> None:
    pen = pen_for("phone:+44 20 7946 0000")
    began = time.process_time()
    pen.masked("44" + " (" * 100_000 + "0" * 100_000)
    assert time.process_time() - began < 2
