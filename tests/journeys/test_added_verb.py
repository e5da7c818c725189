"""A verb is added by a row and a function: keys, footer, palette, help, dialog and options follow."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.journeys import plans
from tests.journeys.site import Site


def test_one_row_and_one_function_are_a_verb_everywhere(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.program = (sys.executable, "-m", "tests.added_verb")
    site.prepared(plans.ONE_STEP)
    told = site.run("do", "1", "coffee-make", "--help")
    assert "Make coffee for whoever is still awake." in told
    assert "--size [small|large]" in told
    site.do("coffee-make", "sam", "--size", "small")
    site.run("do", "1", "coffee-make", code=2)
    with site.dashboard("open", "1", width=120, height=40) as terminal:
        terminal.wait_for("Next:")
        terminal.press("C", "Make coffee")
        terminal.fill("kim", "", until="large coffee for kim.")
        terminal.press("?", "All keys")
        terminal.press("G", "Signs")
        terminal.escape("All keys")
        terminal.press("\x10", "What do you want to do?")
        terminal.send("awake")
        terminal.wait_for("Make coffee for whoever is still awake.")
        terminal.escape("What do you want to do?")
        terminal.press("q")
        assert terminal.wait() == 0
    texts = [record["data"].get("text") for record in site.log() if record["kind"] == "NoteAdded"]
    assert texts == ["small coffee for sam", "large coffee for kim"]
