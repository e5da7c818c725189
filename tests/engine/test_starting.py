"""Starting: from a stored plan, from a file, from none; a second one; before it is approved."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest

from backout_tui.domain.backout.events import Draft
from backout_tui.domain.backout.payloads.backout_payloads import Release
from backout_tui.domain.clock import forecast
from backout_tui.engine import listing, plans, starting
from backout_tui.engine.attempts import beginning
from backout_tui.engine.desk import Desk
from backout_tui.engine.operator import Operator
from backout_tui.engine.starting import Start
from backout_tui.engine.verbs import decision_verbs, step_verbs
from backout_tui.errors import BackoutError, Refused
from backout_tui.store.log.verify import verify_log
from tests.engine.desks import BY_HAND, HEAD, PEOPLE, Room, kinds, log_of

SECRETS = HEAD + "## Variables\n- TARGET: blue\n- TOKEN: (secret)\n\n## Steps\n\n### 1. Do it\n"


def stored(room: Room, text: str = BY_HAND, *, approved: bool = True) -> Desk:
    """A desk with plan 1 in its database."""
    path = room.place / "imported.md"
    path.write_text(text, encoding="utf-8")
    desk = room.desk()
    revision = plans.keep(desk, plans.find(desk, str(path)))
    if approved:
        plans.approve(desk, revision, "release manager")
    return desk


def backouts(desk: Desk) -> list[int]:
    """All there are."""
    return sorted(line.id for line in listing.backouts(desk))


def refused(desk: Desk, name: str, **how: object) -> Refused:
    """A start that is refused; no backout comes of it."""
    before = backouts(desk)
    with pytest.raises(Refused) as found:
        starting.start(desk, name, Start(**how))  # type: ignore[arg-type]
    assert backouts(desk) == before
    return found.value


def test_a_backout_of_a_stored_plan_holds_the_whole_plan(room: Room) -> None:
    """The log alone is a complete record; and it is bound to the plan's text."""
    op = starting.start(stored(room), "web 2.0", Start())
    assert kinds(op) == ["BackoutOpened"]
    backout = op.backout
    assert (str(backout.release), backout.release.returns_to, backout.release.environment) == (
        "web 2.0", "1.9", "production",
    )  # fmt: skip
    assert (backout.ref.id, backout.ref.revision, backout.ref.approved) == (1, 1, True)
    assert list(backout.steps) == ["1", "2", "3", "4"]
    assert (backout.mode, backout.cwd, backout.opened_by.name) == ("live", str(room.place), "sam")
    assert verify_log(room.database, "backout:1").ok


def test_a_stored_plan_that_is_not_approved_is_started_by_breaking_the_glass_alone(room: Room) -> None:
    desk = stored(room, BY_HAND + PEOPLE, approved=False)
    no = refused(desk, "1")
    assert ("not approved" in no.reason, no.lifted_by) == (True, "break-glass")
    assert "not approved" in refused(desk, "1", reason="it burns down here").reason
    with pytest.raises(BackoutError, match="reason for breaking the glass"):
        starting.start(desk, "1", Start(break_glass=True))
    assert backouts(desk) == []
    op = starting.start(desk, "1", Start(break_glass=True, reason="nobody answers and it burns"))
    assert kinds(op) == ["BackoutOpened", "GlassBroken", "MessageWritten"]
    assert op.backout.glass[0].what == "start a plan that is not approved"
    (prepared,) = op.backout.messages.values()
    assert (prepared.origin, prepared.to) == ("prepared", ("release manager",))
    assert not op.backout.ref.approved
    assert op.backout.start_reason == "nobody answers and it burns"


def test_glass_that_need_not_be_broken_stays_whole(room: Room) -> None:
    op = starting.start(stored(room), "1", Start(break_glass=True, reason="nobody answers and it burns"))
    assert kinds(op) == ["BackoutOpened"]


def test_a_file_is_stored_started_and_marked_as_not_approved(room: Room) -> None:
    op = room.start()
    assert not op.backout.ref.approved
    assert (op.backout.ref.id, op.backout.ref.revision) == (1, 1)
    assert op.desk.reader.plan_text(1) == BY_HAND


def test_a_file_with_exactly_an_approved_text_is_approved(room: Room) -> None:
    desk = stored(room)
    assert room.start(desk=desk).backout.ref.approved
    other = room.start(BY_HAND + "\n### 5. More\n", desk=desk, reason="a better plan was found")
    assert (other.backout.ref.revision, other.backout.ref.approved) == (2, False)


def test_a_second_open_backout_of_the_same_release_needs_a_reason(room: Room) -> None:
    desk = stored(room)
    starting.start(desk, "1", Start())
    no = refused(desk, "1")
    assert ("Backout 1 of this release is open" in no.reason, no.lifted_by) == (True, "reason")
    revisions = desk.reader.revisions_of(1)
    (room.place / "changed.md").write_text(BY_HAND + "\n### 5. More\n")
    assert "Backout 1" in refused(desk, str(room.place / "changed.md")).reason
    with pytest.raises(Refused, match="Backout 1"):
        starting.start_without_plan(desk, "web 2.0", "1.9", "production", Start())
    assert desk.reader.revisions_of(1) == revisions
    second = starting.start(desk, "1", Start(reason="the first one is of yesterday"))
    assert (second.backout.id, second.backout.start_reason) == (2, "the first one is of yesterday")


