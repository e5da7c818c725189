"""The review of a copy: what still speaks of the other release is neither confirmed unseen nor approved."""

from __future__ import annotations

import pytest

from backout_tui.engine import plans, starting
from backout_tui.engine.desk import Desk
from backout_tui.engine.planning import copying, handing_over, reviewing
from backout_tui.engine.planning.checking import check
from backout_tui.engine.planning.silencing import silence
from backout_tui.engine.plans import Found
from backout_tui.engine.starting import Start
from backout_tui.errors import BackoutError, Refused
from backout_tui.store.log.verify import verify_log
from tests.engine.desks import Room

ORDERS = """# Backout plan: orders-api 2.7.0

- release: orders-api 2.7.0
- returns to: 2.6.4
- environment: production
- deployment plan: deploy/orders-2.7.0.md
- window: 2h after deploy
- authoriser: Kim

## When to back out
- slower than 2 s

## Risks
- 2.7.0 writes a new column

## Steps

### 1. Freeze
- estimate: 1 min

Say so. See CHG-4711.

### 2. Undo
- estimate: 5 min

```sh
./undo orders_2_7_0
```

## If the backout fails
Call Kim.

## Communication

### Started
- to: Kim
- by: email

> We are taking orders-api 2.7.0 back to {returns_to}.

## Contacts

| name | role | reach |
|---|---|---|
| Kim | authoriser | email:kim@example.org |
"""
NO_REASON = "the release is known by that name"


def copied(room: Room, text: str = ORDERS, returns_to: str = "2.7.0") -> tuple[Desk, Found]:
    """A copy of that plan for the next release, and the desk."""
    path = room.place / "orders.md"
    path.write_text(text, encoding="utf-8")
    desk = room.desk()
    plans.keep(desk, plans.find(desk, str(path)))
    copying.copy(desk, plans.find(desk, "1"), "orders-api 2.8.0", returns_to=returns_to)
    return desk, plans.find(desk, "2")


def again(desk: Desk) -> Found:
    """The copy as it is now."""
    return plans.find(desk, "2")


def edited(desk: Desk, before: str, after: str) -> Found:
    """The copy with another text stored."""
    found = again(desk)
    assert before in found.text
    text = found.text.replace(before, after)
    reviewing.store_next(desk, reviewing.revision_of(found), text, kind="PlanEdited", data={})
    return again(desk)


def told(desk: Desk, found: Found) -> set[tuple[str, str]]:
    """Rule and item of what the check tells."""
    return {(one.rule, one.item) for one in check(desk, found).findings}


def test_facts_risks_contingency_and_questions_are_items_of_the_review(room: Room) -> None:
    _, found = copied(room)
    assert [item.label for item in found.unconfirmed] == [
        "window", "authoriser", "criterion 1", "section Risks", "step 1", "step 2", "command 2",
        "section If the backout fails", "message Started", "contact Kim", "warning 1", "warning 2",
    ]  # fmt: skip
    assert found.plan.fact("deployment plan") is None, "how the other release was deployed says nothing about this one"


def test_all_unchanged_leaves_what_names_the_other_release_in_any_spelling(room: Room) -> None:
    desk, found = copied(room)
    wanted = reviewing.to_confirm_unchanged(desk, found)
    left = {item.label for item, _ in wanted.left}
    assert left == {"section Risks", "message Started", "command 2", "warning 1", "warning 2"}
    done = reviewing.confirm_unchanged(desk, found, "sam")
    assert done.items == wanted.items
    assert {item.label for item in again(desk).unconfirmed} == left
    with pytest.raises(Refused, match="5 items are not confirmed"):
        plans.approve(desk, reviewing.revision_of(found), "Kim")


def test_a_warning_is_answered_with_yes_and_then_not_told_again_until_its_text_is_another(room: Room) -> None:
    desk, found = copied(room)
    assert ("copied-version", "step 2") in told(desk, found)
    question = next(item for item in found.unconfirmed if "2_7_0" in item.title)
    reviewing.confirm(desk, found, question, "sam")
    found = again(desk)
    assert ("copied-version", "step 2") not in told(desk, found)
    assert "command 2" in {item.label for item in reviewing.to_confirm_unchanged(desk, found).items}
    found = edited(desk, "./undo orders_2_7_0", "./undo orders_2_7_0 --now")
    assert ("copied-version", "step 2") in told(desk, found)
    assert "2_7_0" in " ".join(item.title for item in found.unconfirmed)


