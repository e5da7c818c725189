"""The brief: what somebody who takes the controls has to know."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backout_tui.domain.backout.prerequisites import StartedWithout, as_ticked
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.codec import rfc3339
from backout_tui.domain.text import clean_line
from backout_tui.domain.values import replace
from backout_tui.planfile.reading.reader import read_plan
from backout_tui.reports import markdown
from backout_tui.reports.brief import brief
from backout_tui.reports.show_words import lines as show_lines
from tests import night, scenes
from tests.scenes import SCENES, Scene
from tests.story import KIM, Story, at


def said(story: Story, minute: float) -> dict[str, list[str]]:
    """The brief's lines by their labels."""
    found: dict[str, list[str]] = {}
    label = ""
    for line in brief(story.backout, at(minute), width=500):
        label = line[:11].strip() or label
        found.setdefault(label, []).append(line[11:])
    return found


def test_a_night_in_the_middle() -> None:
    told = said(night.at_step_four(), 12.5)
    assert told["Release"] == ["payments-api 4.12.0 → 4.11.3 · production · LIVE"]
    assert told["State"] == ["backing out; 3 of 10 steps settled, 0 of 3 checks passed"]
    assert told["In doubt"] == told["Failed"] == ["nothing"]
    assert told["Running"] == ["step 4 Roll the deployment back, since 03:12 UTC, 0:30 of 5 min, at worst 8 min"]
    assert told["Next"] == ["wait for step 4 (0:30 of ~5:00)"]
    (clock,) = told["Clock"]
    for words in (
        "03:26 if we go now",
        "window closes 03:50",
        "23 min spare",
        "next is step 5: no way back",
        "times are UTC",
    ):
        assert words in clock
    assert told["Decision"] == ["back-out by release manager at 03:07 UTC: errors above 2 % for ten minutes"]
    assert told["Problems"][1] == "P2 ledger lag (major): assigned to nobody"
    assert told["Told"][0] == "“Started”: release manager, payments lead, ledger team"
    assert told["Told"][1] == "by phone: release manager"
    assert told["Deviations"] == ["1 from the plan; 1 thin reason"]
    assert told["Controls"] == ["sam since 03:00 UTC"]
    assert told["Log head"] == [night.at_step_four().backout.head]


def test_what_is_late_failed_in_doubt_or_not_told_is_said() -> None:
    assert said(night.at_step_four(), 22)["Running"][0].endswith("LATE")
    failed = said(night.failed(), 15)
    assert failed["Failed"] == ["step 4 Roll the deployment back: exit 1"]
    assert failed["Running"] == ["nothing"]
    told = said(night.told(), 44)
    assert told["In doubt"] == ["“Ledger” to ledger team"]
    assert told["Not told"] == ["“Ledger”: in doubt: ledger team", "“Batch is late”: payments lead"]
    assert told["Calls due"] == ["ledger team at 04:00 UTC (no-answer)"]
    assert said(night.told(), 61)["Calls due"] == ["ledger team at 04:00 UTC: DUE (no-answer)"]
    assert "NO WAY BACK: step 5 was begun" in told["Clock"][0]


def test_a_check_and_a_message_under_way_are_running_too() -> None:
    story = night.at_step_four()
    story.tell("CheckStarted", 13, check="A", attempt=1, command="true", shell="sh")
    story.tell(
        "MessageSending", 13, message="M2", attempt=1, recipients=[{"name": "ledger team"}], subject="s", text="t"
    )
    assert said(story, 14)["Running"][1:] == ["check A is running", "“Ledger” is being sent"]


def test_nothing_at_all_is_said_as_nothing() -> None:
    told = said(night.opened(), 1)
    assert told["Decision"] == ["none yet"]
    assert told["Problems"] == ["none is logged"]
    assert told["Told"] == ["nobody"]
    assert told["Calls due"] == ["none"]


def test_a_window_that_will_not_do_is_said() -> None:
    assert "too late" in said(night.at_step_four(), 45)["Clock"][0]


