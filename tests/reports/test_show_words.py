"""`backout-tui show` in words."""

from __future__ import annotations

from backout_tui.domain.backout.state import Backout
from backout_tui.domain.values import replace
from backout_tui.reports.show_words import lines
from tests import scenes


def shown(backout: Backout) -> str:
    """All the lines."""
    return "\n".join(lines(backout))


def test_what_runs_is_said_with_the_host_it_runs_on() -> None:
    """A reader on another host cannot settle it, and cannot see whether it still lives."""
    assert "[running on ops-1]" in shown(scenes.step_running().backout)


def test_a_release_without_an_environment_leaves_no_gap() -> None:
    backout = scenes.fresh().backout
    nowhere = replace(backout, release=replace(backout.release, environment=""))
    assert f"→ {backout.release.returns_to}\n" in shown(nowhere)
