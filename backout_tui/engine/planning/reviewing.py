"""The review of a reused plan: each inherited item is confirmed, changed or dropped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from backout_tui.domain.backout.events import Draft
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.checking.copies.copied import CopiedWord, key_of
from backout_tui.domain.experience.rehearsed import named as named_few
from backout_tui.domain.plan.plan_items import WARNING, PlanItem, concerned, named
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
    items = found.items
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


def deny(desk: Desk, found: Found, item: PlanItem, by: str) -> Confirmed:
    """Record that `by` found this item wrong for this release: it stays open until it is changed or dropped."""
    return _record(desk, found, [item], by, kind=EventKind.ITEM_DENIED)


def errors_in(desk: Desk, found: Found, item: PlanItem) -> tuple[str, ...]:
    """The messages of the errors that the check finds in one item."""
    items = found.items
    errors = (one for one in check(desk, found).findings if one.severity == "error")
    return tuple(one.message for one in errors if concerned(items, one.item, one.line) == item)


def to_confirm_unchanged(desk: Desk, found: Found) -> Confirmed:
    """What `confirm_unchanged` would confirm, and what it would leave for a person to look at, with the reason.

    An item that names another release, or breaks another rule, is left; so is every question of the check.
    """
    items = found.items
    errors = [one for one in check(desk, found).findings if one.severity == "error"]
    about = [(concerned(items, one.item, one.line), one.message) for one in errors]
    wrong = {item.key: message for item, message in about if item is not None}
    wrong |= {item.key: f"`{word.text}` may be the other release's: answer that first" for item, word in _open(found)}
    wrong |= {item.key: "somebody answered no" for item in items if _is_denied(found, item)}
    asked = unchanged(found.record, items)
    questions = tuple((one, "answer it with yes or no") for one in found.unconfirmed if one.kind == WARNING)
    left = tuple((item, wrong[item.key]) for item in asked if item.key in wrong)
    return Confirmed(tuple(item for item in asked if item.key not in wrong), (*left, *questions))


def _open(found: Found) -> Iterator[tuple[PlanItem, CopiedWord]]:
    """The items with the other release's version in another spelling, while nobody has answered whether it is right."""
    left = {item.key for item in found.unconfirmed if item.kind == WARNING}
    for word in found.words:
        item = concerned(found.items, word.item, word.line)
        if word.is_version and key_of(word) in left and item is not None:
            yield item, word


def _is_denied(found: Found, item: PlanItem) -> bool:
    said = found.record.answer_to(item)
    return said is not None and not said.is_right


def confirm_unchanged(desk: Desk, found: Found, by: str) -> Confirmed:
    """Confirm all items at once that are unchanged from the copied plan, if the check finds nothing wrong in them."""
    wanted = to_confirm_unchanged(desk, found)
    return Confirmed(_record(desk, found, wanted.items, by).items, wanted.left)


def drop(desk: Desk, found: Found, item: PlanItem, reason: str = "") -> PlanRevision:
    """Store the plan without this item, as the next revision."""
    revision = revision_of(found)
    if item.kind == WARNING:
        todo = "Answer it with yes or no, or change the text that it is about."
        raise BackoutError("a question of the check cannot be dropped", where=found.where, todo=todo)
    data = {"item": item.label, "key": item.key, "hash": item.hash, "lines": list(item.lines), "reason": reason.strip()}
    return store_next(desk, revision, _text_without(found, item), kind=EventKind.ITEM_DROPPED, data=data)


def _text_without(found: Found, item: PlanItem) -> str:
    from backout_tui.planfile.reading.read_silences import unsilenced_text
    from backout_tui.planfile.writing.dropping import without
    from backout_tui.planfile.writing.keeping import kept_text

    if item.kind == "silence":
        return unsilenced_text(found.text, int(item.label.split()[-1]))
    return kept_text(without(found.plan, item), found.where)


def take_back(desk: Desk, found: Found) -> str:
    """Take back what the review did last, a drop or an answer, and say what it was.

    A drop is taken back by storing the text before it again. Raises BackoutError when there is nothing to take back.
    """
    revision, record = revision_of(found), found.record
    note = record.revisions[-1] if record.revisions else None
    answers = record.answers[-1] if record.answers else None
    if note is not None and note.is_drop and (answers is None or answers.seq < note.seq):
        return _take_back_drop(desk, revision, note.what)
    if answers is None:
        raise BackoutError(
            "the last change of this plan confirmed and dropped nothing", todo="Change the plan instead (plan edit)."
        )
    draft = Draft(EventKind.ITEM_ANSWERS_TAKEN_BACK, {"said": answers.seq})
    desk.journal().append(f"plan:{revision.plan_id}", after=0, decide=lambda _: [draft], actor=desk.actor)
    labels = [item.label for item in found.items if item.key in answers.before]
    return f"the answer for {named_few(labels) or 'what the plan no longer has'}"


def _take_back_drop(desk: Desk, revision: PlanRevision, what: str) -> str:
    before = desk.reader.plan_revision(revision.plan_id, revision.revision - 1)
    assert before is not None  # nothing can be dropped from a first revision
    text = plans.whole_text(plans.stored(desk, before))
    store_next(desk, revision, text, kind=EventKind.PLAN_EDITED, data={"reason": f"took back: {what}"})
    return what


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


def _record(
    desk: Desk, found: Found, items: Sequence[PlanItem], by: str, kind: str = EventKind.ITEM_CONFIRMED
) -> Confirmed:
    """Record one answer about these items."""
    revision = revision_of(found)
    if not by.strip():
        raise BackoutError("the name of the person who confirmed it is missing", todo="Add --by NAME.")
    if items:
        said = [{"item": one.label, "key": one.key, "hash": one.hash} for one in items]
        draft = Draft(kind, {"by": by.strip(), "revision": revision.revision, "items": said})
        desk.journal().append(f"plan:{revision.plan_id}", after=0, decide=lambda _: [draft], actor=desk.actor)
    return Confirmed(tuple(items))
