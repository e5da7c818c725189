"""`do`: each verb once through the command line, what it prints, and who it is that acts."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from tests.cli.lines import BY_HAND, COMMANDS, Line
from tests.engine.bench import wait_for
from tests.engine.desks import HEAD
from tests.smtp import MailServer, Manners


def steps(line: Line) -> dict[str, str]:
    """Every step's state by its number."""
    return {step["number"]: step["state"] for step in line.state()["steps"]}


def test_what_do_prints_is_the_event_what_it_made_and_the_state(line: Line) -> None:
    line.start()
    document = line.do("problem-add", "5xx", "--severity", "major", "--assign", "kim", "--seen", "during")
    assert document == {"event": {"seq": 3, "kind": "ProblemLogged"}, "created": "P1", "state": "deciding"}
    assert line.do("note", "hello") == {"event": {"seq": 4, "kind": "NoteAdded"}, "created": None, "state": "deciding"}
    assert line.ok("do", "1", "problem-add", "slow", "--json").json["created"] == "P2"
    assert line.ok("do", "--json", "1", "problem-add", "slow").json["created"] == "P3"
    assert line.do("step-add", "Look", "--after", "2", "--reason", "to be sure")["created"] == "2a"
    assert line.do("message-write", "--to", "desk,web lead", "--text", "late")["created"] == "M2"
    assert line.do("call-log", "kim", "voicemail", "--follow-up", "10 min")["created"] == "C1"


def test_in_words_it_says_what_was_done_on_one_line_with_the_head(line: Line) -> None:
    line.start()
    result = line.ok("do", "1", "problem-add", "5xx\non two lines")
    assert len(result.out.splitlines()) == 1
    assert "P1" in result.out
    assert line.state()["log"]["head"] in result.out
    assert result.err == ""


def test_every_verb_of_a_whole_night_by_hand(line: Line) -> None:
    line.start(BY_HAND)
    for verb in (
        ["problem-add", "5xx", "--kind", "judged-unfit", "--detail", "since two"],
        ["problem-edit", "P1", "--title", "5xx on /charge", "--severity", "minor"],
        ["problem-assign", "p1", "kim"],
        ["decide", "fix-forward", "--by", "kim", "--reason", "one line to fix", "--agreed", "by phone"],
        ["decide", "--by", "release manager", "--reason", "the one line was not it"],
        ["step-done", "1", "--note", "the bot answered"],
        ["step-fail", "2", "--reason", "nobody answers there"],
        ["step-workaround", "2", "--reason", "mailed them instead"],
        ["step-skip", "3", "--reason", "no snapshot was made", "--break-glass"],
        ["step-not-needed", "4", "--reason", "the bot lifted it"],
        ["step-reopen", "4", "--reason", "it did not after all"],
        ["step-change", "4", "--title", "Lift it", "--instruction", "in the console", "--reason", "the bot is down"],
        ["step-add", "Look again", "--instruction", "twice", "--reason", "to be sure of it"],
        ["step-move", "4a", "--after", "3", "--reason", "before the freeze ends"],
        ["step-done", "4a"],
        ["step-done", "4"],
        ["var-set", "TARGET", "green", "--reason", "blue is down"],
        ["call-log", "kim", "reached", "--note", "agrees with it"],
        ["note", "the desk wants to know earlier"],
        ["reason", "4", "because the operator said so"],
        ["problem-resolve", "P1", "--note", "gone"],
        ["verdict", "with-residue", "--reason", "the snapshot is old"],
        ["close", "--reason", "the rest is done in the morning"],
        ["reopen", "--reason", "one more thing came up"],
        ["close", "--outcome", "partly", "--reason", "the rest is done in the morning"],
    ):
        assert line.do(*verb)["event"], verb
    state = line.state()
    assert (state["state"], state["outcome"]) == ("closed", "partly")
    assert steps(line) == {"1": "done", "2": "worked_around", "3": "skipped", "4a": "done", "4": "done"}
    kinds = {"worked_around", "skipped", "changed", "added", "moved"}
    assert {one["kind"] for one in state["deviations"]} == kinds
    assert line.kinds().count("ControlsTaken") == 1


def test_options_conditions_and_doubts_have_their_verbs(line: Line) -> None:
    one = "### Option A: one\n\n#### A1. Do\n- only if: it rains\n\n"
    line.start(HEAD + "## Steps\n\n" + one + "### Option B: two\n\n#### B1. Do\n")
    assert line.do("option-choose", "A", "--reason", "as it is planned")["event"]["kind"] == "OptionChosen"
    assert line.do("step-condition", "A1", "no")["event"]["kind"] == "ConditionAnswered"
    assert steps(line) == {"A1": "not_needed", "B1": "not_needed"}
    assert "not in doubt" in line.run("do", "1", "step-resolve", "A1", "done", "--reason", "looked").err


