"""The demo: whoever does what the Next line says, with the key that it names, comes through all of it."""

from __future__ import annotations

from pathlib import Path

from tests.journeys.follower import Follower
from tests.journeys.site import Site


def test_a_new_user_comes_to_the_close_by_the_next_line_alone(tmp_path: Path) -> None:
    """Through a step that fails, one without a way back, checks, messages, verdict; no file is left behind."""
    site = Site(tmp_path)
    with site.dashboard("demo") as terminal:
        terminal.wait_for("Next:")
        follower = Follower(terminal)
        follower.follow()
        assert [done.partition(":")[0] for done in follower.done] == [*"pDdrrrrrrrrrddvv", "Enter", *"mXmX"], (
            follower.done
        )
        assert any("step 5 failed" in done for done in follower.done)
        assert "3 of 3 passed" in terminal.text()
        assert "11 of 11" in terminal.text()
        assert terminal.leave() == 0
    assert not site.database.exists()
    assert not [path for path in site.folder.iterdir() if "demo" in path.name]
