"""Plans found by words, and the nearest ones for a release, with how they went."""

from __future__ import annotations

from backout_tui.domain.plan.nearness import AFFECTS_IT, SAME_SERVICE, SAME_TEAM, SIMILAR_SERVICE, THIS_RELEASE
from backout_tui.domain.plan.plan_line import Run, how_it_went
from backout_tui.engine import plans
from backout_tui.engine.planning.nearest import NEAREST, nearest
from backout_tui.engine.planning.searching import search
from backout_tui.engine.verbs import decision_verbs, problem_verbs
from backout_tui.store.log.rows import PlanRevision
from tests.engine.desks import BY_HAND, Room

NAMELESS = "# Backout plan: the old mainframe\n\nTelephone Günter.\n"


def store(room: Room, release: str, *, team: str = "", affects: str = "", text: str = BY_HAND) -> PlanRevision:
    facts = f"- release: {release}\n" + (f"- team: {team}\n" if team else "") + affects
    desk = room.desk()
    text = text.replace("- release: web 2.0\n", facts).replace("plan: web 2.0", f"plan: {release}")
    (room.place / "p.md").write_text(text, encoding="utf-8")
    return plans.keep(desk, plans.find(desk, str(room.place / "p.md")))


def found(room: Room, *words: str, **wanted: str) -> list[int]:
    return [head.id for head in search(room.desk(), words, **wanted)]


def test_every_word_has_to_occur_somewhere_whatever_its_case(room: Room) -> None:
    store(room, "ledger 1.0", team="Payments")
    store(room, "web 2.0")
    store(room, "", text=NAMELESS)
    assert found(room) == [3, 2, 1]
    assert found(room, "PRODUCTION") == [2, 1]
    assert found(room, "ledger", "freeze") == [1]
    assert found(room, "payments", "1.0", "restore") == [1]
    assert found(room, "mainframe", "GÜNTER") == [3]
    assert found(room, "ledger", "2.0") == []


def test_a_service_and_a_team_are_whole_names_and_a_word_is_a_part(room: Room) -> None:
    store(room, "payments-api 1.0", team="payments")
    store(room, "payments-web 1.0", team="web")
    assert found(room, service="Payments-API") == [1]
    assert found(room, service="payments") == []
    assert found(room, team="PAYMENTS") == [1]
    assert found(room, "payments") == [2, 1]
    assert found(room, "payments", team="web") == [2]


def test_without_a_database_nothing_is_found_and_none_is_made(room: Room) -> None:
    assert found(room, "web") == []
    assert nearest(room.desk(), "web", "2.0") == ()
    assert not room.database.exists()


def test_only_the_newest_revision_is_searched(room: Room) -> None:
    store(room, "web 2.0")
    store(room, "web 2.0", text=BY_HAND.replace("Restore", "Rebuild"))
    assert found(room, "restore") == []
    assert found(room, "rebuild") == [1]


def test_the_nearest_plans_for_a_release_each_with_its_reason(room: Room) -> None:
    store(room, "mailer 1.0", affects="- affects: web (its outbox)\n")
    store(room, "weather 1.0", affects="- affects: webshop\n")
    store(room, "web_admin 1.0")
    store(room, "search 1.0", team="front")
    store(room, "web 1.0", team="front")
    store(room, "web 2.0", team="front")
    near = nearest(room.desk(), "web", "2.0", environment="production")
    assert [(one.line.id, one.reason) for one in near] == [
        (6, THIS_RELEASE), (5, SAME_SERVICE), (4, SAME_TEAM), (3, SIMILAR_SERVICE), (1, AFFECTS_IT),
    ]  # fmt: skip
    assert {one.line.answers for one in near} == {"··3·5····"}
    assert [one.line.id for one in nearest(room.desk(), "web", "2.0", among={5, 3})] == [5, 3]


def test_a_plan_that_answers_nothing_is_offered_for_its_own_release_alone(room: Room) -> None:
    store(room, "", text="# Backout plan: web 1.0\n\n- release: web 1.0\n")
    assert nearest(room.desk(), "web", "2.0") == ()
    (own,) = nearest(room.desk(), "web", "1.0")
    assert own.reason == THIS_RELEASE


def test_no_more_are_offered_than_somebody_looks_at(room: Room) -> None:
    for number in range(NEAREST + 2):
        store(room, f"web 1.{number}")
    near = nearest(room.desk(), "web")
    assert [one.line.version for one in near] == [f"1.{number}" for number in reversed(range(2, NEAREST + 2))]


def test_a_near_plan_says_how_it_went_the_newest_backout_first(room: Room) -> None:
    rehearsed = room.start(rehearsal=True)
    decision_verbs.close(rehearsed, outcome="partly", reason="the exercise was broken off")
    backout = room.decided()
    decision_verbs.close(backout, outcome="failed", reason="restored by hand in the end")
    room.start(BY_HAND.replace("web 2.0", "web 3.0"))
    runs = {one.line.version: one.runs for one in nearest(room.desk(), "web", "4.0")}
    assert runs == {"2.0": (Run(2, "live", "failed"), Run(1, "rehearsal", "partly")), "3.0": (Run(3, "live", ""),)}
    decision_verbs.reopen(backout, "it came back")
    (_, near) = nearest(room.desk(), "web", "4.0")
    assert near.runs[0] == Run(2, "live", "")


def test_of_plans_that_are_near_for_one_reason_what_was_really_run_comes_first_the_better_the_earlier(
    room: Room,
) -> None:
    outcomes = {"2.0": "", "2.1": "failed", "2.2": "backed-out", "2.3": "", "2.4": "stood-down"}
    for version, outcome in outcomes.items():
        op = room.start(BY_HAND.replace("web 2.0", f"web {version}"))
        if outcome:
            problem_verbs.log(op, "5xx everywhere")
            decision_verbs.decide(op, by="release manager", reason="errors above two percent")
            decision_verbs.close(op, outcome=outcome, reason="it is enough for this test")
    near = nearest(room.desk(), "web", "4.0")
    assert [one.line.version for one in near] == ["2.2", "2.1", "2.4", "2.3", "2.0"]
    assert [how_it_went(one.runs).words for one in near] == ["backed out", "failed", *["never run"] * 3]
