"""`plan list`: searched by service, team and words; and the nearest plans for a release."""

from __future__ import annotations

import pytest

from tests.cli.lines import BY_HAND, Line


@pytest.fixture
def stocked(line: Line) -> Line:
    """Three plans: 1 web 2.0 of the team front, 2 search 1.0 of the same, 3 ledger 1.0."""
    for release, team in (("web 2.0", "front"), ("search 1.0", "front"), ("ledger 1.0", "money")):
        text = BY_HAND.replace("- release: web 2.0", f"- release: {release}\n- team: {team}")
        line.ok("plan", "import", line.write("plan.md", text), "--json")
    return line


def ids(line: Line, *arguments: str) -> list[int]:
    return [row["id"] for row in line.ok("plan", "list", "--json", *arguments).json]


def test_it_is_narrowed_by_words_service_and_team(stocked: Line) -> None:
    assert ids(stocked) == [3, 2, 1]
    assert ids(stocked, "FREEZE", "1.0") == [3, 2]
    assert ids(stocked, "--service", "Ledger") == [3]
    assert ids(stocked, "--team", "front") == [2, 1]
    assert ids(stocked, "1.0", "--team", "front") == [2]
    nothing = stocked.ok("plan", "list", "no such word")
    assert (nothing.out, "no plan holds that" in nothing.err) == ("", True)


def test_a_line_shows_which_questions_are_answered_and_the_state(stocked: Line) -> None:
    stocked.ok("plan", "approve", "1", "--by", "release manager")
    stocked.ok("plan", "copy", "1", "--to", "web 3.0", "--returns-to", "2.0")
    copy, *_, web = stocked.ok("plan", "list").out.splitlines()
    assert web.split() == ["1", "web", "2.0@production", "revision", "1", "··3·5····", "approved"]
    assert copy.endswith("··3·5····  9 to confirm")
    newest, *_, oldest = stocked.ok("plan", "list", "--json").json
    assert (newest["unconfirmed"], oldest["answered"], oldest["answered_ids"]) == (9, 2, ["Q3", "Q5"])
    assert [oldest["near"], oldest["approved"], newest["approved"]] == [None, True, False]


def test_for_a_release_the_nearest_are_offered_with_the_reason_and_how_they_went(stocked: Line) -> None:
    stocked.ok("start", "1", "--json", "--break-glass", "--reason", "it is burning")
    near = stocked.ok("plan", "list", "--for", "web 3.0", "--json").json
    assert [(row["id"], row["near"]) for row in near] == [(1, "same service"), (2, "same team")]
    assert [row["runs"] for row in near] == [[{"backout": 1, "mode": "live", "outcome": None}], []]
    web, search = stocked.ok("plan", "list", "--for", "web 3.0").out.splitlines()
    assert web.endswith("same service; backout 1: open")
    assert search.endswith("same team; never run")


def test_for_a_release_a_team_and_an_environment_may_be_said(stocked: Line) -> None:
    def reasons(*arguments: str) -> dict[int, str]:
        return {row["id"]: row["near"] for row in stocked.ok("plan", "list", "--json", *arguments).json}

    assert reasons("--for", "web 2.0@production")[1] == "this release"
    assert reasons("--for", "web 2.0@staging")[1] == "same service"
    assert reasons("--for", "web 3.0", "--team", "money") == {1: "same service", 3: "same team"}
    assert reasons("--for", "web 3.0", "search") == {2: "same team"}


def test_where_nothing_is_near_it_says_what_to_do(stocked: Line) -> None:
    nothing = stocked.ok("plan", "list", "--for", "mainframe 1.0")
    assert (nothing.out, "no plan is near to mainframe 1.0" in nothing.err) == ("", True)
    assert stocked.run("plan", "list", "--for", " ").code == 2
