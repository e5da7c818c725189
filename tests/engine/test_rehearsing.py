"""A rehearsal in another environment: what says so really runs, nothing else does, and the plan counts it."""

from __future__ import annotations

import pytest

from backout_tui.domain.backout.states import StepStatus
from backout_tui.engine import listing, plans, starting
from backout_tui.engine.operator import Operator
from backout_tui.engine.planning import foldback, rehearsals
from backout_tui.engine.planning.checking import check
from backout_tui.engine.starting import Start
from backout_tui.engine.verbs import check_verbs, decision_verbs, problem_verbs, run_verbs
from backout_tui.errors import Refused
from backout_tui.reports.markdown import report
from tests.engine.desks import HEAD, Room, kinds, settled

TEXT = (
    HEAD
    + """
## Variables
- WHERE: blue

## Steps

### 1. Look
- rehearse: run

```sh
echo "in $WHERE" | tee looked
```

### 2. Undo
- rehearse: touch dry

```sh
touch wet
```

Expect: `undone`

### 3. Restore

```sh
touch restored
```
"""
)


def opened(room: Room, **how: object) -> Operator:
    """A rehearsal of the plan, stored and approved, with the decision to back out."""
    path = room.place / "plan.md"
    path.write_text(TEXT, encoding="utf-8")
    desk = room.desk()
    plans.approve(desk, plans.keep(desk, plans.find(desk, str(path))), "release manager")
    op = starting.start(desk, "1", Start(rehearsal=True, **how))  # type: ignore[arg-type]
    problem_verbs.log(op, "5xx everywhere")
    decision_verbs.decide(op, by="release manager", reason="we try it out")
    return op


def through(op: Operator) -> None:
    """Every step, and the close."""
    for number in ("1", "2", "3"):
        run_verbs.run(op, number)
        settled(op)
    decision_verbs.verdict(op, "backed-out")
    decision_verbs.close(op, reason="a rehearsal leaves things open")


def there(room: Room) -> set[str]:
    """What the commands left behind."""
    return {name for name in ("looked", "dry", "wet", "restored") if (room.place / name).exists()}


def test_elsewhere_a_step_really_runs_another_by_its_rehearsal_command_and_the_rest_is_shown(room: Room) -> None:
    op = opened(room, rehearsed_in="staging", variables={"WHERE": "green"})
    shown = run_verbs.preview(op, "2")
    assert (shown.command, shown.expects, shown.runs) == ("touch dry", (), True)
    assert not run_verbs.preview(op, "3").runs
    through(op)
    assert there(room) == {"looked", "dry"}
    assert (room.place / "looked").read_text() == "in green\n"
    assert {step.state for step in op.backout.leaves} == {StepStatus.DONE}, "the undo prints not what it would for real"
    assert kinds(op).count("StepStarted") == 2
    assert kinds(op).count("StepShown") == 1


def test_without_another_environment_nothing_runs(room: Room) -> None:
    through(opened(room))
    assert there(room) == set()


def test_the_plans_own_environment_is_refused_before_anything_is_opened(room: Room) -> None:
    with pytest.raises(Refused, match="own environment"):
        opened(room, rehearsed_in="Production")
    assert listing.backouts(room.desk()) == ()


def test_a_rehearsal_that_was_closed_answers_the_ninth_question_until_its_steps_change(room: Room) -> None:
    op = opened(room, rehearsed_in="staging")
    desk = op.desk
    assert not rehearsals.asked(desk, plans.find(desk, "1"))[8].answered
    through(op)
    (line,) = listing.plan_lines(desk)
    assert "Q9" in line.answered_ids
    answer = rehearsals.asked(desk, plans.find(desk, "1"))[8].answer
    assert "passed in" in answer
    assert "rehearsal 1 in staging: 2 run, 1 shown" in answer
    (room.place / "plan.md").write_text(TEXT.replace("touch restored", "touch -c restored"), encoding="utf-8")
    plans.keep(desk, plans.find(desk, str(room.place / "plan.md")))
    found = plans.find(desk, "1")
    assert not rehearsals.asked(desk, found)[8].answered, "what is stale answers nothing"
    (stale,) = (one for one in check(desk, found).findings if one.rule == "stale-rehearsal")
    assert "command 3" in stale.message