def test_a_command_is_begun_and_goes_on_without_us(line: Line) -> None:
    line.decided()
    document = line.do("step-run", "2", "--yes")
    assert (document["event"]["kind"], document["state"]) == ("StepStarted", "backing_out")
    wait_for(lambda: steps(line)["2"] == "done")
    assert (line.place / "ran").read_text() == "rolled back to blue\n"


def test_waiting_gives_the_outcome_and_1_when_it_is_not_good(line: Line) -> None:
    line.decided()
    good = line.run("do", "1", "step-run", "2", "--yes", "--wait", "--json")
    assert (good.code, good.json["event"]["kind"]) == (0, "StepFinished")
    bad = line.run("do", "1", "step-run", "3", "--yes", "--wait", "--json")
    assert (bad.code, bad.json["event"]["kind"]) == (1, "StepFinished")
    step = line.state()["steps"][2]
    assert (step["state"], step["attempts"][0]["exit_code"], step["attempts"][0]["expect_met"]) == ("failed", 1, None)
    assert (line.place / "ran").read_text() == "rolled back to blue\nonce\n"


def test_a_step_is_stopped(line: Line) -> None:
    line.decided(COMMANDS.replace('echo "rolled back to $TARGET"', "sleep 60"))
    line.do("step-run", "2", "--yes")
    assert line.do("step-stop", "2")["event"]["kind"] == "StepStopAsked"
    wait_for(lambda: steps(line)["2"] == "failed")
    assert line.state()["steps"][1]["reason"] == "stopped by sam"


def test_the_verdict_of_a_check_alone_decides_how_waiting_for_it_ends(line: Line) -> None:
    """Not that of another check that failed before."""
    line.start(COMMANDS.replace("### B. It looks right", "### B. It looks right\n\n```sh\ntrue\n```"))
    failed = line.run("do", "1", "check-run", "A", "--wait", "--json")
    assert (failed.code, failed.json["event"]["kind"]) == (1, "CheckFinished")
    assert line.run("do", "1", "check-run", "b", "--wait").code == 0
    assert line.run("do", "1", "check-run", "all", "--wait").code == 1
    (line.place / "answer").touch()
    assert line.run("do", "1", "check-run", "all", "--wait").code == 0
    assert [one["verdict"] for one in line.state()["checks"]] == ["pass", "pass"]
    line.do("check-record", "B", "inconclusive", "--note", "cannot see it")
    assert [one["verdict"] for one in line.state()["checks"]] == ["pass", "inconclusive"]


def mailing(line: Line, server: MailServer) -> None:
    """Settings that send through `server`."""
    text = f'[mail]\nport = {server.port}\nfrom = "backout@example.org"\ndeadline_s = 20\n'
    line.patch.setenv("BACKOUT_CONFIG", line.write("config.toml", text))


@pytest.mark.parametrize(
    ("manners", "code", "state"),
    [
        (Manners(), 0, "sent"),
        (Manners(refuse={"lead@example.org": "550 5.1.1 no such user"}), 1, "partly"),
        (Manners(refuse_sender="550 5.7.1 not you"), 1, "failed"),
    ],
)
def test_a_message_that_did_not_reach_everybody_is_a_no(line: Line, manners: Manners, code: int, state: str) -> None:
    text = COMMANDS.replace("- to: everybody", "- to: release manager, web lead")
    with MailServer(manners) as server:
        mailing(line, server)
        line.start(text)
        result = line.run("do", "1", "message-send", "started", "--yes", "--wait", "--json")
    assert (result.code, result.json["event"]["kind"]) == (code, "MessageFinished")
    message = line.state()["messages"][0]
    assert message["state"] == state
    if state == "partly":
        line.do("problem-add", "5xx")
        assert (
            "There is no doubt"
            in line.run("do", "1", "message-resolve", "Started", "web lead", "sent", "--reason", "asked").err
        )


def test_without_settings_no_mail_leaves_and_it_says_where_to_write_them(line: Line) -> None:
    line.start()
    result = line.run("do", "1", "message-send", "Started", "--yes")
    assert result.code == 2
    assert "no sender is set: write `from` under [mail]" in result.err


def test_a_rehearsal_shows_and_runs_nothing(line: Line) -> None:
    line.start(COMMANDS, "--rehearsal")
    line.do("problem-add", "5xx")
    line.do("decide", "--by", "kim", "--reason", "an exercise of ours")
    line.do("step-done", "1")
    assert line.do("step-run", "2", "--wait")["event"]["kind"] == "StepShown"
    assert line.do("check-run", "A", "--wait")["event"]["kind"] == "CheckShown"
    assert line.do("message-send", "Started", "--wait")["event"]["kind"] == "MessageShown"
    assert not (line.place / "ran").exists()
    assert line.state()["mode"] == "rehearsal"


