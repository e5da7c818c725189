"""The fold over a plan's log: what is confirmed, what lapsed, who approved what."""

from __future__ import annotations

from typing import Any

from backout_tui.domain.backout.events import Actor, Event
from backout_tui.domain.plan.plan_items import PlanItem, items_of
from backout_tui.domain.plan.plan_record import PlanRecord, record_of, unchanged, unconfirmed
from backout_tui.planfile.reading.reader import read_plan
from tests.domain.test_plan_items import TEXT

ITEMS = items_of(read_plan(TEXT))


def event(seq: int, kind: str, /, **data: Any) -> Event:
    """One record of plan 2's log."""
    return Event("plan:2", seq, f"e{seq}", kind, "2026-11-22T03:00:00.000000Z", Actor("sam"), data=data)


def said(*items: PlanItem) -> list[dict[str, str]]:
    """The items as events name them."""
    return [{"key": one.key, "item": one.label, "hash": one.hash} for one in items]


def copied(*more: Event) -> PlanRecord:
    """A plan that was copied from plan 1 with all its items, and what was said since."""
    source = {"plan": 1, "revision": 2, "sha256": "ab", "name": "web", "version": "1.9", "returns_to": "1.8"}
    stored = {"plan_id": 2, "revision": 1, "sha256": "cd"}
    return record_of([event(1, "PlanCopied", source=source, items=said(*ITEMS), stored=stored), *more])


def item(label: str, text: str = TEXT) -> PlanItem:
    """The item of that label."""
    return next(one for one in items_of(read_plan(text)) if one.label == label)


def test_everything_that_was_inherited_is_unconfirmed_at_first() -> None:
    record = copied()
    assert unconfirmed(record, ITEMS) == unchanged(record, ITEMS) == ITEMS
    assert str(record.source) == "web 1.9 (plan 1, revision 2)"


def test_a_plan_that_was_not_copied_has_nothing_to_confirm() -> None:
    assert unconfirmed(record_of([event(1, "PlanStored", stored={"revision": 1, "sha256": "cd"})]), ITEMS) == ()


def test_a_confirmation_holds_until_the_item_changes_and_again_when_it_is_changed_back() -> None:
    step = item("step 1")
    record = copied(event(2, "ItemConfirmed", by="kim", revision=1, items=said(step)))
    assert step not in unconfirmed(record, ITEMS)
    edited = items_of(read_plan(TEXT.replace("owner: sam", "owner: kim")))
    assert [one.label for one in edited if one in unconfirmed(record, edited)] == [one.label for one in ITEMS]
    confirmation = record.confirmation_of(step)
    assert confirmation is not None
    assert confirmation.by == "kim"
    assert record.confirmation_of(item("step 1", TEXT.replace("owner: sam", "owner: kim"))) is None


def test_a_changed_item_is_no_longer_unchanged_and_still_to_be_confirmed() -> None:
    edited = items_of(read_plan(TEXT.replace("owner: sam", "owner: kim")))
    record = copied()
    assert "step 1" in [one.label for one in unconfirmed(record, edited)]
    assert "step 1" not in [one.label for one in unchanged(record, edited)]


def test_an_inherited_item_under_another_title_is_still_inherited_and_a_new_one_is_not() -> None:
    renamed = items_of(read_plan(TEXT.replace("### 1. Freeze", "### 1. Something else entirely")))
    assert "step 1" in [one.label for one in unconfirmed(copied(), renamed)]
    more = items_of(read_plan(TEXT.replace("## Verification", "### 9. Written for this release\n\n## Verification")))
    assert "step 9" not in [one.label for one in unconfirmed(copied(), more)]


def test_who_stored_and_approved_what_is_known() -> None:
    record = copied(
        event(2, "ItemDropped", item="step 3", reason="not here", stored={"revision": 2, "sha256": "ef"}),
        event(3, "PlanApproved", by="release manager", revision=2, sha256="ef"),
        event(4, "SomethingNewer", what=1),
    )
    assert [(one.revision, one.what, one.reason) for one in record.revisions] == [
        (1, "copied", ""),
        (2, "dropped step 3", "not here"),
    ]
    approval = record.approval_of("ef")
    assert approval is not None
    assert (approval.by, record.approval_of("cd")) == ("release manager", None)