def test_what_it_printed_and_how_long_it_took_is_offered(room: Room) -> None:
    op = opened(room, rehearsed_in="staging")
    through(op)
    (offer,) = rehearsals.offers(op.desk, op.backout)
    assert (offer.number, offer.estimate, offer.expect) == ("1", "5 s", "in blue")


def test_what_it_observed_is_folded_back_into_the_plan_once_and_each_of_it_is_to_be_confirmed(room: Room) -> None:
    op = opened(room, rehearsed_in="staging")
    with pytest.raises(Refused, match="nothing to fold back"):
        foldback.fold_back(op.desk, 1)
    through(op)
    assert "what rehearsal 1 observed" in str(foldback.undealt_of(op.desk, 1))
    made = foldback.fold_back(op.desk, 1)
    assert [item.label for item in made.items] == ["step 1", "command 1"]
    found = plans.find(op.desk, "1")
    step = next(found.plan.every_step())
    assert (step.fact("estimate"), step.expected) == ("5 s", ("`in blue`",))
    assert found.plan.rehearsals is not None
    assert found.plan.rehearsals.items[0].startswith(f"{op.backout.opened_at:%Y-%m-%d}: passed in")
    assert {item.label for item in found.unconfirmed} == {"step 1", "command 1"}
    assert not found.approved
    with pytest.raises(Refused, match="already folded back"):
        foldback.fold_back(op.desk, 1)


def test_what_it_observed_can_be_dismissed(room: Room) -> None:
    op = opened(room, rehearsed_in="staging")
    through(op)
    foldback.dismiss(op.desk, 1, "the machine was much faster there")
    with pytest.raises(Refused, match="already dismissed"):
        foldback.undealt_of(op.desk, 1)


def test_a_step_that_the_plan_has_no_longer_is_left_out_and_named(room: Room) -> None:
    op = opened(room, rehearsed_in="staging")
    through(op)
    (room.place / "plan.md").write_text(TEXT.replace("### 1. Look", "### 1. Look elsewhere"), encoding="utf-8")
    plans.keep(op.desk, plans.find(op.desk, str(room.place / "plan.md")))
    with pytest.raises(Refused, match=r"step 1: the plan has no such step"):
        foldback.fold_back(op.desk, 1)


def test_a_rehearsal_in_which_nothing_ran_is_shown_and_nothing_in_it_passed(room: Room) -> None:
    op = opened(room)
    through(op)
    answer = rehearsals.asked(op.desk, plans.find(op.desk, "1"))[8].answer
    assert "shown, nothing was run" in answer
    assert "3 shown" in answer
    assert not any(word in answer for word in ("passed", "tested"))
    text = report(op.refresh(), op.desk.reader.events_after("backout:1", 0))
    assert "The plan was shown, not tested." in text
    assert "- Steps: none was run, 3 only shown;" in text
    assert "passed" not in text


def test_a_check_that_a_rehearsal_went_through_did_not_pass(room: Room) -> None:
    path = room.place / "checked.md"
    path.write_text(f"{TEXT}\n## Verification\n\n### A. It answers\n\n```sh\ntrue\n```\n", encoding="utf-8")
    desk = room.desk()
    plans.approve(desk, plans.keep(desk, plans.find(desk, str(path))), "release manager")
    op = starting.start(desk, "1", Start(rehearsal=True))
    check_verbs.run(op, "A")
    text = report(op.refresh(), desk.reader.events_after("backout:1", 0))
    assert "nothing was verified, a rehearsal runs no check; 1 of 1 were gone through" in text
    assert "**gone through**" in text
    assert "**pass**" not in text


def test_what_is_folded_back_from_a_rehearsal_does_not_make_it_stale_and_the_next_change_does(room: Room) -> None:
    op = opened(room, rehearsed_in="staging")
    through(op)
    made = foldback.fold_back(op.desk, 1)
    desk, found = op.desk, plans.find(op.desk, "1")
    assert rehearsals.asked(desk, found)[8].answered
    text = made.revision.text.replace("touch restored", "touch -c restored")
    (room.place / "plan.md").write_text(text, encoding="utf-8")
    plans.keep(desk, plans.find(desk, str(room.place / "plan.md")))
    found = plans.find(desk, "1")
    assert not rehearsals.asked(desk, found)[8].answered
    assert [one.rule for one in check(desk, found).findings if one.rule == "stale-rehearsal"]
