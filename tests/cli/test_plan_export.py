"""`plan export`: to a file, to standard output, and back by `plan import`."""

from __future__ import annotations

import hashlib

import pytest

from tests.cli.lines import BY_HAND, SCRIPT, Line
from tests.cli.test_inert import ACTS
from tests.pty_screen import PtyScreen


@pytest.fixture(autouse=True)
def _imported(line: Line) -> None:
    line.ok("plan", "import", line.write("plan.md", BY_HAND), "--yes")


def test_a_plan_goes_to_a_file_and_comes_back_as_the_same_revision(line: Line) -> None:
    sha256 = hashlib.sha256(BY_HAND.encode()).hexdigest()
    document = line.ok("plan", "export", "web 2.0", "out.md", "--json").json
    assert document == {"id": 1, "revision": 1, "sha256": sha256, "file": str(line.place / "out.md")}
    assert (line.place / "out.md").read_text() == BY_HAND
    stored = {key: document[key] for key in ("id", "revision", "sha256")}
    assert line.ok("plan", "import", "out.md", "--json").json == stored
    words = line.ok("plan", "export", "1", "./out.md").out
    assert f"plan 1, revision 1: written to {line.place / 'out.md'}" in words
    assert f"sha256 {sha256}\n" in words


def test_without_a_file_it_goes_to_standard_output(line: Line) -> None:
    for arguments in (["1"], ["1", "-"]):
        assert line.ok("plan", "export", *arguments).out_bytes == BY_HAND.encode()
        document = line.ok("plan", "export", *arguments, "--json").json
        assert (document["file"], document["text"]) == (None, BY_HAND)


def test_of_what_was_said_at_the_import_nothing_is_lost(line: Line) -> None:
    line.ok("plan", "import", "plan.md", "--release", "web 3", "--returns-to", "2", "--environment", "test", "--yes")
    assert "in our form: what was said" in line.ok("plan", "export", "2", "out.md").out
    line.patch.setenv("BACKOUT_DATABASE", str(line.place / "elsewhere.sqlite"))
    line.ok("plan", "import", "out.md", "--yes")
    release = line.ok("plan", "show", "web 3@test", "--json").json["release"]
    assert release == {"name": "web", "version": "3", "returns_to": "2", "environment": "test"}


def test_a_hostile_plan_is_exported_as_it_is_and_acts_on_no_terminal(line: Line) -> None:
    hostile = BY_HAND.replace("Freeze", "Free\x1b[31mze\u202e")
    line.ok("plan", "import", line.write("hostile.md", hostile), "--yes")
    assert line.ok("plan", "export", "1").out_bytes == hostile.encode()
    with PtyScreen([str(SCRIPT), "plan", "export", "1"]) as screen:
        screen.wait()
        raw = screen.raw.decode()
    assert "Lift the freeze" in raw
    assert ACTS.search(raw.replace("\r\n", "\n")) is None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("9",), "there is no plan 9"),
        (("./plan.md", "out.md"), "this is a file, not a stored plan"),
        (("1", "."), "this is a folder"),
        (("1", ""), "this is a folder"),
        (("1", "missing/plan.md"), "there is no folder"),
        (("1", "backout.sqlite"), "this is the database"),
    ],
    ids=str,
)
def test_what_cannot_be_is_told(line: Line, arguments: tuple[str, ...], words: str) -> None:
    result = line.run("plan", "export", *arguments)
    assert (result.code, result.out) == (2, "")
    assert words in result.err