def test_a_warning_that_is_answered_with_no_stays_open_until_its_text_is_gone(room: Room) -> None:
    desk, found = copied(room)
    question = next(item for item in found.unconfirmed if "CHG-4711" in item.title)
    reviewing.deny(desk, found, question, "sam")
    found = again(desk)
    said = found.record.answer_to(question)
    assert said is not None
    assert (said.is_right, said.by) == (False, "sam")
    assert question.label in {item.label for item in found.unconfirmed}
    found = edited(desk, "CHG-4711", "CHG-5000")
    assert not [item for item in found.items if item.kind == "warning" and "CHG" in item.title]


def test_an_item_that_somebody_found_wrong_is_not_confirmed_with_the_rest(room: Room) -> None:
    desk, found = copied(room)
    reviewing.deny(desk, found, reviewing.item_named(found, "window"), "sam")
    wanted = reviewing.to_confirm_unchanged(desk, again(desk))
    assert ("window", "somebody answered no") in {(item.label, why) for item, why in wanted.left}


def test_a_question_of_the_check_cannot_be_dropped(room: Room) -> None:
    desk, found = copied(room)
    with pytest.raises(BackoutError, match="cannot be dropped"):
        reviewing.drop(desk, found, reviewing.item_named(found, "warning 1"))


@pytest.mark.parametrize("label", ["window", "risks", "contingency"])
def test_a_fact_or_a_section_can_be_dropped(room: Room, label: str) -> None:
    desk, found = copied(room)
    item = reviewing.item_named(found, label)
    reviewing.drop(desk, found, item)
    assert item.label not in {one.label for one in again(desk).items}


def test_the_last_confirmation_is_taken_back_and_the_one_before_it_next(room: Room) -> None:
    desk, found = copied(room)
    before = {item.label for item in found.unconfirmed}
    reviewing.confirm(desk, found, reviewing.item_named(found, "step 1"), "sam")
    reviewing.confirm_unchanged(desk, again(desk), "sam")
    reviewing.drop(desk, again(desk), reviewing.item_named(again(desk), "criterion 1"))
    assert reviewing.take_back(desk, again(desk)) == "dropped criterion 1"
    assert "the answer for" in reviewing.take_back(desk, again(desk))
    assert {item.label for item in again(desk).unconfirmed} == before - {"step 1"}
    assert reviewing.take_back(desk, again(desk)) == "the answer for step 1"
    assert {item.label for item in again(desk).unconfirmed} == before
    with pytest.raises(BackoutError, match="confirmed and dropped nothing"):
        reviewing.take_back(desk, again(desk))
    assert verify_log(desk.reader, "plan:2").ok


def test_a_confirmation_that_took_the_place_of_another_gives_it_back(room: Room) -> None:
    desk, found = copied(room)
    item = reviewing.item_named(found, "step 1")
    reviewing.confirm(desk, found, item, "sam")
    reviewing.deny(desk, again(desk), item, "kim")
    reviewing.take_back(desk, again(desk))
    said = again(desk).record.confirmation_of(item)
    assert said is not None
    assert said.by == "sam"


def test_a_copy_that_went_through_a_file_is_known_as_one(room: Room) -> None:
    """The review cannot be walked around by an export: the text names the plan that it was derived from."""
    desk, found = copied(room)
    path = room.place / "exported.md"
    path.write_text(found.text.replace("- environment: production", "- environment: staging"), encoding="utf-8")
    assert ("leftover-release", "message Started") in told(desk, plans.find(desk, str(path)))
    plans.keep(desk, plans.find(desk, str(path)))
    assert ("leftover-release", "message Started") in told(desk, plans.find(desk, "3"))
    other = found.text.replace("(plan 1, revision 1)", "(plan 99, revision 1)")
    path.write_text(other, encoding="utf-8")
    assert ("leftover-release", "message Started") not in told(desk, plans.find(desk, str(path)))


# ── silences ──────────────────────────────────────────────────────────────────────────────────────────────────────────

QUIET = ORDERS.replace(
    "- authoriser: Kim\n", "- authoriser: Kim\n\n<!-- silence no-estimate at step 1: a bot -->\n"
).replace("### 1. Freeze\n- estimate: 1 min\n", "### 1. Freeze\n")


