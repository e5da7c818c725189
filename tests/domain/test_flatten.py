"""From the plan's items to the backout's."""

from __future__ import annotations

from backout_tui.domain.backout.flatten import checks_of, messages_of, steps_of
from backout_tui.domain.backout.items import StepState
from backout_tui.domain.plan.plan import Check, Message, Part, Plan, Step
from backout_tui.domain.spans import Estimate
from tests.sample_plan import OPTIONS, PLAN, expect, facts, fence, text


def flat(*steps: Step, kind: str = "", name: str = "") -> dict[str, StepState]:
    """The steps of a plan with one part."""
    return steps_of(Plan(parts=(Part(kind, name, steps),)))


def test_a_step_with_a_fence_is_a_command_and_one_without_is_manual() -> None:
    steps = steps_of(PLAN)
    assert {number: step.kind for number, step in steps.items() if number in ("1", "2", "6")} == {
        "1": "manual",
        "2": "command",
        "6": "group",
    }
    rolled_back = steps["4"]
    assert (rolled_back.language, rolled_back.timeout_s) == ("sh", 600)
    assert rolled_back.expects == ("`successfully rolled out`",)
    assert rolled_back.estimate == Estimate(300, 480)
    assert steps["1"].instruction.startswith("Set the freeze")


def test_a_language_that_is_not_run_is_shown_as_instruction() -> None:
    step = flat(Step("1", "look", (), (text("Compare:"), fence("SELECT 1\nFROM x", "sql"))))["1"]
    assert (step.kind, step.command) == ("manual", "")
    assert step.instruction == "Compare:\n\n    SELECT 1\n    FROM x"


def test_several_fences_in_one_step_are_its_sub_steps() -> None:
    steps = flat(
        Step(
            "4",
            "roll back",
            facts(owner="sam", estimate="5 min"),
            (
                text("First the api."),
                fence("undo api"),
                expect("`ok`"),
                fence("# the rest\nundo web", "bash timeout=90"),
                text("Done."),
            ),
        )
    )
    assert [(number, step.kind, step.title, step.parent) for number, step in steps.items()] == [
        ("4", "group", "roll back", ""),
        ("4.1", "command", "First the api", "4"),
        ("4.2", "command", "undo web", "4"),
    ]
    assert (steps["4.1"].expects, steps["4.2"].expects, steps["4"].expects) == (("`ok`",), (), ())
    assert (steps["4.2"].language, steps["4.2"].timeout_s) == ("bash", 90)
    assert steps["4.1"].fact("owner") == "sam"
    assert (steps["4"].estimate, steps["4.1"].estimate) == (Estimate(300, 300), None)


def test_fences_beside_written_sub_steps_take_the_numbers_that_are_free() -> None:
    children = (Step("4.1", "by hand"),)
    steps = flat(Step("4", "roll back", (), (fence("undo api"),), children))
    assert list(steps) == ["4", "4.2", "4.1"]


def test_sub_steps_take_over_what_their_group_says_unless_they_say_otherwise() -> None:
    group = facts(owner="sam", before_the_decision="", point_of_no_return="the schema", required="", estimate="5 min")
    children = (Step("4.1", "a"), Step("4.2", "b", facts(owner="kim", optional="")))
    steps = flat(Step("4", "roll back", group, (), children))
    first, second = steps["4.1"], steps["4.2"]
    assert (first.fact("owner"), first.no_way_back, first.says("required")) == ("sam", "the schema", True)
    assert first.says("before the decision")
    assert (second.fact("owner"), second.says("required"), second.estimate) == ("kim", False, None)


def test_what_a_group_waits_for_its_first_sub_step_waits_for() -> None:
    """Else it would wait for the step before the group, whatever the plan says."""
    fenced = Step("4", "roll back", facts(waits_for="2"), (fence("undo api"), fence("undo web")))
    written = Step("5", "tell", facts(waits_for="3"), (), (Step("5.1", "a"), Step("5.2", "b")))
    steps = flat(fenced, written)
    waiting = {number: step.fact("waits for") for number, step in steps.items() if step.parent}
    assert waiting == {"4.1": "2", "4.2": None, "5.1": "3", "5.2": None}


def test_options_and_phases_are_kept_with_every_step_of_theirs() -> None:
    steps = steps_of(OPTIONS)
    assert {number: (step.option, step.phase) for number, step in steps.items()} == {
        "1": ("", ""),
        "A1": ("A: roll back", ""),
        "A2": ("A: roll back", ""),
        "A2.1": ("A: roll back", ""),
        "A2.2": ("A: roll back", ""),
        "B1": ("B: by hand", ""),
        "2": ("", "Afterwards"),
    }


def test_a_check_keeps_its_kind_its_moment_and_its_commands() -> None:
    checks = checks_of(
        Plan(
            checks=(
                Check("A", "errors", facts(when="Before", optional=""), (fence("one"), fence("two"), expect("/ok/"))),
                Check("B", "latency", (), (fence("GET http://x.example", "http"),)),
                Check("C", "amounts", (), (text("Ten charges."),)),
            )
        )
    )
    first = checks["A"]
    assert (first.kind, first.when, first.required, first.command) == ("command", "before", False, "one\ntwo")
    assert first.expects == ("/ok/",)
    assert (checks["B"].kind, checks["B"].command) == ("http", "")
    assert (checks["C"].kind, checks["C"].required, checks["C"].instruction) == ("manual", True, "Ten charges.")


def test_messages_are_numbered_and_go_by_email_unless_they_say_otherwise() -> None:
    messages = messages_of(Plan(messages=(Message("Started", facts(to="a, b")), Message("Called", facts(by="Phone")))))
    assert [(one.id, one.title, one.by, one.to) for one in messages.values()] == [
        ("M1", "Started", "email", ("a", "b")),
        ("M2", "Called", "phone", ()),
    ]


def test_a_plan_without_steps_has_none() -> None:
    assert steps_of(Plan()) == {}
