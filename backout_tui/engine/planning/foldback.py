"""Turns a backout's deviations into the next revision of the plan that it ran, or dismisses them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from backout_tui.domain.backout.choices import DeviationKind
from backout_tui.domain.backout.events import Draft, Event
from backout_tui.domain.backout.fold import number_of
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.payloads.plan_payloads import Copied
from backout_tui.domain.backout.state import Backout, Deviation
from backout_tui.domain.experience.rehearsed import Offer
from backout_tui.domain.experience.run_or_not import NEVER_RAN, never_ran
from backout_tui.domain.plan.plan import Plan
from backout_tui.domain.plan.plan_items import PlanItem, items_of
from backout_tui.domain.plan.plan_record import PlanRecord, record_of
from backout_tui.domain.rules import plan_gates
from backout_tui.domain.values import replace
from backout_tui.engine import opening, plans
from backout_tui.engine.desk import Desk
from backout_tui.engine.planning import teaching
from backout_tui.engine.planning.reviewing import revision_of, store_next
from backout_tui.engine.plans import Found
from backout_tui.errors import BackoutError, Refused
from backout_tui.store.log.rows import PlanRevision

Taken = Mapping[str, tuple[Deviation, ...]]
"""What was taken over, by the plan's step numbers."""


class Undealt(Struct, frozen=True):
    """The deviations of one backout that nobody has folded back or dismissed, and a rehearsal's observations."""

    backout: int
    deviations: tuple[Deviation, ...]
    observed: tuple[Offer, ...] = ()

    def __str__(self) -> str:
        """`3 deviations of backout 2`; `what rehearsal 3 observed`."""
        count = len(self.deviations)
        if self.observed and not count:
            return f"what rehearsal {self.backout} observed"
        more = " and what it observed" if self.observed else ""
        return f"{count} deviation{'s' if count != 1 else ''} of backout {self.backout}{more}"


class Outcome(Struct, frozen=True):
    """The new revision, the items in it to confirm, and a sentence for each thing that was left out."""

    revision: PlanRevision
    items: tuple[PlanItem, ...]
    left: tuple[str, ...] = ()


def undealt(desk: Desk, plan_id: int, record: PlanRecord) -> tuple[Undealt, ...]:
    """What nobody has folded back or dismissed yet, for each backout of this plan, newest backout first."""
    numbers = sorted((number_of(one.log) for one in desk.reader.backouts_of(plan_id)), reverse=True)
    found = (_undealt(backout, record) for backout in opening.readable(desk, numbers))
    return tuple(one for one in found if one.deviations)


def undealt_of(desk: Desk, backout_id: int) -> Undealt:
    """What nobody has folded back or dismissed yet in one backout. Raises Refused when nothing is left."""
    backout, found = _of(desk, backout_id)
    return _undealt_or_refused(desk, backout, found)


def not_folded_words(left: tuple[Undealt, ...]) -> str:
    """A warning for reusing a plan: `3 deviations of backout 2 are neither folded back nor dismissed`."""
    if not left:
        return ""
    is_one = len(left) == 1 and len(left[0].deviations) == 1
    return f"{', '.join(map(str, left))} {'is' if is_one else 'are'} neither folded back nor dismissed"


def not_folded_of(desk: Desk, found: Found) -> str:
    """The same for a plan that was found; "" for a file, because no backouts of it are known."""
    revision = found.revision
    return not_folded_words(undealt(desk, revision.plan_id, found.record)) if revision is not None else ""


def fold_back(desk: Desk, backout_id: int, into: str = "") -> Outcome:
    """Store the plan that the backout ran, with its deviations, as the next revision; each one arrives unconfirmed.

    `into` names another plan for them, such as the copy that was already made. What never ran is left out. Raises
    Refused when there is nothing to fold back. Raises BackoutError when there is no such backout, or when
    somebody has stored another revision since.
    """
    from backout_tui.planfile.reading.reader import read_plan
    from backout_tui.planfile.writing.folding_back import folded_back
    from backout_tui.planfile.writing.keeping import kept_text

    backout, found = _of(desk, backout_id, into)
    wanted = _undealt_or_refused(desk, backout, found)
    idle = never_ran(backout, wanted.deviations)
    made = folded_back(found.plan, backout, [one for one in wanted.deviations if one not in idle])
    taught = teaching.taught(made.plan, backout, wanted.observed, is_its_own=_plan_id(found) == backout.ref.id)
    unplaced = (f"{_named(one.deviation)}: {one.why}" for one in made.left)
    left = (*(f"{_named(one)}: {NEVER_RAN}" for one in idle), *unplaced, *taught.left)
    if not made.taken and not taught.said:
        why = f"Nothing of it can be folded back: {'; '.join(left)}." if left else "The plan says all of it by now."
        raise Refused(f"{why} Dismiss it, or edit the plan.")
    text = kept_text(taught.plan, found.where)
    items = tuple(_items(read_plan(text), found, made.taken, taught.said))
    data = {
        "backout": backout.id,
        "through": _through(backout, wanted if backout.closed_at else _without(wanted, idle)),
        "items": [_said(item, made.taken.get(_number(item), ()), taught.said) for item in items],
        "ways": [_words(one) for one in made.taken.get("", ())],
        "left": list(left),
    }
    revision = store_next(desk, revision_of(found), text, kind=EventKind.DEVIATIONS_FOLDED, data=data)
    return Outcome(revision, items, left)