# ── who acts ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_do_of_somebody_else_takes_the_free_controls_and_each_record_says_who(line: Line) -> None:
    line.start()
    line.do("note", "from sam")
    assert line.ok("--as", "kim", "do", "1", "note", "from kim").code == 0
    line.do("note", "from sam again")
    records = line.ok("log", "1", "--json").json
    assert [(one["actor"]["as"], one["lease"]) for one in records if one["kind"] == "NoteAdded"] == [
        ("sam", 1), ("kim", 2), ("sam", 3),
    ]  # fmt: skip
    assert {one["actor"]["uid"] for one in records} == {os.getuid()}


def test_taking_over_needs_a_reason_and_is_refused_to_who_has_them(line: Line) -> None:
    line.start()
    line.do("note", "from sam")
    assert line.run("--as", "kim", "do", "1", "take-over").code == 2
    line.ok("--as", "kim", "do", "1", "take-over", "--reason", "sam lost the line")
    assert line.state()["operator"] == "kim"
    assert line.state()["lease"]["number"] == 2


@pytest.mark.parametrize("place", ["before", "behind"])
def test_the_global_options_stand_where_people_type_them(line: Line, place: str) -> None:
    other = str(line.place / "other.sqlite")
    named = ["--database", other, "--as", "kim"]
    plan = line.write("plan.md", BY_HAND)
    command = ["start", plan, "--json"]
    line.ok(*(named + command if place == "before" else command + named))
    verb = ["do", "1", "note", "hello"]
    line.ok(*(named + verb if place == "before" else verb + named))
    records = line.ok("log", "1", "--json", "--database", other).json
    assert {one["actor"]["as"] for one in records} == {"kim"}
    assert not line.database.exists()
    assert line.run("show", "1", "--database", " ").code == 2


def test_a_text_that_looks_like_an_option_is_a_text_behind_two_dashes(line: Line) -> None:
    line.start()
    line.ok("do", "1", "note", "--", "--as root")
    line.ok("do", "1", "step-skip", "2", "--reason=--as root is what it says")
    last: list[dict[str, Any]] = line.ok("log", "1", "--json").json[-2:]
    assert last[0]["data"] == {"text": "--as root"}
    assert last[1]["data"]["reason"] == "--as root is what it says"


def test_the_console_script_does_the_same(line: Line) -> None:
    plan = line.write("plan.md", BY_HAND)
    assert line.script("start", plan, "--json").json["id"] == 1
    result = line.script("do", "1", "problem-add", "5xx", "--json")
    assert json.loads(result.out)["created"] == "P1"
    assert line.script("do", "1", "step-done", "9").code == 2
    assert line.script("do", "1", "step-done", "2").code == 3


def test_a_database_named_from_where_one_stands_runs_its_steps_too(line: Line) -> None:
    """The supervisor works in another folder, and finds its attempt all the same."""
    line.patch.chdir(line.place)
    line.patch.setenv("BACKOUT_DATABASE", "near.sqlite")
    line.decided()
    result = line.ok("do", "1", "step-run", "2", "--yes", "--wait")
    assert "step 2 is done" in result.out
    assert (line.place / "near.sqlite").exists()


def test_somebody_who_is_no_contact_is_possible_and_remarked(line: Line) -> None:
    line.decided()
    done = line.ok("do", "1", "problem-assign", "P1", "relase manger")
    assert "relase manger is no contact of the plan. Near: release manager." in done.err
    assert "(no contact of the plan)" in done.out
    assert line.ok("log", "1", "--json").json[-1]["data"]["no_contact"] is True
    assert "is no contact" in line.ok("do", "1", "call-log", "bob", "reached").err
    assert "is no contact" in line.ok("do", "1", "problem-add", "ledger lag", "--assign", "bob").err
    for contact in ("release manager", "Release Manager"):
        assert line.ok("do", "1", "problem-assign", "P1", contact).err == ""
    assert "no_contact" not in line.ok("log", "1", "--json").json[-1]["data"]
    assert line.ok("show", "1", "--json").json["problems"][0]["assignee"] == "Release Manager"


def test_every_kind_of_problem_of_the_process_can_be_said(line: Line) -> None:
    line.start()
    kinds = ["fault", "corruption", "inoperable", "side-effect", "customer", "judged-unfit"]
    for kind in kinds:
        line.ok("do", "1", "problem-add", f"it is {kind}", "--kind", kind)
    assert [one["kind"] for one in line.ok("show", "1", "--json").json["problems"]] == kinds
    said = line.ok("report", "1").out
    assert all(
        words in said for words in ("side effect on another system", "unhappy customer", "judged unfit for service")
    )
