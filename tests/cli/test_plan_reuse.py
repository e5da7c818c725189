"""`plan copy`, `confirm`, `drop`, `diff`, `edit`, `approve`: a plan made to speak of this release only."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.lines import BY_HAND, Line

PEOPLE = ["contact release manager", "contact web lead", "contact desk"]
EDITOR = "#!/bin/sh\nsed -i 's/Freeze/Freeze everything/' \"$1\"\n"


@pytest.fixture(autouse=True)
def _imported(line: Line) -> None:
    line.ok("plan", "import", line.write("plan.md", BY_HAND), "--yes")


def copied(line: Line) -> list[str]:
    """The items of a copy for the next release, all unconfirmed."""
    document = line.ok("plan", "copy", "1", "--to", "web 2.1", "--returns-to", "2.0", "--json").json
    assert (document["id"], document["revision"]) == (2, 1)
    labels: list[str] = document["unconfirmed"]
    return labels


def editor(line: Line, script: str) -> None:
    """Make this script the operator's editor."""
    path = Path(line.write("editor", script))
    path.chmod(0o755)
    line.patch.setenv("EDITOR", str(path))
    line.patch.delenv("VISUAL", raising=False)


def test_from_a_copy_to_an_approved_plan(line: Line) -> None:
    labels = copied(line)
    assert labels == ["authoriser", "proxy", *(f"step {number}" for number in (1, 2, 3, 4)), *PEOPLE]
    refused = line.run("plan", "approve", "2", "--by", "release manager")
    assert refused.code == 3
    assert f"9 items are not confirmed: {', '.join(labels)}" in refused.err
    one = line.ok("plan", "confirm", "2", "step 1", "--by", "sam", "--json").json
    left = ["authoriser", "proxy", "step 2", "step 3", "step 4", *PEOPLE]
    assert one == {"confirmed": ["step 1"], "unconfirmed": left}
    assert "without step 2: Tell the desk" in line.ok("plan", "drop", "2", "step 2").out
    assert "nothing is left to confirm" in line.ok("plan", "confirm", "2", "all-unchanged", "--by", "sam").out
    assert "approved by release manager" in line.ok("plan", "approve", "2", "--by", "release manager").out
    assert line.ok("start", "2", "--json").json["plan"]["approved"] is True


def test_in_words_a_copy_says_where_it_came_from_and_what_to_do(line: Line) -> None:
    out = line.ok("plan", "copy", "web 2.0", "--to", "web 2.1").out
    assert "derived from web 2.0 (plan 1, revision 1)" in out
    assert "9 items to confirm: backout-tui plan confirm 2 ITEM --by NAME" in out
    assert line.ok("plan", "show", "2", "--json").json["release"]["returns_to"] is None


def test_a_confirmation_lapses_when_the_item_is_edited(line: Line) -> None:
    copied(line)
    line.ok("plan", "confirm", "2", "all-unchanged", "--by", "sam")
    editor(line, EDITOR)
    assert line.ok("plan", "edit", "2", "--reason", "the freeze is wider", "--json").json["changed"] is True
    refused = line.run("plan", "approve", "2", "--by", "rm")
    assert (refused.code, "1 item is not confirmed: step 1" in refused.err) == (3, True)
    assert line.ok("plan", "show", "2", "--json").json["stored"]["revisions"][-1]["reason"] == "the freeze is wider"


def test_an_editor_that_leaves_nonsense_is_told_the_lines_and_loses_nothing(line: Line) -> None:
    editor(line, "#!/bin/sh\nprintf '\\n### 1. Again\\n' >> \"$1\"\n")
    failed = line.run("plan", "edit", "1")
    assert failed.code == 2
    assert "step 1 is already" in failed.err
    assert "What you typed is kept there" in failed.err
    assert line.ok("plan", "show", "1", "--json").json["stored"]["revision"] == 1
    editor(line, "#!/bin/sh\nsed -i 's/### 1. Again/### 9. Again/' \"$1\"\n")
    mended = line.ok("plan", "edit", "1")
    assert "going on with what an earlier edit left" in mended.err
    assert "revision 2: stored" in mended.out


@pytest.mark.parametrize(
    ("script", "code", "words"),
    [("#!/bin/sh\nexit 3\n", 2, "the editor ended with 3"), ("#!/bin/sh\ntrue\n", 0, "nothing was changed")],
)
def test_an_editor_that_fails_or_changes_nothing_stores_nothing(line: Line, script: str, code: int, words: str) -> None:
    editor(line, script)
    done = line.run("plan", "edit", "1")
    assert (done.code, words in done.out + done.err) == (code, True)
    assert line.ok("plan", "show", "1", "--json").json["stored"]["revision"] == 1