def test_broken_glass_an_unnamed_decider_and_the_verdict_are_not_left_out() -> None:
    glass = scenes.glass_broken()
    lines = "\n".join(brief(glass.backout, glass.now, width=500))
    assert "the glass was broken: run step 2" in lines
    assert "by kim (not the named authoriser)" in lines
    closed = scenes.closed()
    assert "verdict: backed-out, by sam" in "\n".join(brief(closed.backout, closed.now))
    assert "REHEARSAL" in brief(scenes.rehearsal().backout, scenes.rehearsal().now)[0]


def test_who_asks_for_the_controls_and_who_was_given_them_is_said() -> None:
    story = night.at_step_four()
    story.tell("ControlsAsked", 13, actor=KIM, session="4b1d", why="you are tired")
    assert said(story, 14)["Controls"] == ["sam since 03:00 UTC", "kim asked for them at 03:13 UTC: you are tired"]
    story.tell("ControlsHandedOver", 14, to="")
    assert said(story, 15)["Controls"] == ["sam gave them to whoever comes at 03:14 UTC"]


def test_a_long_line_goes_on_behind_its_label() -> None:
    lines = brief(night.at_step_four().backout, at(12.5))
    assert max(map(len, lines)) <= 71
    at_line = next(index for index, line in enumerate(lines) if line.startswith("Decision"))
    assert lines[at_line + 1].startswith(" " * 11 + "for ten minutes")


def test_people_are_named_and_their_addresses_are_not() -> None:
    story = night.at_step_four()
    again = rfc3339(at(20))
    story.tell(
        "CallLogged",
        13,
        call="C9",
        name="payments lead",
        result="no-answer",
        note="try payments-lead@example.org",
        follow_up=again,
    )
    assert "@" not in "\n".join(brief(story.backout, at(14)))


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
def test_every_line_of_every_scene_is_one_inert_line(scene: Callable[[], Scene]) -> None:
    found = scene()
    for line in brief(found.backout, found.now):
        assert line == clean_line(line)


def test_what_the_plan_says_for_judgement_stands_in_it() -> None:
    plan = read_plan(
        "# web 2.0\n- affects: ledger (desk), mail\n- change: CHG-7\n\nRead the wiki.\n\n## When to back out\n- 5xx\n"
        "## When the release is a success\n- calm\n## Before you start\n- the VPN is up\n- the freeze is on\n"
        "## Components\n| component | version | returns to |\n|---|---|---|\n| api | 2.0 | 1.9 |\n"
        "## Risks\n- lost orders\n## After the backout\n- file it\n"
    )
    without = StartedWithout((2,), "the bot is down", "sam", at(3), 4)
    backout = replace(as_ticked(Backout(1, plan=plan), {1: "yes", 2: "no"}), started_without=without)
    lines = "\n".join(brief(backout, at(5)))
    for words in (
        "Change     CHG-7", "Affects    ledger (desk)\n           mail", "Criteria   5xx", "Success if calm",
        "Before     [x] 1. the VPN is up\n           [no] 2. the freeze is on",
        "started without 2, by sam: the bot is down", "Components api 2.0, back to 1.9", "Risks      lost orders",
        "Afterwards file it", "The plan   Read the wiki.",
    ):  # fmt: skip
        assert words in lines
    told = "\n".join(show_lines(backout))
    for words in ("\nAffects\n  ledger (desk)\n  mail\n", "\nBefore you start\n  [x] 1.", "\nRisks\n  lost orders"):
        assert words in told
    report = markdown.report(backout, [])
    for words in (
        "- Affects: ledger (desk); mail", "- Change: CHG-7", "- Risks: lost orders", "- Components: api 2.0",
        "When to back out, by the plan:\n\n- 5xx", "When the release is a success, by the plan:\n\n- calm",
        "After the backout, by the plan:\n\n- file it", "started without 2, by sam: the bot is down",
    ):  # fmt: skip
        assert words in report
