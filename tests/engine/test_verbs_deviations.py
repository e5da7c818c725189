"""What stands beside a deviation's reason: who agreed, and which problem it is for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import note_verbs, problem_verbs, run_verbs, step_verbs
from backout_tui.engine.verbs.beside import Beside
from backout_tui.errors import BackoutError
from tests.engine.desks import Room, log_of, nothing_written
from tests.engine.test_verbs_steps import GROUPED

KIM = Beside(" kim ", "p1")
Verb = Callable[[Operator, Beside], object]
VERBS: dict[str, Verb] = {
    "skipped": lambda op, beside: step_verbs.skip(op, "2", "it is not open", beside=beside),
    "worked_around": lambda op, beside: step_verbs.work_around(op, "2", "told them by hand", beside=beside),
    "not_needed": lambda op, beside: step_verbs.not_needed(op, "2", "they know of it", beside=beside),
    "changed": lambda op, beside: step_verbs.change(
        op, "2", title="Call the desk", reason="no mail there", beside=beside
    ),
    "added": lambda op, beside: step_verbs.add(op, "Tell ops", reason="they asked for it", beside=beside),
    "moved": lambda op, beside: step_verbs.move(op, "4", "1", "they wait for it", beside),
    "reordered": lambda op, beside: step_verbs.done(op, "2", reason="hurry is needed now", beside=beside),
}


@pytest.mark.parametrize("kind", VERBS)
def test_a_deviation_says_who_agreed_and_which_problem_it_is_for(kind: str, room: Room) -> None:
    op = room.decided()
    VERBS[kind](op, KIM)
    (one,) = op.backout.deviations
    assert (one.kind, one.agreed, one.problem, one.by) == (kind, "kim", "P1", "sam")
    assert {"agreed": "kim", "problem": "P1"}.items() <= log_of(op)[-1].data.items()


@pytest.mark.parametrize("kind", VERBS)
def test_a_problem_that_is_not_there_is_told_and_nothing_is_recorded(kind: str, room: Room) -> None:
    op = room.decided()
    with nothing_written(op), pytest.raises(BackoutError, match="no problem P7"):
        VERBS[kind](op, Beside(problem="P7"))


def test_a_reason_that_stands_alone_leaves_no_empty_entries(decided: Operator) -> None:
    step_verbs.skip(decided, "2", "it is not open")
    assert set(log_of(decided)[-1].data) == {"step", "reason"}


def test_a_reason_is_completed_in_the_deviation_beside_the_first(decided: Operator) -> None:
    seq = step_verbs.skip(decided, "2", "closed").backout.seq
    note_verbs.complete_reason(decided, seq, "the desk opens at six")
    (one,) = decided.backout.deviations
    assert (one.reason, one.first, decided.backout.steps["2"].reason) == (
        "the desk opens at six",
        "closed",
        "the desk opens at six",
    )


def test_what_runs_is_shown_against_the_plans_command_once_it_was_changed(room: Room) -> None:
    op = room.decided(GROUPED)
    assert run_verbs.preview(op, "2.1").changed == ()
    step_verbs.change(op, "2.1", command="echo one\necho more", reason="one is not enough")
    step_verbs.change(op, "1", command="echo ready", reason="there is a script now")
    assert run_verbs.preview(op, "2.1").changed == ("  echo one", "+ echo more")
    assert run_verbs.preview(op, "1").changed == (), "the plan has no command there"


def test_the_choice_of_a_way_says_it_too(room: Room) -> None:
    text = "# Backout plan: web 2.0\n\n- release: web 2.0\n\n## Steps\n\n### Option A: one\n\n#### A1. x\n\n"
    op = room.start(text + "### Option B: two\n\n#### B1. y\n")
    problem_verbs.log(op, "5xx everywhere")
    step_verbs.choose_option(op, "B", "A takes far too long", KIM)
    (one,) = op.backout.deviations
    assert (one.kind, one.agreed, one.problem) == ("option", "kim", "P1")