def test_a_silence_lapses_in_a_copy_until_it_is_confirmed_for_it(room: Room) -> None:
    desk, found = copied(room, QUIET)
    assert ("no-estimate", "step 1") not in told(desk, plans.find(desk, "1"))
    assert {("no-estimate", "step 1"), ("silence-lapsed", "")} <= told(desk, found)
    assert "silence 1" in {item.label for item in found.unconfirmed}
    assert "silence 1" in {item.label for item in reviewing.to_confirm_unchanged(desk, found).items}
    reviewing.confirm(desk, found, reviewing.item_named(found, "silence 1"), "sam")
    assert not {("no-estimate", "step 1"), ("silence-lapsed", "")} & told(desk, again(desk))
    found = edited(desk, "Say so.", "Say so twice.")
    assert {("no-estimate", "step 1"), ("silence-lapsed", "")} <= told(desk, found)


def test_a_silence_holds_for_the_text_that_it_was_said_of(room: Room) -> None:
    desk, _ = copied(room, QUIET)
    first = plans.find(desk, "1")
    for before, after, holds in (("./undo", "./undo --all", True), ("Say so.", "Say nothing.", False)):
        text = plans.find(desk, "1").text.replace(before, after)
        plans.keep(desk, Found(text, first.plan, "x"))
        assert (("no-estimate", "step 1") not in told(desk, plans.find(desk, "1"))) is holds


def test_a_silence_that_was_said_again_takes_the_place_of_the_lapsed_one(room: Room) -> None:
    desk, found = copied(room, QUIET)
    silence(desk, found, "no-estimate", "step 1", "a bot")
    found = again(desk)
    assert found.text.count("<!-- silence") == 1
    assert not {("no-estimate", "step 1"), ("silence-lapsed", "")} & told(desk, found)


def test_a_silence_can_be_dropped(room: Room) -> None:
    desk, found = copied(room, QUIET)
    reviewing.drop(desk, found, reviewing.item_named(found, "silence 1"))
    found = again(desk)
    assert "silence" not in found.text
    assert ("no-estimate", "step 1") in told(desk, found)
    assert found.plan.fact("authoriser") == "Kim"


def test_a_warning_that_is_silenced_is_not_asked_about(room: Room) -> None:
    desk, found = copied(room)
    silence(desk, found, "copied-version", "step 2", NO_REASON)
    found = again(desk)
    assert not [item for item in found.items if "2_7_0" in item.title and item.kind == "warning"]
    assert ("copied-version", "step 2") not in told(desk, found)
    assert ("silence-unused", "") not in told(desk, found)


def test_what_lapsed_silences_nothing_in_the_night_either(room: Room) -> None:
    desk, _ = copied(room, QUIET)
    glass = Start(break_glass=True, reason="it burns")
    assert len(starting.start(desk, "1", glass).backout.plan.silences) == 1
    assert starting.start(desk, "2", glass).backout.plan.silences == ()


# ── handing over ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_plan_is_handed_over_and_accepted_and_a_new_revision_says_that_it_was_not(room: Room) -> None:
    desk, found = copied(room)
    said = handing_over.hand_over(desk, found, "ops")
    assert (said.to, said.accepted_by, said.by) == ("ops", "", "sam")
    said = handing_over.hand_over(desk, found, "ops", "robin")
    assert (said.accepted_by, said.revision) == ("robin", 1)
    edited(desk, "Say so.", "Say so twice.")
    op = starting.start(desk, "2", Start(break_glass=True, reason="it burns"))
    assert op.backout.handed_over == (
        "handed over to ops by sam, accepted by robin; that was revision 1, this is revision 2"
    )
    for nobody in ("", "  "):
        with pytest.raises(BackoutError, match="the people it is handed over to"):
            handing_over.hand_over(desk, found, nobody)


def test_a_copy_that_was_made_before_there_were_questions_is_asked_none(room: Room) -> None:
    """What an older program recorded keeps its meaning: such a copy has fewer items, and none of these questions."""
    desk, found = copied(room)
    old = {
        "source": {"plan": 1, "revision": 1, "sha256": "0" * 64, "name": "orders-api", "version": "2.7.0"},
        "items": [
            {"key": item.key, "item": item.label, "hash": item.hash} for item in found.items if item.kind == "step"
        ],
    }
    text = found.text.replace("orders-api 2.8.0", "orders-api 2.9.0")
    desk.journal().store_plan(
        text, name="orders-api", version="2.9.0", returns_to="2.7.0", environment="production", team="",
        actor=desk.actor, kind="PlanCopied", data=old,
    )  # fmt: skip
    assert [item.label for item in plans.find(desk, "3").unconfirmed] == ["step 1", "step 2"]
