"""Problems: logged at once, changed, assigned, resolved."""

from __future__ import annotations

import pytest

from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import problem_verbs
from backout_tui.errors import BackoutError
from tests.engine.desks import kinds, nothing_written


def test_a_title_is_enough_and_it_is_a_critical_fault_seen_after(op: Operator) -> None:
    receipt = problem_verbs.log(op, "  5xx on /charge ")
    assert receipt.created == "P1"
    assert receipt.event is not None
    assert receipt.event.kind == "ProblemLogged"
    (problem,) = receipt.backout.problems
    assert (problem.id, problem.title, problem.severity, problem.kind, problem.seen) == (
        "P1", "5xx on /charge", "critical", "fault", "after",
    )  # fmt: skip
    assert (problem.status, problem.assignee, problem.by) == ("open", "", "sam")


def test_the_first_write_takes_the_controls_silently_and_the_second_goes_under_them(op: Operator) -> None:
    problem_verbs.log(op, "one")
    problem_verbs.log(op, "two")
    assert kinds(op) == ["BackoutOpened", "ControlsTaken", "ProblemLogged", "ProblemLogged"]
    assert [event.lease for event in op.events()] == [0, 1, 1, 1]
    assert [one.id for one in op.backout.problems] == ["P1", "P2"]


def test_all_that_is_known_of_a_problem_is_kept(op: Operator) -> None:
    problem_verbs.log(
        op, "late", severity="minor", kind="judged-unfit", seen="during", detail="since 2", assign=" kim ", output="ab"
    )
    (problem,) = op.backout.problems
    assert (problem.severity, problem.kind, problem.seen) == ("minor", "judged-unfit", "during")
    assert (problem.detail, problem.assignee, problem.output) == ("since 2", "kim", "ab")


@pytest.mark.parametrize("wrong", [{"severity": "bad"}, {"kind": "ugly"}, {"seen": "never"}, {"title": "  "}])
def test_a_problem_that_cannot_be_is_not_logged(op: Operator, wrong: dict[str, str]) -> None:
    given = {"title": "5xx", **wrong}
    with nothing_written(op), pytest.raises(BackoutError):
        problem_verbs.log(op, **given)


def test_a_problem_is_changed_assigned_and_resolved_whatever_case_its_id_is_typed_in(op: Operator) -> None:
    problem_verbs.log(op, "5xx")
    problem_verbs.change(op, "p1", title=" 5xx on /charge ", severity="major", detail="since 02:10", assignee="")
    problem_verbs.assign(op, "P1 ", " payments lead ")
    backout = problem_verbs.resolve(op, "p1", " gone ").backout
    (problem,) = backout.problems
    assert (problem.title, problem.severity, problem.detail) == ("5xx on /charge", "major", "since 02:10")
    assert (problem.assignee, problem.status, problem.note) == ("payments lead", "resolved", "gone")


@pytest.mark.parametrize("wrong", [{"severity": "bad"}, {"title": " "}, {"colour": "red"}, {}])
def test_a_change_that_cannot_be_is_not_recorded(op: Operator, wrong: dict[str, str]) -> None:
    problem_verbs.log(op, "5xx")
    with nothing_written(op), pytest.raises(BackoutError):
        problem_verbs.change(op, "P1", **wrong)


def test_an_unknown_problem_is_told_with_those_there_are(op: Operator) -> None:
    with nothing_written(op), pytest.raises(BackoutError, match="There is no problem yet"):
        problem_verbs.resolve(op, "P1")
    problem_verbs.log(op, "5xx")
    with nothing_written(op), pytest.raises(BackoutError, match=r"no problem P9.*There are: P1"):
        problem_verbs.assign(op, "P9", "kim")
    with nothing_written(op), pytest.raises(BackoutError, match="name is missing"):
        problem_verbs.assign(op, "P1", " ")
