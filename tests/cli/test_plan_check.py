"""`plan check` on the command line: every planted fault, findings in words and in JSON, silences."""

from __future__ import annotations

import pytest

from tests.cli.lines import Line
from tests.domain.checking.planted import PLANTED, VALID

STEP_1 = "- owner: deployment engineer\n- estimate: 2 min\n"
UNTIMED = VALID.replace(STEP_1, "- owner: deployment engineer\n")


def test_a_plan_without_faults_is_a_yes(line: Line) -> None:
    plan = line.write("plan.md", VALID)
    found = line.ok("plan", "check", plan, "--json").json
    assert found == {"ok": True, "findings": [], "silenced": [], "unanswered": []}
    assert "nothing is wrong with it" in line.ok("plan", "check", plan).out
    assert not line.database.exists()


@pytest.mark.parametrize("rule", PLANTED)
def test_a_planted_fault_is_found_by_its_rule_alone(line: Line, rule: str) -> None:
    fault = PLANTED[rule]
    found = line.run("plan", "check", line.write("plan.md", fault.text), "--json")
    assert [one["rule"] for one in found.json["findings"]] == [rule]
    assert found.json["ok"] is (fault.severity == "warning")
    assert found.code == (1 if fault.severity == "error" else 0)


@pytest.mark.parametrize(
    ("rule", "find", "put"),
    [
        ("shell-syntax", 'kubectl -n "$NAMESPACE" scale', 'if true; then kubectl -n "$NAMESPACE" scale'),
        ("missing-program", "pg_restore -d ledger", "no-such-program -d ledger"),
        ("dead-link", "Set the freeze", "See http://127.0.0.1:1/x and set the freeze"),
    ],
)
def test_a_fault_that_is_not_in_the_text_alone_is_found_by_its_rule_alone(
    line: Line, rule: str, find: str, put: str
) -> None:
    programs = {"kubectl": "true", "pg_restore": "true", "curl -fsS http://payments.example.org/version": "true"}
    text = VALID.replace(find, put).replace("https://wiki.example.org/payments", "the wiki")
    for name, there in (programs | {"restarts --in": "echo"}).items():
        text = text.replace(name, there)
    found = line.run("plan", "check", line.write("plan.md", text), "--live", "--json")
    assert ([one["rule"] for one in found.json["findings"]], found.code) == ([rule], 1)


def test_a_rehearsal_from_before_the_last_change_is_found_in_a_stored_plan(line: Line) -> None:
    line.ok("plan", "import", line.write("plan.md", VALID))
    assert line.ok("plan", "check", "1", "--json").json["findings"] == []
    line.ok("plan", "import", line.write("plan.md", VALID.replace("Set the freeze in", "Set the freeze now in")))
    found = line.run("plan", "check", "1", "--json")
    assert ([one["rule"] for one in found.json["findings"]], found.code) == (["stale-rehearsal"], 1)


def test_findings_in_words_stand_below_their_items_with_file_and_line(line: Line) -> None:
    plan = line.write("plan.md", UNTIMED.replace('4.11.3"', '4.10.1"'))
    found = line.run("plan", "check", plan)
    assert found.code == 1
    said = found.out.split("\n")
    assert said[0] == f"{plan}: 1 error, 1 warning"
    at = said.index("step 1")
    assert said[at + 1].startswith(f"  {plan}:38:")
    assert said[at + 1].endswith("[no-estimate]")
    assert said[at + 3] == "step 2"
    assert "  Q7 OPEN      How long will it take?" in said


def test_a_silence_in_a_file_is_kept_apart_with_its_reason(line: Line) -> None:
    text = UNTIMED.replace("Set the freeze", "<!-- silence no-estimate: the bot decides -->\nSet the freeze")
    plan = line.write("plan.md", text)
    found = line.ok("plan", "check", plan, "--json").json
    assert (found["ok"], found["findings"]) == (True, [])
    assert [(one["rule"], one["item"], one["reason"]) for one in found["silenced"]] == [
        ("no-estimate", "step 1", "the bot decides")
    ]
    assert "step 1: [no-estimate] the bot decides" in line.ok("plan", "check", plan).out


def test_a_finding_of_a_stored_plan_is_silenced_by_a_new_revision(line: Line) -> None:
    line.ok("plan", "import", line.write("plan.md", UNTIMED))
    line.ok("plan", "approve", "1", "--by", "release manager", "--reason", "the bot decides")
    silence = ["plan", "check", "1", "--silence", "no-estimate", "--item", "step 1", "--reason", "the bot decides"]
    done = line.ok(*silence)
    assert done.out == "plan 1, revision 2: no-estimate at step 1 is silenced; it has to be approved again\n"
    found = line.ok("plan", "check", "1", "--json").json
    assert [one["reason"] for one in found["silenced"]] == ["the bot decides"]
    (row,) = line.ok("plan", "list", "--json").json
    assert (row["revision"], row["approved"]) == (2, False)
    again = line.run(*silence)
    assert (again.code, "there is no finding of no-estimate at step 1" in again.err) == (2, True)


def test_for_a_file_it_is_said_which_comment_to_write(line: Line) -> None:
    plan = line.write("plan.md", UNTIMED)
    done = line.run(
        "plan", "check", plan, "--silence", "no-estimate", "--item", "step 1", "--reason", "the bot decides"
    )
    assert done.code == 2
    assert "<!-- silence no-estimate at step 1: the bot decides -->" in done.err
    assert not line.database.exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--silence", "no-such", "--reason", "x"], "there is no rule no-such"),
        (["--silence", "no-estimate", "--item", "step 1"], "--reason"),
        (["--silence", "no-estimate", "--reason", "x"], "It is found at step 1"),
        (["--silence", "never-ends", "--reason", "x"], "there is no finding of never-ends"),
        (["--item", "step 1"], "--silence"),
    ],
)
def test_a_silence_that_is_not_said_well_is_told(line: Line, options: list[str], words: str) -> None:
    line.ok("plan", "import", line.write("plan.md", UNTIMED))
    done = line.run("plan", "check", "1", *options)
    assert (done.code, done.out) == (2, "")
    assert words in done.err


def test_a_secret_is_neither_stored_nor_repeated_unless_the_plan_says_that_it_is_none(line: Line) -> None:
    text = PLANTED["secret-in-text"].text
    plan = line.write("plan.md", text)
    for command in (["plan", "import", plan], ["start", plan, "--json"]):
        done = line.run(*command)
        assert done.code == 2
        assert "hunter22" not in done.err + done.out
    assert "hunter22" not in line.run("plan", "check", plan).out
    assert not line.database.exists() or b"hunter22" not in line.database.read_bytes()
    silenced = text.replace(
        "The release changed", "<!-- silence secret-in-text at step 3: a sample -->\n\nThe release changed"
    )
    assert line.ok("plan", "import", line.write("plan.md", silenced)).out.startswith("plan 1, revision 1")
