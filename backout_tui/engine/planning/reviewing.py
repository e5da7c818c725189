"""The review of a reused plan: each inherited item is confirmed, changed or dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backout_tui.domain.events import Draft
from backout_tui.domain.plan_items import PlanItem, concerned, items_of, named
from backout_tui.domain.plan_record import unchanged
from backout_tui.engine import plans
from backout_tui.engine.desk import Desk
from backout_tui.engine.planning.checking import check
from backout_tui.engine.plans import Found
from backout_tui.errors import BackoutError
from backout_tui.store.rows import PlanRevision

ALL_UNCHANGED = "all-unchanged"


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What was confirmed, and what was left out although it was asked for, each with the reason."""

    items: tuple[PlanItem, ...]
    left: tuple[tuple[PlanItem, str], ...] = ()


def revision_of(found: Found) -> PlanRevision:
    """The stored revision of a plan. Raises BackoutError for a file: what people say is said of a stored plan."""
    if found.revision is None:
        raise BackoutError(
            "this is a file, not a stored plan", where=found.where, todo="Import it first (plan import)."
        )
    return found.revision


def item_named(found: Found, name: str) -> PlanItem:
    """The item that a person means. Raises BackoutError when there is none, or when it could be several."""
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
    """Record that `by` found this item, as it is, right for this release. Raises BackoutError when nobody is named.

    What was not inherited is left: it was written for this release.
    """
    if found.revision is not None and by.strip() and not found.record.is_inherited(item):
        return Confirmed((), ((item, "it was written for this release: there is nothing to confirm"),))
    return _record(desk, found, [item], by)


def errors_in(desk: Desk, found: Found, item: PlanItem) -> tuple[str, ...]:
    """What the check finds wrong in one item, in its words."""
    items = items_of(found.plan)
    errors = (one for one in check(desk, found).findings if one.severity == "error")
    return tuple(one.message for one in errors if concerned(items, one.item, one.line) == item)


def confirm_unchanged(desk: Desk, found: Found, by: str) -> Confirmed:
    """Confirm at once what says what it said in the plan it was copied from, and in which nothing wrong is found.

    What names another release or fails another rule is left to be looked at.
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
    """Store the plan without this item, as its next revision."""
    from backout_tui.planfile.dropping import without
    from backout_tui.planfile.writer import write_plan

    revision = revision_of(found)
    data = {"item": item.label, "key": item.key, "hash": item.hash, "lines": list(item.lines), "reason": reason.strip()}
    return store_next(desk, revision, write_plan(without(found.plan, item)), kind="ItemDropped", data=data)


def take_back(desk: Desk, found: Found) -> PlanRevision:
    """Store again what stood before the last drop. Raises BackoutError when the newest revision is no drop."""
    revision = revision_of(found)
    last = found.record.revisions[-1] if found.record.revisions else None
    before = desk.reader.plan_revision(revision.plan_id, revision.revision - 1)
    if last is None or before is None or not last.what.startswith("dropped"):
        raise BackoutError("the last change of this plan dropped nothing", todo="Only a drop is taken back; else edit.")
    text = plans.whole_text(plans.stored(desk, before))
    return store_next(desk, revision, text, kind="PlanEdited", data={"reason": f"took back: {last.what}"})


def store_next(desk: Desk, revision: PlanRevision, text: str, *, kind: str, data: Mapping[str, object]) -> PlanRevision:
    """Store `text`, made from `revision`, as the plan's next one; its release is what the text says of it.

    Raises BackoutError when somebody stored another one meanwhile, or when a secret stands in it.
    """
    from backout_tui.planfile.reader import read_plan

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
        raise BackoutError("who confirmed it is missing", todo="Say it with --by NAME.")
    if items:
        said = [{"item": one.label, "key": one.key, "hash": one.hash} for one in items]
        draft = Draft("ItemConfirmed", {"by": by.strip(), "revision": revision.revision, "items": said})
        desk.journal().append(f"plan:{revision.plan_id}", after=0, decide=lambda _: [draft], actor=desk.actor)
    return Confirmed(tuple(items))
