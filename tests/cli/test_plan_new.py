"""`plan new`: the nine questions on the command line, on a terminal and without one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.lines import SCRIPT, Line
from tests.pty_screen import PtyScreen

STEPS = ("--answer", "steps=Freeze (2 min)", "--answer", "steps=$ echo frozen", "--answer", "steps=expect: frozen")
NINE = [f"Q{number}" for number in range(1, 10)]


def at_terminal(*arguments: str) -> PtyScreen:
    """`plan new` in a terminal."""
    return PtyScreen([str(SCRIPT), "plan", "new", *arguments], width=100, height=60)


def test_answers_make_a_stored_plan(line: Line) -> None:
    said = ("--release", "web 2.0", "--returns-to", "1.9", "--environment", "production", "--team", "shop", *STEPS)
    made = line.ok("plan", "new", *said, "--answer", "window=2h after deploy", "--json").json
    assert (made["id"], made["revision"]) == (1, 1)
    assert made["unanswered"] == ["Q1", "Q3", "Q4", "Q6", "Q8", "Q9"]
    shown = line.ok("plan", "show", "web 2.0@production", "--json").json
    assert shown["release"] == {"name": "web", "version": "2.0", "returns_to": "1.9", "environment": "production"}
    assert [step["commands"][0]["text"] for step in shown["options"][0]["steps"]] == ["echo frozen"]
    assert [question["id"] for question in shown["questions"] if not question["answered"]] == made["unanswered"]


def test_every_question_can_be_left_open_and_what_is_next_is_said(line: Line) -> None:
    said = line.ok("plan", "new", "--release", "web 2.0").out
    assert said.startswith("plan 1, revision 1: web 2.0\n")
    assert [row[:7] for row in said.splitlines()[1:10]] == [f"{one} OPEN" for one in NINE]
    assert "plan edit 1" in said
    assert line.ok("plan", "new", "--release", "web 3.0", "--json").json["unanswered"] == NINE


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "--release"),
        (("--release", "web"), "name and its version"),
        (("--release", "web 2.0", "--answer", "colour=red"), "returns-to, environment"),
        (("--release", "web 2.0", "--answer", "window"), "NAME=TEXT"),
        (("--release", "web 2.0", "--answer", "release=web 3.0"), "given twice"),
    ],
)
def test_what_is_not_said_well_stores_nothing(line: Line, arguments: tuple[str, ...], words: str) -> None:
    result = line.run("plan", "new", *arguments)
    assert (result.code, result.out) == (2, "")
    assert words in " ".join(result.err.split())
    assert not line.database.exists()


def test_a_plan_that_has_steps_is_not_begun_anew_without_a_reason(line: Line) -> None:
    new = ("plan", "new", "--release", "web 2.0", "--json")
    assert line.ok(*new).json["id"] == 1
    assert line.ok(*new, *STEPS).json["revision"] == 2  # the first one said nothing
    refused = line.run(*new, "--answer", "window=3h after deploy")
    assert (refused.code, refused.out) == (3, "")
    assert "plan edit 1" in refused.err
    assert "plan copy 1" in refused.err
    assert line.ok(*new, "--environment", "test").json["id"] == 2
    assert line.ok(*new, "--reason", "it was for another product").json["revision"] == 3
    assert b"it was for another product" in line.database.read_bytes()


def test_the_plan_is_written_to_a_new_file_and_never_over_one(line: Line) -> None:
    new = ("plan", "new", "--release", "web 2.0", "--output")
    line.ok(*new, "web.md", *STEPS)
    assert line.ok("plan", "import", "./web.md", "--json").json["revision"] == 1  # it is the text that is stored
    before = Path("web.md").read_bytes()
    Path("dangling.md").symlink_to("nowhere.md")
    for name in ("web.md", "dangling.md", "no/such/folder.md"):
        assert line.run(*new, name, "--environment", "test").code == 2
    assert Path("web.md").read_bytes() == before
    assert len(line.ok("plan", "list", "--json").json) == 1


def test_what_is_said_is_inert(line: Line) -> None:
    result = line.ok("plan", "new", "--release", "web\x1b[31m 2.0\x07", "--answer", "when=\x1b]0;x\x07 # ## Steps")
    assert not set(result.out + result.err) & set("\x1b\x07")
    assert line.ok("plan", "show", "1", "--json").json["criteria"]


def test_on_a_terminal_each_question_is_asked_with_its_reason_and_example(line: Line) -> None:
    with at_terminal("--environment", "test", "--team", "shop", "--answer", "deployed=") as screen:
        screen.wait_for("payments-api 4.12.0):")
        screen.send("web\n")
        screen.wait_for("name and its version")
        for answer in ("web 2.0\n", "1.9\n", "errors\nany mismatch\n\n", "\n", "2h after deploy\n"):
            screen.send(answer)
        screen.wait_for("Q3 of 9: Authoriser")
        screen.wait_for("whose word counts")
        screen.send("release manager\n\nkim\n")
        screen.wait_for("kubectl rollout undo")
        screen.send("Freeze\n$ echo frozen\n\x04")  # Ctrl+D: what was typed counts, the rest stays open
        screen.wait_for("Q5")
        assert screen.wait() == 0
    shown = line.ok("plan", "show", "1", "--json").json
    answered = {question["id"]: question["text"] for question in shown["questions"] if question["answered"]}
    assert list(answered) == ["Q1", "Q2", "Q3", "Q4", "Q5"]
    assert shown["criteria"] == ["errors", "any mismatch"]
    assert shown["options"][0]["steps"][0]["commands"][0]["text"] == "echo frozen"


def test_ctrl_c_stores_nothing_and_says_so(line: Line) -> None:
    with at_terminal("--release", "web 2.0") as screen:
        screen.wait_for("returns to")
        screen.send("\x03")
        assert screen.wait() == 130
        assert "no plan was stored" in screen.text()
    assert not line.database.exists()


def test_on_a_terminal_a_refusal_comes_before_the_nine_questions(line: Line) -> None:
    line.ok("plan", "new", "--release", "web 2.0", *STEPS)
    with at_terminal("--release", "web 2.0", "--answer", "returns-to=", "--answer", "environment=") as screen:
        screen.wait_for("team")
        screen.send("\n\n")
        assert screen.wait() == 3
        assert "plan edit 1" in screen.text()
        assert "Q1" not in screen.text()


def test_what_was_typed_and_cannot_be_stored_is_printed(line: Line) -> None:
    (line.place / "state").mkdir()
    (line.place / "state").chmod(0o777)  # everybody could replace what is stored there: it is refused
    line.patch.setenv("BACKOUT_DATABASE", str(line.place / "state" / "backout.sqlite"))
    with at_terminal("--release", "web 2.0") as screen:
        screen.wait_for("returns to")
        screen.send("1.9\n\x04")
        assert screen.wait() == 2
        assert "- returns to: 1.9" in screen.text()