def dismiss(desk: Desk, backout_id: int, reason: str, into: str = "") -> Undealt:
    """Record in the plan's log that the deviations of this backout are not needed in the plan; returns them.

    `into` names another plan than the one that the backout ran.

    Raises Refused when there are none, BackoutError without a reason.
    """
    if not reason.strip():
        raise BackoutError("the reason for dismissing them is missing", todo="Add --reason TEXT.")
    backout, found = _of(desk, backout_id, into)

    def drafts(events: list[Event]) -> list[Draft]:
        wanted = _undealt_or_refused(desk, backout, replace(found, record=record_of(events)))
        count, through = len(wanted.deviations), _through(backout, wanted)
        said = {"backout": backout.id, "through": through, "count": count, "reason": reason.strip()}
        return [Draft(EventKind.DEVIATIONS_DISMISSED, said)]

    left = _undealt_or_refused(desk, backout, found)
    desk.journal().append(f"plan:{_plan_id(found)}", after=0, decide=drafts, actor=desk.actor)
    return left


def _of(desk: Desk, backout_id: int, into: str = "") -> tuple[Backout, Found]:
    backout = opening.recorded(desk, backout_id)
    return backout, plans.find(desk, into or str(backout.ref.id))


def _plan_id(found: Found) -> int:
    return revision_of(found).plan_id


def inherited_undealt(desk: Desk, found: Found) -> tuple[Undealt, ...]:
    """The same for a copy: what backouts of its source showed that it did not have yet when this plan was copied."""
    source, record = found.record.source, found.record
    if source is None or not source.plan:
        return ()
    before = _before_the_copy(desk, found)
    numbers = sorted((number_of(one.log) for one in desk.reader.backouts_of(source.plan)), reverse=True)
    backouts = opening.readable(desk, numbers)
    left = (_undealt(one, record, before.get(one.id, 0)) for one in backouts)
    return tuple(one for one in left if one.deviations)


def _before_the_copy(desk: Desk, found: Found) -> dict[int, int]:
    """For each backout of the source: the last event that the source had folded back then, or has dismissed."""
    source = found.record.source
    assert source is not None  # the caller has asked
    dealt = record_of(desk.reader.events_after(f"plan:{source.plan}", 0)).dealt
    known = [one for one in dealt if not one.made_from or one.made_from < source.revision]
    return {one.backout: max(other.through for other in known if other.backout == one.backout) for one in known}


def copies_of(desk: Desk, plan_id: int) -> tuple[Found, ...]:
    """The plans that were copied from this one, oldest first: what it learnt may go into them."""
    copied = [one for one in desk.reader.first_events("plan:") if one.kind == EventKind.PLAN_COPIED]
    mine = [number_of(one.log) for one in copied if one.says(Copied).source.plan == plan_id]
    return tuple(plans.find(desk, str(number)) for number in mine)


def _undealt(backout: Backout, record: PlanRecord, through: int = 0) -> Undealt:
    through = max(through, record.dealt_through(backout.id))
    return Undealt(backout.id, tuple(one for one in backout.deviations if one.event > through))


def _undealt_or_refused(desk: Desk, backout: Backout, found: Found) -> Undealt:
    """What nobody has folded back or dismissed yet. Raises Refused when nothing is left."""
    record, source = found.record, found.record.source
    copied = source is not None and source.plan == backout.ref.id
    through = _before_the_copy(desk, found).get(backout.id, 0) if copied else 0
    left = replace(_undealt(backout, record, through), observed=teaching.observed(desk, backout, record))
    how = " and ".join(dict.fromkeys(one.how for one in record.dealt if one.backout == backout.id))
    count = len(left.deviations) + len(left.observed)
    ever = len(backout.deviations) + bool(how) + count
    if (refusal := plan_gates.why_not_fold_back(backout.id, ever, count, how)) is not None:
        raise Refused(refusal.words)
    return left


def _without(wanted: Undealt, idle: Sequence[Deviation]) -> Undealt:
    """What a backout that is still open has done by now: the rest may run yet."""
    kept = tuple(one for one in wanted.deviations if one not in idle)
    return replace(wanted, deviations=kept) if kept else wanted


def _through(backout: Backout, wanted: Undealt) -> int:
    """The event up to which the log is dealt with; a rehearsal's observations cover the whole log."""
    return backout.seq if wanted.observed else max(one.event for one in wanted.deviations)


def _items(plan: Plan, found: Found, taken: Taken, observed: Mapping[str, str]) -> Iterator[PlanItem]:
    """The items that the night touched: for a changed step only the parts that changed, otherwise the step itself."""
    before = {item.label: item.hash for item in items_of(found.plan)}
    for item in items_of(plan):
        if item.kind not in ("step", "command"):
            continue
        those = taken.get(_number(item), ())
        differs = before.get(item.label) != item.hash
        only_changed = all(one.kind is DeviationKind.CHANGED for one in those)
        touched = bool(those) or _number(item) in observed
        if touched and (differs or (item.kind == "step" and not only_changed)):
            yield item


def _number(item: PlanItem) -> str:
    """The number of the step that the item is, or belongs to."""
    return item.place.partition(" ")[2]


def _named(one: Deviation) -> str:
    """`step 4, changed`; a choice between options has no step."""
    kind = one.kind.replace("_", " ")
    return f"step {one.step}, {kind}" if one.step else f"the {kind}"


def _words(one: Deviation) -> str:
    """`changed: undo alone goes too far (sam, agreed with kim, for P1)`."""
    said = [one.by, f"agreed with {one.agreed}" if one.agreed else "", f"for {one.problem}" if one.problem else ""]
    return f"{one.kind.replace('_', ' ')}: {one.reason} ({', '.join(filter(None, said))})"


def _said(item: PlanItem, those: tuple[Deviation, ...], observed: Mapping[str, str]) -> dict[str, object]:
    words = [*map(_words, those), *filter(None, [observed.get(_number(item))])]
    return {"key": item.key, "item": item.label, "hash": item.hash, "deviations": words}
