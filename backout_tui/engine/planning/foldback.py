"""What backouts departed in, folded back into the plan that they ran: its next revision; or dismissed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from backout_tui.domain import gates
from backout_tui.domain.backout import Backout, Deviation
from backout_tui.domain.events import Draft, Event
from backout_tui.domain.fold import number_of
from backout_tui.domain.plan import Plan
from backout_tui.domain.plan_items import PlanItem, items_of
from backout_tui.domain.plan_record import PlanRecord, record_of
from backout_tui.domain.rehearsed import Offer
from backout_tui.engine import opening, plans
from backout_tui.engine.desk import Desk
from backout_tui.engine.planning import teaching
from backout_tui.engine.planning.reviewing import revision_of, store_next
from backout_tui.engine.plans import Found
from backout_tui.errors import BackoutError, Refused
from backout_tui.store.rows import PlanRevision

Taken = Mapping[str, tuple[Deviation, ...]]
"""By the plan's step numbers what was taken over."""


@dataclass(frozen=True, slots=True)
class Undealt:
    """The deviations of one backout that nobody has folded back or dismissed, and what a rehearsal observed."""

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


@dataclass(frozen=True, slots=True)
class Outcome:
    """The new revision, the items that are to be confirmed in it, and in words what is left out."""

    revision: PlanRevision
    items: tuple[PlanItem, ...]
    left: tuple[str, ...] = ()


def undealt(desk: Desk, plan_id: int, record: PlanRecord) -> tuple[Undealt, ...]:
    """Of each backout of this plan what nobody has folded back or dismissed, the newest backout first."""
    numbers = sorted((number_of(one.log) for one in desk.reader.backouts_of(plan_id)), reverse=True)
    found = (_undealt(opening.recorded(desk, number), record) for number in numbers)
    return tuple(one for one in found if one.deviations)


def undealt_of(desk: Desk, backout_id: int) -> Undealt:
    """What nobody has dealt with of one backout. Raises Refused when that is nothing."""
    backout, found = _of(desk, backout_id)
    return _undealt_or_refused(desk, backout, found.record)


def not_folded_words(left: tuple[Undealt, ...]) -> str:
    """What is said where a plan is reused: `3 deviations of backout 2 are neither folded back nor dismissed`."""
    if not left:
        return ""
    is_one = len(left) == 1 and len(left[0].deviations) == 1
    return f"{', '.join(map(str, left))} {'is' if is_one else 'are'} neither folded back nor dismissed"


def not_folded_of(desk: Desk, found: Found) -> str:
    """The same of a plan that was found; "" for a file, of which no backout is known."""
    revision = found.revision
    return not_folded_words(undealt(desk, revision.plan_id, found.record)) if revision is not None else ""


def fold_back(desk: Desk, backout_id: int) -> Outcome:
    """Store the plan that the backout ran, with what it departed in, as its next revision; each of it unconfirmed.

    Raises Refused when there is nothing to fold back, BackoutError when there is no such backout, or when somebody
    stored another revision meanwhile.
    """
    from backout_tui.planfile.folding_back import folded_back
    from backout_tui.planfile.reader import read_plan
    from backout_tui.planfile.writer import write_plan

    backout, found = _of(desk, backout_id)
    wanted = _undealt_or_refused(desk, backout, found.record)
    made = folded_back(found.plan, backout, wanted.deviations)
    taught = teaching.taught(made.plan, backout, wanted.observed)
    left = (*(f"{_named(one.deviation)}: {one.why}" for one in made.left), *taught.left)
    if not made.taken and not taught.said:
        why = f"Nothing of it can be folded back: {'; '.join(left)}." if left else "The plan says all of it by now."
        raise Refused(f"{why} Dismiss it, or edit the plan.")
    text = write_plan(taught.plan)
    items = tuple(_items(read_plan(text), found, made.taken, taught.said))
    data = {
        "backout": backout.id,
        "through": _through(backout, wanted),
        "items": [_said(item, made.taken.get(_number(item), ()), taught.said) for item in items],
        "ways": [_words(one) for one in made.taken.get("", ())],
        "left": list(left),
    }
    revision = store_next(desk, revision_of(found), text, kind="DeviationsFolded", data=data)
    return Outcome(revision, items, left)