def test_what_two_plans_say_differently_is_told_by_item(line: Line) -> None:
    copied(line)
    line.ok("plan", "drop", "2", "step 3")
    document = line.ok("plan", "diff", "2", "--json").json
    assert (document["from"], document["to"]) == ("plan 1, revision 1", "plan 2, revision 2")
    assert [one["item"] for one in document["removed"]] == ["step 3"]
    assert [one["item"] for one in document["changed"]] == ["release", "returns to"]
    assert document["changed"][0]["before"] == ["web 2.0"]
    words = line.ok("plan", "diff", "1", "2").out
    assert "- removed  step 3: Restore" in words
    assert "1 added, 2 changed, 1 removed" in words
    assert line.ok("plan", "diff", "1", "./plan.md").out.endswith("nothing differs\n")
    assert line.run("plan", "diff", "1").code == 2


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("copy", "9", "--to", "web 2.1"), 2, "there is no plan 9"),
        (("copy", "1", "--to", "web"), 2, "a name and a version"),
        (("copy", "1", "--to", "web 2.0"), 3, "has a plan already: plan 1"),
        (("copy", "1"), 2, "--to"),
        (("confirm", "1", "step 9", "--by", "sam"), 2, "there is no item step 9"),
        (("confirm", "1", "step 1"), 2, "--by"),
        (("confirm", "1", "step 1", "--by", " "), 2, "the name of the person who confirmed it is missing"),
        (("confirm", "./plan.md", "step 1", "--by", "sam"), 2, "not a stored plan"),
        (("drop", "1", "contact nobody"), 2, "there is no item contact nobody"),
        (("edit", "./plan.md"), 2, "not a stored plan"),
        (("diff", "1", "9"), 2, "there is no plan 9"),
    ],
    ids=str,
)
def test_what_cannot_be_is_told(line: Line, arguments: tuple[str, ...], code: int, words: str) -> None:
    result = line.run("plan", *arguments)
    assert (result.code, result.out) == (code, "")
    assert words in result.err
    assert line.ok("plan", "show", "1", "--json").json["stored"]["revision"] == 1


ASKED = BY_HAND.replace("### 2. Tell the desk", "### 2. Tell the desk\nSee CHG-4711; web 2.0 goes, cache_2_0 as well.")


def test_what_still_names_the_other_release_is_neither_confirmed_with_the_rest_nor_lost(line: Line) -> None:
    line.ok("plan", "import", line.write("asked.md", ASKED), "--yes")
    line.ok("plan", "copy", "1", "--to", "web 2.1", "--returns-to", "2.0")
    found = line.run("plan", "check", "2", "--json").json["findings"]
    assert {(one["rule"], one["severity"], one["item"]) for one in found} >= {
        ("leftover-release", "error", "step 2"),
        ("copied-ticket", "warning", "step 2"),
        ("copied-version", "warning", "step 2"),
    }
    done = line.ok("plan", "confirm", "2", "all-unchanged", "--by", "sam", "--json").json
    assert "step 2" not in done["confirmed"]
    assert done["unconfirmed"] == ["step 2", "warning 1", "warning 2"]


def test_a_warning_is_answered_with_yes_or_no_and_the_last_answer_is_taken_back(line: Line) -> None:
    line.ok("plan", "import", line.write("asked.md", ASKED), "--yes")
    line.ok("plan", "copy", "1", "--to", "web 2.1", "--returns-to", "2.0")
    assert "confirmed  warning 1: 2_0" in line.ok("plan", "confirm", "2", "warning 1", "--by", "sam").out
    found = line.run("plan", "check", "2", "--json").json["findings"]
    assert {one["rule"] for one in found} == {"leftover-release", "copied-ticket"}
    denied = line.ok("plan", "confirm", "2", "warning 2", "--by", "sam", "--no", "--json").json
    assert denied["denied"] == ["warning 2"]
    assert "warning 2" in denied["unconfirmed"]
    assert "taken back: the answer for warning 2" in line.ok("plan", "confirm", "2", "--take-back").out
    assert line.ok("plan", "confirm", "2", "--take-back", "--json").json["taken_back"] == "the answer for warning 1"
    nothing = line.run("plan", "confirm", "2", "--take-back")
    assert (nothing.code, "confirmed and dropped nothing" in nothing.err) == (2, True)
    without = line.run("plan", "confirm", "2", "--by", "sam")
    assert (without.code, "the item is missing" in without.err) == (2, True)


def test_a_plan_is_handed_over_and_its_start_and_its_report_say_so(line: Line) -> None:
    line.ok("plan", "approve", "1", "--by", "release manager")
    said = line.ok("plan", "hand-over", "1", "--to", "ops", "--json").json
    assert said == {"id": 1, "revision": 1, "to": "ops", "by": "sam", "accepted_by": None}
    assert "accepted by robin" in line.ok("plan", "hand-over", "1", "--to", "ops", "--accepted-by", "robin").out
    stored = line.ok("plan", "show", "1", "--json").json["stored"]["handed_over"]
    assert (stored["to"], stored["accepted_by"], stored["revision"]) == ("ops", "robin", 1)
    started = line.ok("start", "1", "--json")
    assert "plan 1 was handed over to ops by sam, accepted by robin" in started.err
    assert started.json["plan"]["handed_over"] == "handed over to ops by sam, accepted by robin"
    assert "- The plan was handed over to ops by sam, accepted by robin" in line.ok("report", "1").out
    nobody = line.run("plan", "hand-over", "1", "--to", " ")
    assert (nobody.code, "the people it is handed over to" in nobody.err) == (2, True)


def test_the_deployment_plan_is_shown_and_belongs_to_one_release(line: Line) -> None:
    text = BY_HAND.replace("- authoriser", "- deployment plan: https://git.example.org/deploy/web-2.0\n- authoriser")
    line.ok("plan", "import", line.write("deployed.md", text), "--yes")
    assert line.ok("plan", "show", "1", "--json").json["deployment_plan"] == "https://git.example.org/deploy/web-2.0"
    line.ok("plan", "approve", "1", "--by", "release manager")
    document = line.ok("start", "1", "--json").json
    assert document["plan"]["deployment_plan"] == "https://git.example.org/deploy/web-2.0"
    assert "- Deployment plan: " in line.ok("report", "1").out
    line.ok("plan", "copy", "1", "--to", "web 2.1", "--returns-to", "2.0")
    assert line.ok("plan", "show", "2", "--json").json["deployment_plan"] is None
