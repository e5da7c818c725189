"""What a stored plan took over from the plan that it was copied from, and which of its silences still hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from backout_tui.domain.backout.payloads.plan_payloads import Source
from backout_tui.domain.checking.check import placed_passages
from backout_tui.domain.checking.check_silences import silenced_keys
from backout_tui.domain.checking.copies.copied import CopiedPlan, CopiedWord, copied_words
from backout_tui.domain.plan.plan import Plan
from backout_tui.domain.plan.plan_items import PlanItem, items_of, silenced_place
from backout_tui.domain.plan.plan_record import PlanRecord
from backout_tui.domain.plan.remarks import Silence
from backout_tui.engine.desk import Desk
from backout_tui.engine.opening import MAX_DIGITS
from backout_tui.store.log.rows import PlanRevision

_DERIVED = re.compile(r"\(plan (\d+), revision (\d+)\)\s*$")


def copied_plan(desk: Desk, revision: PlanRevision, plan: Plan, record: PlanRecord) -> CopiedPlan | None:
    """The plan beside its own first text; None if it is no copy."""
    if record.source is None or not record.copied:
        return None
    first = _revision(desk, revision, record.copied)
    return CopiedPlan(plan, first, record.source, record.services) if first is not None else None


def derived_plan(desk: Desk, plan: Plan) -> CopiedPlan | None:
    """The plan beside the stored one that its `derived from` names; None if it names none that is here.

    So a copy that went through a file, and has no record of its own, is known as one as well.
    """
    from backout_tui.planfile.reading.reader import read_plan

    match = _DERIVED.search(plan.fact("derived from") or "")
    known = desk.exists and match is not None and max(len(match[1]), len(match[2])) <= MAX_DIGITS
    row = desk.reader.plan_revision(int(match[1]), int(match[2])) if match is not None and known else None
    if row is None or f"{row.name} {row.version}" not in (plan.fact("derived from") or ""):
        return None
    source = Source(row.plan_id, row.revision, row.sha256, row.name, row.version, row.returns_to)
    return CopiedPlan(plan, read_plan(row.text), source)


def words_to_ask(copy: CopiedPlan, text: str, held: Sequence[Silence]) -> tuple[CopiedWord, ...]:
    """The words that the review asks about; those that a silence which holds covers are meant."""
    quiet = silenced_keys(copy.plan, held)
    words = copied_words(copy, placed_passages(copy.plan, text))
    return tuple(one for one in words if (one.rule, one.item) not in quiet)


def silences_that_hold(desk: Desk, revision: PlanRevision, plan: Plan, record: PlanRecord) -> tuple[Silence, ...]:
    """The silences whose text is the one that they were said of; in a copy, those that somebody confirmed for it."""
    if not plan.silences:
        return ()
    items = items_of(plan)
    mine = zip(plan.silences, [item for item in items if item.kind == "silence"], strict=True)
    return tuple(one for one, item in mine if _holds(desk, revision, record, one, item, silenced_place(one, items)))


def _holds(
    desk: Desk, revision: PlanRevision, record: PlanRecord, one: Silence, item: PlanItem, place: str
) -> bool:  # fmt: skip
    if record.confirmation_of(item) is not None:
        return True
    said_at = record.silenced.get((one.rule, place), 0)
    if said_at and item.hash in _hashes(desk, revision, said_at, item.title):
        return True
    if record.is_inherited(item):
        return False
    return item.hash in _hashes(desk, revision, _first_with(desk, revision, one), item.title)


def _hashes(desk: Desk, revision: PlanRevision, number: int, title: str) -> list[str]:
    """The digests of that silence in revision `number`."""
    plan = _revision(desk, revision, number)
    return [item.hash for item in items_of(plan) if item.kind == "silence" and item.title == title] if plan else []


def _first_with(desk: Desk, newest: PlanRevision, one: Silence) -> int:
    """The revision since which the plan has had this silence without a break; its reason finds it in the text."""
    found = newest.revision
    for earlier in _before(desk, newest):
        if one.reason not in earlier.text or one.rule not in earlier.text:
            break
        found = earlier.revision
    return found


def _before(desk: Desk, newest: PlanRevision) -> Iterator[PlanRevision]:
    """The earlier revisions, the latest first."""
    revisions = desk.reader.revisions_of(newest.plan_id)
    yield from (one for one in reversed(revisions) if one.revision < newest.revision)


def _revision(desk: Desk, revision: PlanRevision, number: int) -> Plan | None:
    from backout_tui.planfile.reading.reader import read_plan

    row = revision if number == revision.revision else desk.reader.plan_revision(revision.plan_id, number)
    return read_plan(row.text, f"plan {revision.plan_id}") if row is not None else None
