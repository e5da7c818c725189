"""The list: open ones first, each with where it stands; plans with what they answer."""

from __future__ import annotations

import pytest

from backout_tui.domain.backout.events import Draft, Event
from backout_tui.domain.backout.payloads.backout_payloads import Release
from backout_tui.engine import listing, plans, starting
from backout_tui.engine.desk import Desk
from backout_tui.engine.planning import copying, reviewing
from backout_tui.engine.starting import Start
from backout_tui.engine.verbs import decision_verbs, note_verbs, step_verbs
from tests.engine.desks import BY_HAND, Room
from tests.hands import by_hand


def test_without_a_database_there_is_nothing_and_none_is_made(room: Room) -> None:
    desk = room.desk()
    assert not listing.backouts(desk)
    assert not list(listing.plan_lines(desk))
    assert not listing.plan_heads(desk)
    assert not listing.open_backouts(desk)
    assert listing.open_of(desk, Release("web", "2.0"), "live") is None
    assert not room.database.exists()


def test_open_ones_stand_first_and_then_the_newest(room: Room) -> None:
    for version in ("1", "2", "3"):
        op = room.start(BY_HAND.replace("web 2.0", f"web {version}"))
        if version != "2":
            decision_verbs.close(op, outcome="stood-down", reason="nothing was wrong after all")
    room.start(BY_HAND.replace("web 2.0", "web 4"), rehearsal=True)
    lines = listing.backouts(room.desk())
    assert [(line.id, line.release, line.phase, line.outcome) for line in lines] == [
        (4, "web 4", "identifying", ""),
        (2, "web 2", "identifying", ""),
        (3, "web 3", "closed", "stood-down"),
        (1, "web 1", "closed", "stood-down"),
    ]
    assert [line.mode for line in lines] == ["rehearsal", "live", "live", "live"]
    assert {line.returns_to for line in lines} == {"1.9"}
    assert {line.operator for line in lines} == {"sam"}
    assert listing.open_backouts(room.desk()) == (4, 2)


def test_a_line_tells_the_phase_and_who_has_the_controls(room: Room) -> None:
    op = room.decided()
    op.close()
    note_verbs.add(room.other(op, "kim"), "I go on")
    (line,) = listing.backouts(room.desk())
    assert (line.phase, line.operator, line.outcome) == ("backing_out", "kim", "")


def test_a_verdict_is_an_outcome_only_once_it_is_closed_and_not_when_it_is_reopened(room: Room) -> None:
    op = room.decided()
    decision_verbs.verdict(op, "partly")
    assert listing.backouts(room.desk())[0].outcome == ""
    decision_verbs.close(op, reason="the rest is done in the morning")
    assert listing.backouts(room.desk())[0].outcome == "partly"
    decision_verbs.reopen(op, "it came back")
    assert (listing.backouts(room.desk())[0].phase, listing.backouts(room.desk())[0].outcome) == ("backing_out", "")


def test_a_backout_with_events_behind_its_closing_is_still_closed(room: Room) -> None:
    """A later program writes reviews there."""
    op = room.decided()
    decision_verbs.close(op, outcome="failed", reason="the snapshot is restored by hand")
    op.append_without_controls(lambda _: [Draft("ReviewSigned", {"by": "kim"})])
    (line,) = listing.backouts(room.desk())
    assert (line.phase, line.outcome) == ("closed", "failed")
    assert listing.open_backouts(room.desk()) == ()


def test_plans_are_listed_newest_first_by_their_newest_revision(room: Room) -> None:
    desk = room.desk()
    for text in (BY_HAND, BY_HAND.replace("web 2.0", "web 3.0"), BY_HAND + "\n### 5. More\n"):
        (room.place / "p.md").write_text(text)
        plans.keep(desk, plans.find(desk, str(room.place / "p.md")))
    plans.approve(desk, desk.reader.revisions_of(2)[-1], "release manager")
    lines = list(listing.plan_lines(desk))
    assert [(line.id, line.name, line.version, line.revision, line.approved) for line in lines] == [
        (2, "web", "3.0", 1, True),
        (1, "web", "2.0", 2, False),
    ]
    assert [line.answered_ids for line in lines] == [("Q3", "Q5")] * 2
    assert [line.answers for line in lines] == ["··3·5····"] * 2
    assert [(head.id, head.release, head.revision) for head in listing.plan_heads(desk)] == [
        (2, "web 3.0@production", 1),
        (1, "web 2.0@production", 2),
    ]


def test_a_copied_plan_counts_what_is_to_be_confirmed(room: Room) -> None:
    desk = room.desk()
    (room.place / "p.md").write_text(BY_HAND)
    found = plans.find(desk, str(room.place / "p.md"))
    copy = copying.copy(desk, found, "web 2.1", returns_to="2.0")
    (line,) = listing.plan_lines(desk)
    assert (line.state, line.unconfirmed) == ("9 to confirm", 9)
    reviewing.confirm_unchanged(desk, plans.stored(desk, copy), "kim")
    (line,) = listing.plan_lines(desk)
    assert line.state == "not approved"