def dismiss(desk: Desk, backout_id: int, reason: str) -> Undealt:
    """Record in the plan's log that nobody needs the deviations of this backout in the plan; what was dismissed.

    Raises Refused when there are none, BackoutError without a reason.
    """
    if not reason.strip():
        raise BackoutError("why they are dismissed is missing", todo="Say it with --reason TEXT.")
    backout, found = _of(desk, backout_id)

    def drafts(events: list[Event]) -> list[Draft]:
        wanted = _undealt_or_refused(desk, backout, record_of(events))
        count, through = len(wanted.deviations), _through(backout, wanted)
        said = {"backout": backout.id, "through": through, "count": count, "reason": reason.strip()}
        return [Draft("DeviationsDismissed", said)]

    left = _undealt_or_refused(desk, backout, found.record)
    desk.journal().append(f"plan:{backout.ref.id}", after=0, decide=drafts, actor=desk.actor)
    return left


def _of(desk: Desk, backout_id: int) -> tuple[Backout, Found]:
    backout = opening.recorded(desk, backout_id)
    return backout, plans.find(desk, str(backout.ref.id))


def _undealt(backout: Backout, record: PlanRecord) -> Undealt:
    through = record.dealt_through(backout.id)
    return Undealt(backout.id, tuple(one for one in backout.deviations if one.event > through))


def _undealt_or_refused(desk: Desk, backout: Backout, record: PlanRecord) -> Undealt:
    """What nobody has dealt with. Raises Refused when that is nothing."""
    left = replace(_undealt(backout, record), observed=teaching.observed(desk, backout, record))
    how = " and ".join(dict.fromkeys(one.how for one in record.dealt if one.backout == backout.id))
    count = len(left.deviations) + len(left.observed)
    ever = len(backout.deviations) + bool(how) + count
    if (refusal := gates.why_not_fold_back(backout.id, ever, count, how)) is not None:
        raise Refused(refusal.words)
    return left


def _through(backout: Backout, wanted: Undealt) -> int:
    """The event up to which the log has been dealt with: of what was observed all of it."""
    return backout.seq if wanted.observed else max(one.event for one in wanted.deviations)


def _items(plan: Plan, found: Found, taken: Taken, observed: Mapping[str, str]) -> Iterator[PlanItem]:
    """What the night touched: of a step that was changed only what says something else now, else the step itself."""
    before = {item.label: item.hash for item in items_of(found.plan)}
    for item in items_of(plan):
        if item.kind not in ("step", "command"):
            continue
        those = taken.get(_number(item), ())
        differs = before.get(item.label) != item.hash
        only_changed = all(one.kind == "changed" for one in those)
        touched = bool(those) or _number(item) in observed
        if touched and (differs or (item.kind == "step" and not only_changed)):
            yield item


def _number(item: PlanItem) -> str:
    """The number of the step that an item is, or stands in."""
    return item.place.partition(" ")[2]


def _named(one: Deviation) -> str:
    """`step 4, changed`; of the choice of a way that alone."""
    kind = one.kind.replace("_", " ")
    return f"step {one.step}, {kind}" if one.step else f"the {kind}"


def _words(one: Deviation) -> str:
    """`changed: undo alone goes too far (sam, agreed with kim, for P1)`."""
    said = [one.by, f"agreed with {one.agreed}" if one.agreed else "", f"for {one.problem}" if one.problem else ""]
    return f"{one.kind.replace('_', ' ')}: {one.reason} ({', '.join(filter(None, said))})"


def _said(item: PlanItem, those: tuple[Deviation, ...], observed: Mapping[str, str]) -> dict[str, object]:
    words = [*map(_words, those), *filter(None, [observed.get(_number(item))])]
    return {"key": item.key, "item": item.label, "hash": item.hash, "deviations": words}
