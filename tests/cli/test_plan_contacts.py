"""`contacts.toml` on the command line: who reads it, who does without it, and that reports name people only."""

from __future__ import annotations

import pytest

from tests.cli.lines import BY_HAND, Line
from tests.engine.desks import PEOPLE

ALONE = BY_HAND.replace(PEOPLE.lstrip(), "").replace("- proxy: web lead after 10 min\n", "")
PLAN = ALONE + "\n## Communication\n\n### Started\n- to: everybody\n- by: email\n\n> We are.\n"
KNOWN = """[[contact]]
name = "release manager"
groups = ["everybody"]
email = "rm@example.org"
phone = "+44 20 7946 0000"
"""


def know(line: Line, text: str) -> None:
    """What stands in the file beside the usual settings, which are missing."""
    folder = line.place / "config" / "backout-tui"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "contacts.toml").write_text(text, encoding="utf-8")


def test_a_plan_is_shown_and_checked_with_the_people_it_only_mentions(line: Line) -> None:
    plan = line.write("plan.md", PLAN)
    rules = {one["rule"] for one in line.run("plan", "check", plan, "--json").json["findings"]}
    assert "unknown-recipient" in rules
    assert line.ok("plan", "show", plan, "--json").json["contacts"] == []
    know(line, KNOWN)
    rules = {one["rule"] for one in line.ok("plan", "check", plan, "--json").json["findings"]}
    assert "unknown-recipient" not in rules
    (contact,) = line.ok("plan", "show", plan, "--json").json["contacts"]
    assert (contact["name"], contact["groups"]) == ("release manager", ["everybody"])
    words = line.ok("plan", "show", plan).out
    assert "release manager" in words
    assert "rm@example.org" not in words


def test_those_who_look_at_a_backout_do_without_the_file(line: Line) -> None:
    line.start(PLAN)
    know(line, "[[contact]]\nnmae = 1\n")
    for command in ("list", "plan list", "show 1", "log 1", "report 1", "verify 1", "do 1 note fine"):
        line.ok(*command.split())
    for command in ("plan show 1", "plan check 1", "start 1 --json --break-glass --reason burning"):
        failed = line.run(*command.split())
        assert (failed.code, failed.out) == (2, "")
        assert "contacts.toml:2: nmae in [contact] is not a field of a contact" in failed.err


@pytest.mark.parametrize("command", ["report 1", "log 1", "show 1"])
def test_reports_print_names_and_not_numbers(line: Line, command: str) -> None:
    """Of somebody whom the plan only names, too, and however a person wrote the number down."""
    know(line, KNOWN)
    line.start(PLAN)
    for typed in ("+442079460000", "+44 (0)20 7946-0000", "020 7946 0000", "RM@example.org"):
        line.do("call-log", "release manager", "reached", "--note", f"I had {typed} on the line")
        line.do("note", f"say {typed}")
        line.do("problem-add", f"{typed} rings")
    out = line.ok(*command.split()).out
    assert "release manager" in out
    assert "7946" not in out
    assert "example.org" not in out.lower().replace("\\", "")
    assert "rm@example.org" in line.ok("log", "1", "--json").out