def test_a_damaged_backout_is_a_line_that_says_so_and_hides_no_other(room: Room) -> None:
    op = room.decided()
    room.start(BY_HAND.replace("web 2.0", "web 3.0"))
    step_verbs.done(op, "1")
    room.close()
    with by_hand(room.database) as forger:
        forger.execute("DROP TRIGGER event_no_update")
        forger.execute("UPDATE event SET record = x'00' WHERE log_id = 'backout:1' AND seq = 2")
    other, damaged = listing.backouts(room.desk())
    assert (other.id, other.damaged) == (2, "")
    assert (damaged.phase, damaged.release) == ("damaged", "web 2.0")
    assert damaged.damaged.startswith("damaged at event 2 of backout 1: ")


def watched(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int | None]]:
    """Which logs are read from now on, and how much of each."""
    asked: list[tuple[str, int | None]] = []
    real = desk.reader.events_after

    def events_after(log: str, seq: int, limit: int | None = None) -> list[Event]:
        asked.append((log, limit))
        return real(log, seq, limit)

    monkeypatch.setattr(desk.reader, "events_after", events_after)
    return asked


def test_starting_looks_only_at_what_the_state_tables_name(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of that the first event: a closed one, and an open one of another release, cost nothing."""
    op = room.start()
    decision_verbs.close(op, outcome="stood-down", reason="nothing was wrong after all")
    room.start(BY_HAND.replace("web 2.0", "web 3.0"))
    room.start(BY_HAND.replace("web 2.0", "web 4.0"))
    desk = room.desk()
    asked = watched(desk, monkeypatch)
    assert listing.open_of(desk, Release("web", "3.0", "", "production"), "live") == 2
    assert listing.open_of(desk, Release("web", "3.0", "", "production"), "rehearsal") is None
    assert asked == [("backout:2", 1)]
    starting.start(desk, "web 2.0", Start(break_glass=True, reason="it was never approved"))


def test_the_list_reads_no_log_of_a_closed_backout(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    for version in ("1", "2", "3"):
        op = room.start(BY_HAND.replace("web 2.0", f"web {version}"))
        decision_verbs.close(op, outcome="stood-down", reason="nothing was wrong after all")
    desk = room.desk()
    asked = watched(desk, monkeypatch)
    assert [line.release for line in listing.backouts(desk)] == ["web 3", "web 2", "web 1"]
    assert asked == []


def test_the_newest_are_listed_and_the_open_ones_before_them(room: Room) -> None:
    for version in ("1", "2", "3", "4", "5"):
        op = room.start(BY_HAND.replace("web 2.0", f"web {version}"))
        if version not in ("1", "2"):
            decision_verbs.close(op, outcome="stood-down", reason="nothing was wrong after all")
    desk = room.desk()
    found = listing.listed(desk, 3)
    assert ([line.id for line in found.lines], found.more, found.more_open) == ([2, 1, 5], 2, 0)
    found = listing.listed(desk, 1)
    assert ([line.id for line in found.lines], found.more, found.more_open) == ([2], 4, 1)
    found = listing.listed(desk, None)
    assert (len(found.lines), found.more, found.more_open) == (5, 0, 0)


FORGED = {
    "open ones are said to be closed": "UPDATE backout SET state = 'closed', outcome = 'partly' WHERE id = 2",
    "closed ones are said to be open": "UPDATE backout SET state = 'deciding', outcome = NULL",
    "another release": "UPDATE backout SET release_name = 'mail', log_head = '1:ab'",
    "rows are gone": "DELETE FROM backout",
    "a row too many": "INSERT INTO backout SELECT 9, mode, state, outcome, release_name, release_version, returns_to,"
    " environment, plan_id, plan_revision, plan_sha256, plan_approved, opened_at, opened_by, deployed_at, closed_at,"
    " closed_by, operator, log_events, log_head FROM backout WHERE id = 1",
    "a time that is none": "UPDATE backout SET opened_at = 'yesterday'",
    "a table is gone": "DROP TABLE backout",
    "a column is gone": "ALTER TABLE backout DROP COLUMN outcome",
}


@pytest.mark.parametrize("forged", FORGED)
def test_the_list_says_what_the_logs_say_whatever_the_state_tables_do(room: Room, forged: str) -> None:
    op = room.start()
    decision_verbs.close(op, outcome="stood-down", reason="nothing was wrong after all")
    room.start(BY_HAND.replace("web 2.0", "web 3.0"))
    truth = listing.backouts(room.desk())
    room.close()
    with by_hand(room.database) as forger:
        forger.execute(FORGED[forged])
    assert listing.backouts(room.desk()) == truth
    assert [(line.id, line.phase) for line in truth] == [(2, "identifying"), (1, "closed")]
    if "said to be closed" not in forged:
        assert listing.open_backouts(room.desk()) == (2,), "what opens is what the log says is open"
