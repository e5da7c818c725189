"""What the plan says for judgement, on the command line: ticked, refused, lifted, shown and told."""

from __future__ import annotations

from tests.cli.lines import COMMANDS, Line

BEFORE = """## When to back out
- orders are lost

## When the release is a success
- 30 calm minutes

## Before you start
- the VPN is up
- the freeze is on

## Risks
- orders of the last hour

## After the backout
- file the defects

## Steps
"""
PLAN = COMMANDS.replace("## Steps\n", BEFORE, 1).replace(
    "- release: web 2.0\n", "- release: web 2.0\n- affects: ledger (desk), search (web lead)\n- affects: mail\n", 1
)


def decided(line: Line) -> None:
    line.start(PLAN)
    line.do("problem-add", "orders are lost")
    line.do("decide", "--by", "release manager", "--reason", "orders are lost", "--agreed", "by phone")


def test_the_first_step_is_refused_until_all_is_ticked(line: Line) -> None:
    decided(line)
    line.do("step-done", "1")  # it may come before the decision
    refused = line.run("do", "1", "step-run", "2", "--yes")
    assert refused.code == 3
    for words in ("1. the VPN is up", "2. the freeze is on", "prerequisite 1 yes", "--reason T"):
        assert words in refused.err
    assert line.do("prerequisite", "1", "yes")["event"]["kind"] == "PrerequisiteAnswered"
    line.do("prerequisite", "2", "no", "--reason", "the bot is down")
    refused = line.run("do", "1", "step-run", "2", "--yes")
    assert (refused.code, "VPN" in refused.err) == (3, False)
    line.do("prerequisite", "2", "yes")
    line.do("step-run", "2", "--yes", "--wait")
    state = line.state()
    assert [one["state"] for one in state["prerequisites"]] == ["yes", "yes"]
    assert state["started_without"] is None


def test_one_reason_lifts_all_of_it_and_is_told(line: Line) -> None:
    decided(line)
    line.do("step-done", "1")
    line.do("step-run", "2", "--yes", "--wait", "--reason", "nobody else is awake tonight")
    state = line.state()
    assert [one["state"] for one in state["prerequisites"]] == ["open", "open"]
    assert state["started_without"]["left"] == [1, 2]
    assert state["deviations"] == []
    for shown in (line.ok("show", "1").out, line.ok("report", "1").out, line.ok("show", "1", "--brief").out):
        assert "started without 1, 2, by" in shown
        assert "nobody else is awake tonight" in " ".join(shown.split())
    assert "started although not everything was ticked" in line.ok("log", "1").out
    assert line.run("verify", "1").code == 0


def test_a_line_that_is_not_there_or_no_answer_is_usage(line: Line) -> None:
    decided(line)
    assert line.run("do", "1", "prerequisite", "3", "yes").code == 2
    assert line.run("do", "1", "prerequisite", "1", "perhaps").code == 2
    assert line.run("do", "1", "prerequisite", "1").code == 2


def test_show_has_every_field_of_the_contract(line: Line) -> None:
    decided(line)
    state = line.state()
    assert state["affects"] == ["ledger (desk)", "search (web lead)", "mail"]
    assert (state["criteria"], state["success"]) == (["orders are lost"], ["30 calm minutes"])
    assert (state["risks"], state["after"]) == (["orders of the last hour"], ["file the defects"])
    assert [one["text"] for one in state["prerequisites"]] == ["the VPN is up", "the freeze is on"]


def test_the_verdict_names_what_comes_before_closing(line: Line) -> None:
    decided(line)
    line.do("decide", "stand-down", "--by", "release manager", "--reason", "it was the proxy's fault")
    said = line.ok("do", "1", "verdict", "stood-down", "--reason", "the release is fit")
    assert "- file the defects" in said.out
