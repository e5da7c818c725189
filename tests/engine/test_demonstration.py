"""The demo: the shipped sample, driven from its first step to the log, exactly as the plan means it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib import resources
from pathlib import Path

import pytest

from backout_tui.domain.backout.prerequisites import prerequisites
from backout_tui.domain.backout.state import Phase
from backout_tui.domain.backout.states import StepStatus
from backout_tui.domain.checking.check import check_plan
from backout_tui.domain.clock import forecast
from backout_tui.domain.plan.readiness import questions
from backout_tui.domain.rules.outstanding import left_open
from backout_tui.domain.values import replace
from backout_tui.engine import demonstration, listing, plans
from backout_tui.engine.desk import Desk
from backout_tui.engine.operator import Operator
from backout_tui.engine.planning import reviewing
from backout_tui.engine.planning.history import History
from backout_tui.engine.verbs import (
    check_verbs,
    decision_verbs,
    message_verbs,
    prerequisite_verbs,
    problem_verbs,
    run_verbs,
    step_verbs,
)
from backout_tui.errors import BackoutError
from backout_tui.store.log.verify import verify_log
from tests.engine.desks import Room, attempts_on_disk, kinds, settled

SAMPLE = resources.files("backout_tui").joinpath("sample", "payments-api.md").read_text(encoding="utf-8")
HURRIED = re.sub(r"sleep \d", ":", SAMPLE)  # the pauses are for those who watch


@contextmanager
def the_demo(room: Room, sample: str = SAMPLE) -> Iterator[Operator]:
    """The demo's backout, in a folder below the room; its desk is closed at the end."""
    op = demonstration.opened(room.desk(), room.place / "demo", sample)
    with closing(op.desk):
        yield op


@pytest.fixture
def op(room: Room) -> Iterator[Operator]:
    """The demo as it is shipped."""
    with the_demo(room) as found:
        yield found


@pytest.fixture
def hurried(room: Room) -> Iterator[Operator]:
    """The demo without its pauses."""
    with the_demo(room, HURRIED) as found:
        yield found


def test_the_sample_answers_every_question_and_is_approved(room: Room, op: Operator) -> None:
    assert all(question.answered for question in questions(op.backout.plan))
    assert [one for one in check_plan(op.backout.plan) if one.severity == "error"] == []
    assert op.backout.ref.approved
    assert op.backout.sends_mail is False
    closes = forecast.window_closes(op.backout)
    assert closes is not None
    assert 45 * 60 < (closes - op.desk.clock.now()).total_seconds() <= 50 * 60
    assert len({contact.zone for contact in op.backout.plan.contacts}) >= 3
    assert not room.database.exists(), "the demo has a database of its own"


def test_every_step_of_the_sample_ends_as_its_plan_means_it(hurried: Operator) -> None:
    """Step 5 fails and is run again; 7 wants its number typed, 8 is tried three times; the mail is shown, not sent."""
    op = hurried
    problem_verbs.log(op, "5xx on /charge", assign="payments lead")
    decision_verbs.decide(op, by="release manager", reason="errors above 2 % for five minutes", agreed="by phone")
    assert message_verbs.send(op, "Started").backout.messages["M1"].state == "shown"
    for one in prerequisites(op.backout):
        prerequisite_verbs.answer(op, one.number, "yes")
    step_verbs.done(op, "1")
    for number in ("2", "3", "4"):
        assert run(op, number) is StepStatus.DONE, number
    assert "successfully rolled out" in output(op, "4")
    assert run(op, "5") is StepStatus.FAILED
    assert "cache.lock" in output(op, "5")
    assert run(op, "5") is StepStatus.DONE
    assert run(op, "6.1") is StepStatus.DONE
    assert run(op, "6.2") is StepStatus.DONE
    assert op.backout.steps["6"].state is StepStatus.DONE
    assert run_verbs.preview(op, "7").type_number
    assert [one.number for one in op.backout.leaves if one.no_way_back is not None] == ["7"]
    assert run(op, "7") is StepStatus.DONE
    assert run(op, "8") is StepStatus.DONE
    assert op.backout.steps["8"].attempts[-1].tries == 3
    step_verbs.done(op, "9")
    step_verbs.done(op, "10")
    assert op.backout.phase is Phase.VERIFYING
    check_verbs.run_all(op)
    settled(op)
    check_verbs.record(op, "C", "pass", "ten of ten agree")
    decision_verbs.verdict(op, "backed-out")
    message_verbs.send(op, "Finished")
    assert left_open(op.backout) == ()
    assert decision_verbs.close(op).backout.phase is Phase.CLOSED
    assert op.backout.deviations == ()
    assert attempts_on_disk(op) == []
    assert kinds(op).count("MessageShown") == 2
    assert verify_log(op.desk.database, "backout:1").ok


def test_its_commands_stay_in_its_folder(room: Room, op: Operator) -> None:
    """Whatever they write lies below the demo's own site."""
    assert Path(op.backout.cwd) == room.place / "demo" / "site"
    for step in op.backout.leaves:
        assert not re.search(r"""(^|[\s>"'])(/|~|\.\.)""", step.command), step.number


def run(op: Operator, number: str) -> StepStatus:
    """Run it to its end."""
    run_verbs.run(op, number)
    return settled(op).steps[number].state


def output(op: Operator, number: str) -> str:
    """What it printed last."""
    attempt = op.backout.steps[number].attempt
    assert attempt is not None
    return op.output(attempt).text.decode()


def test_beside_the_backout_there_are_plans_to_look_at(room: Room, op: Operator) -> None:
    """The release before, rehearsed; and the next one's, copied from tonight's and half reviewed."""
    with closing(replace(op.desk)) as desk:
        _look_at_other_plans(room, desk)


def _look_at_other_plans(room: Room, desk: Desk) -> None:
    demonstration.add_other_plans(desk, room.place / "demo", SAMPLE)
    assert [(line.name, line.version, line.approved) for line in listing.plan_lines(desk)] == [
        ("payments-api", "4.13.0", False),
        ("payments-api", "4.11.3", True),
        ("payments-api", "4.12.0", True),
    ]
    assert [(line.mode, line.outcome) for line in listing.backouts(desk)] == [("live", ""), ("rehearsal", "backed-out")]
    copy = plans.find(desk, "3")
    history, item = History(desk, copy), reviewing.item_named(copy, "step 5")
    run = history.last_run(item)
    assert run is not None
    assert "the cache is empty in the rehearsal" in str(run)
    assert [one.release for one in history.earlier(item)] == ["payments-api 4.12.0", "payments-api 4.11.3"]
    assert verify_log(desk.database, "plan:3").ok


def test_a_demo_that_cannot_begin_leaves_nothing_open(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opened the database closes it, also when nobody gets what it was opened for."""
    closed: list[Path] = []
    monkeypatch.setattr(Desk, "close", lambda desk: closed.append(desk.database))
    (room.place / "demo" / "demo.sqlite").mkdir(parents=True)
    with pytest.raises(BackoutError):
        demonstration.opened(room.desk(), room.place / "demo", SAMPLE)
    assert closed == [room.place / "demo" / "demo.sqlite"]
