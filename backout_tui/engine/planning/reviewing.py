"""The review of a reused plan: each inherited item is confirmed, changed or dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from backout_tui.domain.backout.events import Draft
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.plan.plan_items import PlanItem, concerned, items_of, named
from backout_tui.domain.plan.plan_record import unchanged
from backout_tui.engine import plans
from backout_tui.engine.desk import Desk
from backout_tui.engine.planning.checking import check
from backout_tui.engine.plans import Found
from backout_tui.errors import BackoutError
from backout_tui.store.log.rows import PlanRevision

ALL_UNCHANGED = "all-unchanged"


class Confirmed(Struct, frozen=True):
    """What was confirmed, and what was asked for but not confirmed, each with the reason."""

    items: tuple[PlanItem, ...]
    left: tuple[tuple[PlanItem, str], ...] = ()


def revision_of(found: Found) -> PlanRevision:
    """The stored revision of a plan. Raises BackoutError for a file: reviews are recorded for stored plans only."""
    if found.revision is None:
        raise BackoutError(
            "this is a file, not a stored plan", where=found.where, todo="Import it first (plan import)."
        )
    return found.revision


def item_named(found: Found, name: str) -> PlanItem:
    """The item that a person named. Raises BackoutError when there is none, or when several match."""
    items = items_of(found.plan)
    meant = named(items, name)
    if len(meant) == 1:
        return meant[0]
    if meant:
        labels = ", ".join(item.label for item in meant)
        raise BackoutError(f"{name} could be {labels}", where=found.where, todo="Name it by that.")
    kind = name.partition(" ")[0].casefold()
    near = [item.label for item in items if item.kind == kind] or [item.label for item in items]
    known = ", ".join(near[:12]) + (", ..." if len(near) > 12 else "") if near else "none"
    raise BackoutError(f"there is no item {name} in this plan", where=found.where, todo=f"There are: {known}.")


def confirm(desk: Desk, found: Found, item: PlanItem, by: str) -> Confirmed:
    """Record that `by` found this item right for this release as it is. Raises BackoutError when nobody is named.

    An item that was not inherited needs no confirmation: it was written for this release.
    """
    if found.revision is not None and by.strip() and not found.record.is_inherited(item):
        return Confirmed((), ((item, "it was written for this release: there is nothing to confirm"),))
    return _record(desk, found, [item], by)


def errors_in(desk: Desk, found: Found, item: PlanItem) -> tuple[str, ...]:
    """The messages of the errors that the check finds in one item."""
    items = items_of(found.plan)
    errors = (one for one in check(desk, found).findings if one.severity == "error")
    return tuple(one.message for one in errors if concerned(items, one.item, one.line) == item)


def confirm_unchanged(desk: Desk, found: Found, by: str) -> Confirmed:
    """Confirm all items at once that are unchanged from the copied plan, if the check finds nothing wrong in them.

    Items that name another release or break another rule are left for a person to look at.
    """
    items = items_of(found.plan)
    errors = [one for one in check(desk, found).findings if one.severity == "error"]
    about = [(concerned(items, one.item, one.line), one.message) for one in errors]
    wrong = {item.key: message for item, message in about if item is not None}
    asked = unchanged(found.record, items)
    left = tuple((item, wrong[item.key]) for item in asked if item.key in wrong)
    confirmed = _record(desk, found, [item for item in asked if item.key not in wrong], by)
    return Confirmed(confirmed.items, left)


def drop(desk: Desk, found: Found, item: PlanItem, reason: str = "") -> PlanRevision:
    """Store the plan without this item, as the next revision."""
    from backout_tui.planfile.writing.dropping import without
    from backout_tui.planfile.writing.keeping import kept_text

    revision = revision_of(found)
    data = {"item": item.label, "key": item.key, "hash": item.hash, "lines": list(item.lines), "reason": reason.strip()}
    return store_next(
        desk, revision, kept_text(without(found.plan, item), found.where), kind=EventKind.ITEM_DROPPED, data=data
    )


def take_back(desk: Desk, found: Found) -> PlanRevision:
    """Store the text from before the last drop again. Raises BackoutError when the newest revision isn't a drop."""
    revision = revision_of(found)
    last = found.record.revisions[-1] if found.record.revisions else None
    before = desk.reader.plan_revision(revision.plan_id, revision.revision - 1)
    if last is None or before is None or not last.what.startswith("dropped"):
        raise BackoutError(
            "the last change of this plan dropped nothing",
            todo="Only a drop can be undone here; edit the plan instead.",
        )
    text = plans.whole_text(plans.stored(desk, before))
    return store_next(desk, revision, text, kind=EventKind.PLAN_EDITED, data={"reason": f"took back: {last.what}"})


def store_next(desk: Desk, revision: PlanRevision, text: str, *, kind: str, data: Mapping[str, object]) -> PlanRevision:
    """Store `text`, edited from `revision`, as the plan's next revision; the release is the one that the text names.

    Raises BackoutError when somebody has stored another revision since, or when the text contains a secret.
    """
    from backout_tui.planfile.reading.reader import read_plan

    made = Found(text, read_plan(text, f"plan {revision.plan_id}"), f"plan {revision.plan_id}")
    plans.refuse_secrets(made)
    says = bool(made.plan.fact("release"))
    name, version = made.plan.release if says else (revision.name, revision.version)
    return desk.journal().store_plan(
        text,
        plan_id=revision.plan_id,
        name=name,
        version=version,
        returns_to=made.plan.fact("returns to") or "",
        environment=made.plan.fact("environment") or "",
        team=made.plan.fact("team") or "",
        actor=desk.actor,
        kind=kind,
        data=data,
        made_from=revision.revision,
    )


def _record(desk: Desk, found: Found, items: Sequence[PlanItem], by: str) -> Confirmed:
    revision = revision_of(found)
    if not by.strip():
        raise BackoutError("the name of the person who confirmed it is missing", todo="Add --by NAME.")
    if items:
        said = [{"item": one.label, "key": one.key, "hash": one.hash} for one in items]
        draft = Draft(EventKind.ITEM_CONFIRMED, {"by": by.strip(), "revision": revision.revision, "items": said})
        desk.journal().append(f"plan:{revision.plan_id}", after=0, decide=lambda _: [draft], actor=desk.actor)
    return Confirmed(tuple(items))
