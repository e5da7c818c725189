"""How a step is gone through in a rehearsal, what it observed, and how long that counts."""

from __future__ import annotations

from typing import Any

import pytest

from backout_tui.domain.backout.rehearsing import way_of, words
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.experience.rehearsed import Offer, items_taught, offers, rehearsal_of, taught
from backout_tui.domain.plan.plan import Part, Plan, Section, Step
from backout_tui.domain.rules import gates, plan_gates
from backout_tui.domain.values import replace
from tests.sample_plan import expect, facts, fence
from tests.story import Story

STEPS = (
    Step("1", "Look", facts(rehearse="run", estimate="10 s"), (fence("look"), expect("`seen`"))),
    Step("2", "Roll back", facts(rehearse="undo --dry-run", estimate="2-4 min"), (fence("undo"), expect("`undone`"))),
    Step("3", "Restore", facts(estimate="4 min"), (fence("restore"),)),
    Step("4", "Freeze"),
    Step("5", "Warm", facts(rehearse="run"), (fence("warm --eu"), fence("warm --us"))),
    Step("6", "Scale", facts(rehearse="scale --dry"), (fence("scale a"), fence("scale b"))),
    Step("7", "Clean", facts(rehearse="run"), (fence("clean"),)),
)
PLAN = Plan(
    "web 2.0", facts(release="web 2.0", returns_to="1.9", environment="production"), parts=(Part("", "", STEPS),)
)


def opened(**more: Any) -> Story:
    """A rehearsal of the plan; `rehearsed_in` says where."""
    story = Story()
    story.open(PLAN, 0, mode="rehearsal", **more)
    return story


def ways(backout: Backout) -> dict[str, tuple[str, str]]:
    """Each step with a command: how it is gone through, and by which script."""
    found = {step.number: way_of(backout, step) for step in backout.leaves if step.kind == "command"}
    return {number: (way.name, way.script) for number, way in found.items()}


def test_elsewhere_what_says_so_runs_itself_or_its_rehearsal_command() -> None:
    assert ways(opened(rehearsed_in="staging").backout) == {
        "1": ("run", "look"),
        "2": ("instead", "undo --dry-run"),
        "3": ("shown", "restore"),
        "5.1": ("run", "warm --eu"),
        "5.2": ("run", "warm --us"),
        "6.1": ("shown", "scale a"),
        "6.2": ("shown", "scale b"),
        "7": ("run", "clean"),
    }


def test_where_no_other_environment_was_named_everything_is_only_shown() -> None:
    assert {name for name, _ in ways(opened().backout).values()} == {"shown"}


def test_a_live_backout_runs_the_steps_own_commands_whatever_is_rehearsed() -> None:
    story = Story()
    story.open(PLAN, 0)
    assert ways(story.backout)["2"] == ("run", "undo")
    assert words(story.backout) == ""


@pytest.mark.parametrize(
    ("where", "of_plan", "said"),
    [("", "production", ""), ("staging", "production", ""), ("Production", "production", "own environment"),
     ("staging", "", "names no environment")],
)  # fmt: skip
def test_nothing_runs_in_a_rehearsal_where_the_release_itself_is(where: str, of_plan: str, said: str) -> None:
    refusal = plan_gates.why_not_rehearse_in(where, of_plan)
    assert (refusal is None) == (not said)
    assert said in (refusal.words if refusal else "")


def test_what_is_shown_needs_no_value_and_what_runs_does() -> None:
    elsewhere, shown = opened(rehearsed_in="staging").backout, opened().backout
    lifted = {"reason", "break-glass"}
    assert gates.why_not_run(shown, "1", missing=["TAG"], lifted=lifted) is None
    refusal = gates.why_not_run(elsewhere, "1", missing=["TAG"], lifted=lifted)
    assert refusal is not None
    assert "TAG" in refusal.words


# ── what was observed ─────────────────────────────────────────────────────────────────────────────────────────────


def rehearsed(outcome: str = "backed-out") -> Story:
    """Steps 1, 2 and 7 ran, 3 was shown, step 7 took three minutes."""
    story = opened(rehearsed_in="staging")
    story.run("1", 1, 0.2)
    story.start("2", 2, rehearsed="instead")
    story.finish("2", 3)
    story.tell("StepShown", 4, step="3", attempt=1, command="restore")
    story.run("7", 5, 3)
    story.tell("VerdictGiven", 9, outcome=outcome, reason="")
    story.tell("BackoutClosed", 10, outcome=outcome, reason="")
    return story


def observed(story: Story, printed: str = "12 files\n4 removed\n\n") -> dict[str, Offer]:
    """The offers by step."""
    return {one.number: one for one in offers(story.backout, lambda _: printed)}


