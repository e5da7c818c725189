"""Closed sets are closed: every member has its row in every table, and one without a row is named before it can act."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Literal, get_args, get_origin

import msgspec
import pytest

from backout_tui.domain.backout import choices, states
from backout_tui.domain.backout.choices import Outcome
from backout_tui.domain.backout.fold import APPLY
from backout_tui.domain.backout.folding.fold_steps import with_step
from backout_tui.domain.backout.payloads.kinds import ATTEMPTS, ENDINGS, PAYLOADS, EventKind
from backout_tui.domain.backout.states import STEP, StepStatus
from backout_tui.domain.plan import plan_record
from backout_tui.reports.log_words import SENTENCES, about, sentence
from tests import scenes
from tests.story import Story

OF_PLANS = {kind for kind in EventKind if kind.startswith(("Plan", "Item", "Deviations"))}
TABLES: Mapping[type[StrEnum], Mapping[Any, object]] = {
    states.StepStatus: states.STEP,
    states.AttemptStatus: states.ATTEMPT,
    states.RecipientStatus: states.RECIPIENT,
    states.MessageStatus: states.MESSAGE,
    choices.CallResult: choices.CALL,
    choices.DeviationKind: choices.DEVIATION,
}


def filled(kind: Any) -> Any:
    """The least that a field of that type can hold: payloads are made of it, whatever kinds are added."""
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return next(iter(kind)).value
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return least(kind)
    if get_args(kind) and get_origin(kind) not in (list, tuple, dict):
        inner = get_args(kind)[0]
        return [] if "Sequence" in str(get_origin(kind)) else filled(inner)
    return {str: "x", int: 1, bool: True}.get(kind, [])


def least(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """What has to be there in a value of that kind, as a record has it."""
    needed = [one for one in msgspec.structs.fields(kind) if one.required]
    return {one.encode_name: filled(one.type) for one in needed}


def test_every_kind_of_event_says_what_it_holds_and_what_it_does() -> None:
    assert set(PAYLOADS) == set(EventKind)
    assert set(APPLY) == set(EventKind) - OF_PLANS
    assert set(SENTENCES) == set(APPLY)
    assert set(plan_record.APPLY) | set(plan_record.HOW) == OF_PLANS


@pytest.mark.parametrize("kind", [kind for kind in EventKind if kind not in OF_PLANS])
def test_every_kind_of_event_is_said_in_words_from_the_least_that_it_holds(kind: EventKind) -> None:
    """Which also proves that its sentence reads the very type that its row declares."""
    event = Story().tell(kind, **least(PAYLOADS[kind]))
    assert event.payload is not None
    assert sentence(event)
    assert "{" not in sentence(event)
    assert about(event) is not None


def test_what_is_claimed_has_all_its_endings() -> None:
    assert len(ENDINGS) == 3 * len(ATTEMPTS)
    assert ENDINGS | set(ATTEMPTS) | {one.declared for one in ATTEMPTS.values()} <= set(APPLY)


@pytest.mark.parametrize(("members", "table"), TABLES.items(), ids=[kind.__name__ for kind in TABLES])
def test_every_member_has_its_row_and_no_other(members: type[StrEnum], table: Mapping[Any, object]) -> None:
    assert list(table) == list(members)


def test_every_property_of_a_choice_answers_for_every_member() -> None:
    assert [one.value for one in Outcome if not one.backs_out] == ["fixed-forward", "stood-down"]
    assert len({one.usual for one in choices.DecisionKind}) == len(choices.DecisionKind)


def test_a_state_of_a_step_is_either_settled_or_can_go_on() -> None:
    """One that is neither would leave a step that nobody can do anything about."""
    for state, row in STEP.items():
        assert row.settled or row.can_be_left_out or row.can_be_probed, state
        assert not (row.settled and row.can_be_probed), state
        assert row.begun or not row.tried, state
    assert sorted(row.rank for row in STEP.values()) == list(range(1, len(StepStatus) + 1))


@pytest.mark.parametrize("state", StepStatus)
@pytest.mark.parametrize("other", StepStatus)
def test_a_group_is_folded_whatever_its_parts_are(state: StepStatus, other: StepStatus) -> None:
    backout = scenes.step_running().backout
    group = next(step.number for step in backout.steps.values() if step.kind == "group")
    parts = [step.number for step in backout.steps.values() if step.parent == group]
    for number in parts:
        backout = with_step(backout, number, state=other)
    backout = with_step(backout, parts[0], state=state)
    assert backout.steps[group].state is min(state, other, key=lambda one: STEP[one].rank)


ADDED = """
import importlib.util, pathlib, sys, types
name, enum = sys.argv[1:]
source = pathlib.Path(importlib.util.find_spec(name).origin).read_text()
head, body = source.split(f"class {enum}(", 1)
docstring, members = body.split("\\n\\n", 1)
patched = f"{head}class {enum}({docstring}\\n\\n    BY_HAND = 'by hand'\\n{members}"
module = sys.modules[name] = types.ModuleType(name)
try:
    exec(compile(patched, name, "exec"), module.__dict__)
except AssertionError as error:
    print(error)
"""


@pytest.mark.parametrize("enum", TABLES, ids=lambda enum: enum.__name__)
def test_a_member_that_is_added_without_its_row_cannot_be_imported_and_is_named(enum: type[StrEnum]) -> None:
    command = [sys.executable, "-c", ADDED, enum.__module__, enum.__name__]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    assert f"{enum.__name__}.BY_HAND" in said.stdout