def test_another_release_another_environment_and_a_rehearsal_are_no_second_one(room: Room) -> None:
    desk = stored(room)
    starting.start(desk, "1", Start())
    room.start(BY_HAND.replace("web 2.0", "web 3.0"), desk=desk)
    room.start(BY_HAND.replace("production", "staging"), desk=desk)
    rehearsal = starting.start(desk, "1", Start(rehearsal=True))
    assert rehearsal.backout.mode == "rehearsal"
    assert "Backout 4" in refused(desk, "1", rehearsal=True).reason


def test_after_the_first_is_closed_the_next_one_is_no_second_until_it_is_reopened(room: Room) -> None:
    desk = stored(room)
    first = starting.start(desk, "1", Start())
    decision_verbs.close(first, outcome="stood-down", reason="nothing was wrong after all")
    second = starting.start(desk, "1", Start())
    decision_verbs.close(second, outcome="stood-down", reason="nothing was wrong after all")
    decision_verbs.reopen(first, "it came back")
    assert "Backout 1" in refused(desk, "1").reason


def test_what_another_backout_left_behind_does_not_hold_up_the_start(room: Room) -> None:
    """Asked inside the transaction, where nothing can be settled."""
    op = room.decided(HEAD + "## Steps\n\n### 1. Say it\n\n```sh\necho\n```\n")
    intent = "ab" * 16
    _, lock = beginning.make_attempt(op.desk.database, intent, {"log": op.log_id, "after": 0})
    op.append(lambda _: [Draft("StepStarted", {"step": "1", "attempt": 1, "command": "x"}, event_id=intent)])
    os.close(lock)
    desk = stored(room, BY_HAND.replace("web 2.0", "web 3.0"))
    assert starting.start(desk, "web 3.0", Start()).backout.id == 2


def test_two_starts_at_once_open_one(room: Room) -> None:
    """The second asks again in its transaction, after it saw none."""
    desk, other = stored(room), room.desk("kim")
    plan = plans.find(other, "1")
    starting.start(desk, "1", Start())
    assert plan.revision is not None
    with pytest.raises(Refused, match="Backout 1"):
        starting._open(other, plan.revision, plan.plan, Start())


def test_without_a_plan_steps_are_added_as_they_are_done(room: Room) -> None:
    op = starting.start_without_plan(room.desk(), " web 2.0 ", "1.9", " production ", Start())
    assert op.backout.release == Release("web", "2.0", "1.9", "production")
    assert not op.backout.ref.approved
    assert list(op.backout.steps) == []
    step_verbs.add(op, "Scale the old replica set")
    assert op.backout.deviations == ()
    assert verify_log(room.database, "backout:1").ok
    assert log_of(op)[0].data["plan"]["id"] == 1


@pytest.mark.parametrize("release", ["web 2.0 & <more> `x` #1", "a\nb 1", "web\x1b[31m 2", "- release: x 1", "web"])
def test_a_strange_release_is_kept_as_well_as_a_line_can(room: Room, release: str) -> None:
    op = starting.start_without_plan(room.desk(), release, "1.9", "", Start())
    assert op.backout.release.name
    assert verify_log(room.database, "backout:1").ok


@pytest.mark.parametrize(("release", "returns_to"), [(" ", "1"), ("web 2.0", " ")])
def test_without_a_plan_the_release_and_where_it_goes_have_to_be_said(
    room: Room, release: str, returns_to: str
) -> None:
    with pytest.raises(BackoutError, match="is missing"):
        starting.start_without_plan(room.desk(), release, returns_to, "", Start())
    assert not room.database.exists()


def test_variables_are_set_at_the_start_and_a_secret_is_not(room: Room) -> None:
    desk = stored(room, SECRETS)
    for wrong, words in (
        ({"TOKEN": "hunter2"}, "TOKEN is a secret"),
        ({"A B": "x"}, "not a valid name for a variable"),
    ):
        with pytest.raises(BackoutError, match=words) as told:
            starting.start(desk, "1", Start(variables=wrong))
        assert "hunter2" not in str(told.value)
    assert backouts(desk) == []
    op = starting.start(desk, "1", Start(variables={"TARGET": "green", "MORE": "x=y"}))
    assert op.backout.variables == {"TARGET": "green", "MORE": "x=y"}


def test_the_time_of_the_deployment_closes_the_window(room: Room) -> None:
    text = BY_HAND.replace("- proxy:", "- window: 2h after deploy\n- proxy:")
    at = datetime(2026, 11, 22, 1, 50, tzinfo=UTC)
    op = room.start(text, deployed_at=at)
    assert forecast.window_closes(op.backout) == at + timedelta(hours=2)
    assert Operator.open(op.desk, 1).backout == op.backout
