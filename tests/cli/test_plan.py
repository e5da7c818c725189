"""`plan`: imported, looked at, checked, listed, approved."""

from __future__ import annotations

import pytest

from tests.cli.lines import BY_HAND, Line

GAPS = """# Backout plan: web 2.0

- release: web 2.0

## Steps

### 1. Deploy

```sh
deploy <tag>
```

### 1. Again
"""


def test_a_plan_is_imported_as_the_next_revision_of_its_release(line: Line) -> None:
    plan = line.write("plan.md", BY_HAND)
    first = line.ok("plan", "import", plan, "--json").json
    assert (first["id"], first["revision"]) == (1, 1)
    assert line.ok("plan", "import", "-", "--json", stdin=BY_HAND.encode()).json == first
    more = line.ok("plan", "import", "-", "--json", stdin=(BY_HAND + "\n### 5. More\n").encode()).json
    assert (more["id"], more["revision"]) == (1, 2)
    other = ["plan", "import", plan, "--release", "web 3.0", "--returns-to", "2.0", "--environment", "test"]
    assert line.ok(*other, "--json").json["id"] == 2
    assert "plan 2, revision 1: web 3.0" in line.ok(*other, "--yes").out


def test_what_was_not_understood_is_said_on_importing(line: Line) -> None:
    strange = BY_HAND.replace("- authoriser:", "- colour: red\n- authoriser:")
    result = line.ok("plan", "import", line.write("plan.md", strange))
    assert "plan.md:" in result.err
    assert "colour" in result.err


def test_a_plan_is_shown_from_a_file_without_being_stored(line: Line) -> None:
    plan = line.write("plan.md", BY_HAND)
    document = line.ok("plan", "show", plan, "--json").json
    assert [step["number"] for step in document["options"][0]["steps"]] == ["1", "2", "3", "4"]
    assert "Freeze" in line.ok("plan", "show", plan).out
    assert not line.database.exists()
    assert document["stored"] is None
    line.ok("plan", "import", plan)
    for name in ("1", "web 2.0@production"):
        shown = line.ok("plan", "show", name, "--json").json
        assert {**shown, "stored": None} == document
        assert (shown["stored"]["id"], shown["stored"]["revisions"][0]["by"]) == (1, "sam")
    assert "Plan 1, revision 1: not approved" in line.ok("plan", "show", "1").out


def test_a_plan_with_errors_is_a_no_with_lines(line: Line) -> None:
    plan = line.write("plan.md", GAPS)
    found = line.run("plan", "check", plan, "--json")
    assert (found.code, found.json["ok"]) == (1, False)
    assert found.json["unanswered"]
    assert {"rule", "severity", "line", "item", "message"} <= found.json["findings"][0].keys()
    words = line.run("plan", "check", plan)
    assert words.code == 1
    assert f"{plan}:" in words.out
    assert "OPEN" in words.out


def test_a_plan_without_errors_ends_with_0_whatever_it_leaves_unanswered(line: Line) -> None:
    found = line.run("plan", "check", line.write("plan.md", BY_HAND), "--json")
    assert (found.code, found.json["ok"]) == (0, True)
    assert "Q7" in found.json["unanswered"]


def test_plans_are_listed_and_approved(line: Line) -> None:
    stored = line.ok("plan", "import", line.write("plan.md", BY_HAND), "--json").json
    assert line.ok("plan", "approve", "web 2.0", "--by", "release manager", "--json").json == {
        "id": 1, "revision": 1, "approved_by": "release manager", "sha256": stored["sha256"],
    }  # fmt: skip
    (row,) = line.ok("plan", "list", "--json").json
    assert (row["id"], row["name"], row["version"], row["environment"], row["revision"], row["approved"]) == (
        1, "web", "2.0", "production", 1, True,
    )  # fmt: skip
    assert "approved" in line.ok("plan", "list").out
    for arguments in (["1"], ["1", "--by", " "], ["./plan.md", "--by", "kim"]):
        assert line.run("plan", "approve", *arguments).code == 2


@pytest.mark.parametrize("name", ["missing.md", "./missing.md", ".", "1", "web 2.0", ""])
def test_a_plan_that_is_not_there(line: Line, name: str) -> None:
    for command in ("show", "check", "import"):
        result = line.run("plan", command, name)
        assert (result.code, result.out) == (2, ""), (command, result.err)
    assert not line.database.exists()


def test_a_secret_in_a_plan_never_comes_into_the_database(line: Line) -> None:
    text = BY_HAND.replace("## Steps", "## Variables\n- TOKEN: hunter2-in-the-plan (secret)\n\n## Steps")
    result = line.run("plan", "import", line.write("plan.md", text), "--yes")
    assert result.code == 2
    assert "hunter2" not in result.err
    assert line.run("start", "./plan.md", "--json").code == 2
    assert not line.database.exists() or b"hunter2" not in line.database.read_bytes()
