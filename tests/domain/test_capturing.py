"""What is captured, by which step, and what of it is no value."""

from __future__ import annotations

import pytest

from backout_tui.domain.backout.capturing import captured_by, last_line, why_no_value, why_not_captured
from backout_tui.domain.backout.states import StepStatus
from backout_tui.domain.plan.plan import Part, Plan, Step, Variable
from tests.sample_plan import facts
from tests.way_scenes import begun, captured


def plan(*variables: Variable, **said: str) -> Plan:
    """One step that says so."""
    return Plan(variables=variables, parts=(Part("", "", (Step("1", "Find it", facts(**said)),)),))


def test_a_value_stands_from_the_steps_end_on() -> None:
    assert "IMAGE" not in begun().backout.variables
    backout = captured().backout
    assert backout.variables["IMAGE"] == "payments:4.11.3"
    assert backout.steps["1"].attempts[0].captured == ("IMAGE", "payments:4.11.3")


def test_what_a_person_resolved_stands_against_a_late_value() -> None:
    story = begun()
    attempt = story.start("1", 3)
    story.tell("StepInDoubt", 4, step="1", intent=attempt.event_id, attempt=1, why="nobody knows")
    story.resolve("1", 5, "failed", "the registry was down")
    story.finish("1", 6, captured={"name": "IMAGE", "value": "payments:4.11.3"})
    assert story.backout.steps["1"].state is StepStatus.FAILED
    assert "IMAGE" not in story.backout.variables


def test_a_later_capture_takes_the_place_of_what_was_set() -> None:
    story = begun()
    story.tell("VariableSet", 3, name="IMAGE", value="guessed", reason="")
    story.run("1", 4, 0.1, captured={"name": "IMAGE", "value": "known"})
    assert story.backout.variables["IMAGE"] == "known"


@pytest.mark.parametrize("name", ["", "a b", "1A", "A-B", "Ä", "A=B", "A\n B"])
def test_a_name_that_no_shell_takes_captures_nothing(name: str) -> None:
    one = plan(capture=name)
    (step,) = one.top_steps()
    assert "not a valid name for a variable" in why_not_captured(one, step)


def test_a_secret_is_not_captured() -> None:
    one = plan(Variable("TOKEN", flag="secret"), capture="TOKEN")
    (step,) = one.top_steps()
    assert "TOKEN is a secret" in why_not_captured(one, step)
    assert why_not_captured(plan(), next(plan().top_steps())) == ""


def test_who_captures_is_said_by_the_step_or_by_the_variable() -> None:
    assert captured_by(plan(capture="$POD")) == {"POD": "1"}
    assert captured_by(plan(Variable("POD", flag="captured by 7"))) == {"POD": "7"}
    assert captured_by(plan(Variable("POD", "x"))) == {}


@pytest.mark.parametrize(
    ("text", "line"), [("", ""), ("\n \n", ""), ("one\ntwo\n\n", "two"), ("  a b  ", "a b"), ("a\n\t b\t\n", "b")]
)
def test_the_last_line_that_is_not_blank(text: str, line: str) -> None:
    assert last_line(text) == line


@pytest.mark.parametrize(
    ("value", "masked", "why"),
    [
        ("x", False, ""),
        ("", False, "printed nothing"),
        ("x", True, "a secret"),
        ("é" * 2048, False, ""),
        ("é" * 2049, False, "4098 bytes"),
    ],
)
def test_what_is_no_value(value: str, *, masked: bool, why: str) -> None:
    found = why_no_value("POD", value, masked=masked)
    assert why in found
    assert bool(found) == bool(why)