def test_a_step_that_ran_as_planned_offers_how_long_it_took_and_its_last_line() -> None:
    found = observed(rehearsed())
    assert found["7"] == Offer("7", "Clean", 180, "3 min", "4 removed")
    assert found["1"] == Offer("1", "Look", 12, "10 s - 15 s", "")  # what it prints, the plan knows
    assert set(found) == {"1", "7"}, "neither what was shown, nor another command than the plan's"


@pytest.mark.parametrize("printed", ["", "\n \n", "x" * 81, "run `it`"])
def test_a_line_that_says_nothing_or_too_much_is_no_expectation(printed: str) -> None:
    assert observed(rehearsed(), printed)["7"].expect == ""


@pytest.mark.parametrize(
    ("planned", "minutes", "offered"),
    [("5 min", 5, ""), ("5-8 min", 7, ""), ("5-8 min", 9, "5 min - 9 min"), ("10-20 min", 2, "2 min - 20 min"),
     ("10 min", 0.01, "5 s - 10 min"), ("1 min", 2.01, "1 min - 3 min")],
)  # fmt: skip
def test_an_estimate_is_offered_where_the_plans_was_wrong(planned: str, minutes: float, offered: str) -> None:
    plan = replace(PLAN, parts=(Part("", "", (replace(STEPS[6], facts=facts(rehearse="run", estimate=planned)),)),))
    story = Story()
    story.open(plan, 0, mode="rehearsal", rehearsed_in="staging")
    story.run("7", 1, minutes)
    assert observed(story)["7"].estimate == offered


def test_a_command_that_was_changed_in_the_night_says_nothing_of_the_plans() -> None:
    story = opened(rehearsed_in="staging")
    story.tell("StepChanged", 1, step="7", command="clean --fast", reason="quicker")
    story.run("7", 2, 3)
    assert observed(story) == {}


def test_the_plan_that_was_taught_says_it_and_only_what_changed_is_to_be_confirmed() -> None:
    story = rehearsed()
    rehearsal = rehearsal_of(story.backout, PLAN)
    after = taught(PLAN, observed(story).values(), rehearsal)
    by_number = {step.number: step for step in after.every_step()}
    assert by_number["7"].fact("estimate") == "3 min"
    assert by_number["7"].expected == ("`4 removed`",)
    assert by_number["1"].fact("estimate") == "10 s - 15 s"
    assert by_number["3"] == STEPS[2]
    assert after.rehearsals is not None
    assert after.rehearsals.items == ("2026-11-22: passed in 10 min (rehearsal 3 in staging: 3 run, 1 shown)",)
    assert {item.label for item in items_taught(PLAN, after)} == {"step 1", "step 7", "command 7"}
    assert taught(after, [], rehearsal) == after, "the same rehearsal is not told twice"


def test_a_rehearsal_counts_for_what_still_says_the_same() -> None:
    story = rehearsed()
    whole = rehearsal_of(story.backout, PLAN)
    assert whole is not None
    assert whole.counts
    assert whole.expired == ()
    changed = replace(PLAN, parts=(Part("", "", (*STEPS[:6], replace(STEPS[6], blocks=(fence("clean -a"),)))),))
    later = rehearsal_of(story.backout, changed)
    assert later is not None
    assert later.expired == ("command 7",)
    assert str(later).endswith("changed since: command 7")
    anew = replace(PLAN, parts=(Part("", "", (Step("1", "All else"),)),))
    gone = rehearsal_of(story.backout, anew)
    assert gone is not None
    assert not gone.counts, "nothing of what was tried is in the plan any more"


def test_a_rehearsal_that_failed_is_told_and_does_not_count() -> None:
    failed = rehearsal_of(rehearsed("failed").backout, PLAN)
    assert failed is not None
    assert not failed.counts
    assert "2026-11-22: failed in" in str(failed)


def test_neither_a_live_backout_nor_one_that_goes_on_is_a_rehearsal_that_was_held() -> None:
    assert rehearsal_of(opened().backout, PLAN) is None
    live = Story()
    live.open(PLAN, 0)
    live.tell("BackoutClosed", 1, outcome="partly", reason="")
    assert rehearsal_of(live.backout, PLAN) is None


def test_a_section_that_says_something_else_keeps_it() -> None:
    plan = replace(PLAN, rehearsals=Section("Rehearsals", "- 2026-11-01: passed\n", ("2026-11-01: passed",)))
    after = taught(plan, (), rehearsal_of(rehearsed().backout, plan))
    assert after.rehearsals is not None
    assert after.rehearsals.items[0] == "2026-11-01: passed"
    assert len(after.rehearsals.items) == 2
