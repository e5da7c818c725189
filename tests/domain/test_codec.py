"""Frozen values to JSON and back."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backout_tui.domain.backout.items import Observation, StepState
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import StepStatus
from backout_tui.domain.codec import decode, encode, parse_time, rfc3339
from backout_tui.domain.plan.plan import Block, Check, Contact, Fact, Message, Part, Plan, Section, Step, Variable
from tests.scenes import SCENES, Scene

WORDS = st.text(max_size=12)
FACTS = st.builds(Fact, WORDS, WORDS).map(lambda fact: (fact,)) | st.just(())
BLOCKS = st.lists(st.builds(Block, st.sampled_from(("text", "fence", "expect")), WORDS, WORDS), max_size=3).map(tuple)
LEAVES = st.builds(Step, WORDS, WORDS, FACTS, BLOCKS)
STEPS = st.builds(Step, WORDS, WORDS, FACTS, BLOCKS, st.lists(LEAVES, max_size=2).map(tuple))
SECTIONS = st.none() | st.builds(Section, WORDS, WORDS, st.lists(WORDS, max_size=2).map(tuple))
PLANS = st.builds(
    Plan,
    WORDS,
    FACTS,
    when=SECTIONS,
    variables=st.lists(st.builds(Variable, WORDS, WORDS), max_size=2).map(tuple),
    parts=st.lists(st.builds(Part, WORDS, WORDS, st.lists(STEPS, max_size=3).map(tuple)), max_size=2).map(tuple),
    checks=st.lists(st.builds(Check, WORDS, WORDS, FACTS, BLOCKS), max_size=2).map(tuple),
    messages=st.lists(st.builds(Message, WORDS, WORDS.map(lambda w: (Fact("to", w),)), WORDS), max_size=2).map(tuple),
    contacts=st.lists(st.builds(Contact, WORDS, groups=st.tuples(WORDS)), max_size=2).map(tuple),
    others=SECTIONS.map(lambda section: (section,) if section else ()),
)


@given(PLANS)
def test_every_plan_survives_the_log(plan: Plan) -> None:
    """The first event carries the whole plan, through JSON text."""
    written = json.dumps(encode(plan))
    assert decode(Plan, json.loads(written)) == plan


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
def test_every_state_survives_being_kept(scene: Callable[[], Scene]) -> None:
    backout = scene().backout
    assert decode(Backout, json.loads(json.dumps(encode(backout)))) == backout


def test_line_numbers_are_kept_although_they_do_not_count_in_comparisons() -> None:
    step = decode(Step, encode(Step("1", "freeze", line=12, line_end=18)))
    assert (step.line, step.line_end) == (12, 18)


def test_nothing_a_record_holds_is_a_float() -> None:
    def floats(value: Any) -> bool:
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        return isinstance(value, float) or any(floats(one) for one in inner)

    assert not any(floats(encode(scene().backout)) for scene in SCENES.values())


def test_what_holds_its_default_is_left_out_and_comes_back() -> None:
    step = StepState("4", "roll back", state=StepStatus.FAILED)
    assert encode(step) == {"number": "4", "title": "roll back", "state": "failed"}
    assert decode(StepState, encode(step)) == step


def test_a_field_of_a_newer_program_is_passed_over() -> None:
    read = decode(
        Observation, {"verdict": "pass", "note": "", "by": "sam", "at": "2026-11-22T03:00:00Z", "mood": "calm"}
    )
    assert read.verdict == "pass"


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2999, 1, 1)), st.integers(-14, 14))  # noqa: DTZ001 - hypothesis wants naive bounds
def test_a_moment_is_written_in_utc_to_the_microsecond(moment: datetime, hours: int) -> None:
    aware = moment.replace(tzinfo=timezone(timedelta(hours=hours)))
    written = rfc3339(aware)
    assert written.endswith("Z")
    assert parse_time(written) == aware
    assert parse_time(written).tzinfo is UTC


@pytest.mark.parametrize("text", ["2026-11-22T03:00:00", "2026-11-22", "tonight", ""])
def test_a_time_without_a_zone_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"zone|no time"):
        parse_time(text)
