"""What people said about a plan: the fold over the plan's own log. contract.md section 10."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec import field as struct_field

from backout_tui.domain.backout.events import Event
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.payloads.plan_payloads import (
    AnswersTakenBack,
    Approved,
    Confirmed,
    Copied,
    Denied,
    Dismissed,
    Dropped,
    Folded,
    PlanHanded,
    PlanHandOver,
    Source,
    Stored,
    approved_words,
    handed_over_by,
)
from backout_tui.domain.codec import decode
from backout_tui.domain.damage import DamagedEvent, Unfit
from backout_tui.domain.plan.fences import FORMER
from backout_tui.domain.plan.plan_items import WARNING, PlanItem
from backout_tui.domain.values import replace


class Confirmation(Struct, frozen=True):
    """Somebody said that an item is right for this release, or is not; it holds while the item's hash is `hash`."""

    hash: str
    by: str
    at: datetime
    is_right: bool = True


class Answers(Struct, frozen=True):
    """The items that were answered in event `seq`, with what was said of each before; for taking it back."""

    seq: int
    before: Mapping[str, Confirmation | None]


class RevisionNote(Struct, frozen=True):
    """Who stored a revision, when, and why; `what` says how: `copied`, `folded back backout 3`."""

    revision: int
    sha256: str
    what: str
    by: str
    at: datetime
    reason: str = ""
    seq: int = 0

    @property
    def is_drop(self) -> bool:
        """Whether it dropped an item."""
        return self.what.startswith("dropped")


class Approval(Struct, frozen=True):
    """Who approved which text. `despite` and `reason` are those of the event (`Approved`), `reading` too."""

    revision: int
    sha256: str
    by: str
    at: datetime
    reading: int = FORMER
    despite: tuple[str, ...] = ()
    reason: str = ""

    @property
    def words(self) -> str:
        """Who approved it, and despite what."""
        return approved_words(self.by, self.despite, self.reason)


class Dealt(Struct, frozen=True):
    """What was done about a backout's deviations up to its event `through`: folded back, or dismissed.

    If they were folded back, `items` has the deviations in words by the keys of the items, and `made_from` is the
    revision before.
    """

    backout: int
    through: int
    how: str
    by: str
    at: datetime
    reason: str = ""
    made_from: int = 0
    items: Mapping[str, tuple[str, ...]] = struct_field(default_factory=dict)


class PlanRecord(Struct, frozen=True):
    """What the log of one plan says. `inherited` and `confirmed` are by item key; `labels` belong to inherited items.

    Whatever was folded back from a backout counts as inherited: it has to be confirmed just like a copied item.
    `asks` says that a copy's review also asks about words of the other release; `services` are other services' names
    when it was copied, `copied` is the revision of the copy. `silenced` has the revision in which a rule at an item
    was last silenced by name, `answers` what was said of items, the last one last.
    """

    source: Source | None = None
    inherited: Mapping[str, str] = struct_field(default_factory=dict)
    labels: frozenset[str] = frozenset()
    confirmed: Mapping[str, Confirmation] = struct_field(default_factory=dict)
    revisions: tuple[RevisionNote, ...] = ()
    approvals: tuple[Approval, ...] = ()
    dealt: tuple[Dealt, ...] = ()
    asks: bool = False
    services: tuple[str, ...] = ()
    copied: int = 0
    silenced: Mapping[tuple[str, str], int] = struct_field(default_factory=dict)
    answers: tuple[Answers, ...] = ()
    handed_over: PlanHandOver | None = None

    def dealt_through(self, backout: int) -> int:
        """The last event of a backout whose deviations were folded back or dismissed; 0 if none were."""
        return max((one.through for one in self.dealt if one.backout == backout), default=0)

    def departed(self, item: PlanItem) -> tuple[Dealt, ...]:
        """The backouts whose deviations were folded back into this item."""
        return tuple(one for one in self.dealt if item.key in one.items)

    def approval_of(self, sha256: str) -> Approval | None:
        """The last approval of exactly this text."""
        return next((one for one in reversed(self.approvals) if one.sha256 == sha256), None)

    def confirmation_of(self, item: PlanItem) -> Confirmation | None:
        """The confirmation of an item as it is now; None if there is none, or the item has changed since."""
        said = self.answer_to(item)
        return said if said is not None and said.is_right else None

    def answer_to(self, item: PlanItem) -> Confirmation | None:
        """What was last said of an item as it is now, yes or no."""
        said = self.confirmed.get(item.key)
        return said if said is not None and said.hash == item.hash else None

    def is_inherited(self, item: PlanItem) -> bool:
        """Whether an item came with the plan it was copied from; if its title changed, its label identifies it.

        What the check asks about a copy always did.
        """
        return item.kind == WARNING or item.key in self.inherited or item.label in self.labels


NOTHING_SAID = PlanRecord()
"""The record of a plan that is not stored."""


def record_of(events: Iterable[Event]) -> PlanRecord:
    """The fold of a plan's log. An unknown kind is ignored: a newer program wrote it.

    Raises DamagedEvent for an event that cannot be what it says.
    """
    record = PlanRecord()
    for event in events:
        try:
            if (note := _note(event)) is not None:
                record = replace(record, revisions=(*record.revisions, note), silenced=_silenced(record, event))
            if (apply := APPLY.get(event.kind)) is not None:
                record = apply(record, event)
        except Unfit as unfit:
            raise DamagedEvent(event.log, event.seq, unfit.why) from unfit
    return record


def unconfirmed(record: PlanRecord, items: Sequence[PlanItem]) -> tuple[PlanItem, ...]:
    """The inherited items that nobody has confirmed as they are now: they block the plan's approval."""
    return tuple(item for item in items if record.is_inherited(item) and record.confirmation_of(item) is None)


def unchanged(record: PlanRecord, items: Sequence[PlanItem]) -> tuple[PlanItem, ...]:
    """The unconfirmed items that say the same as in the plan they were copied from."""
    return tuple(item for item in unconfirmed(record, items) if record.inherited.get(item.key) == item.hash)


HOW: Mapping[str, str] = {
    EventKind.PLAN_STORED: "stored",
    EventKind.PLAN_COPIED: "copied",
    EventKind.PLAN_EDITED: "edited",
    EventKind.ITEM_DROPPED: "dropped an item",
}


def _note(event: Event) -> RevisionNote | None:
    """The revision that an event stored; works for kinds from a newer program too."""
    said = event.payload
    if said is None and isinstance(event.data.get("stored"), Mapping):
        said = decode(Stored, event.data)
    if not isinstance(said, Stored):
        return None
    how = HOW.get(event.kind, "stored")
    if isinstance(said, Folded):
        how = f"folded back backout {said.backout}"
    if isinstance(said, Dropped):
        how = f"dropped {said.item or 'an item'}"
    name, stored = event.actor.name, said.stored
    return RevisionNote(stored.revision, stored.sha256, how, name, event.when, said.reason, event.seq)


def _silenced(record: PlanRecord, event: Event) -> Mapping[tuple[str, str], int]:
    said = event.payload
    if isinstance(said, Stored) and said.rule:
        return {**record.silenced, (said.rule, said.item): said.stored.revision}
    return record.silenced


def _copied(record: PlanRecord, event: Event) -> PlanRecord:
    said = event.says(Copied)
    return replace(
        record,
        source=said.source,
        inherited={one.key: one.hash for one in said.items},
        labels=frozenset(one.item for one in said.items if one.item and not one.item.startswith("silence ")),
        asks=said.asks,
        services=tuple(said.services),
        copied=said.stored.revision,
    )


def _confirmed(record: PlanRecord, event: Event) -> PlanRecord:
    return _answered(record, event, event.says(Confirmed), is_right=True)


def _denied(record: PlanRecord, event: Event) -> PlanRecord:
    return _answered(record, event, event.says(Denied), is_right=False)


def _answered(record: PlanRecord, event: Event, said: Confirmed, *, is_right: bool) -> PlanRecord:
    by_key = {one.key: Confirmation(one.hash, said.by, event.when, is_right) for one in said.items}
    answers = Answers(event.seq, {key: record.confirmed.get(key) for key in by_key})
    return replace(record, confirmed={**record.confirmed, **by_key}, answers=(*record.answers, answers))


def _taken_back(record: PlanRecord, event: Event) -> PlanRecord:
    """Each item is what it was before that answer, and the answer can't be taken back twice."""
    said = event.says(AnswersTakenBack).said
    back = next((one for one in record.answers if one.seq == said), None)
    if back is None:
        return record
    confirmed = {**record.confirmed, **{key: one for key, one in back.before.items() if one is not None}}
    gone = {key for key, one in back.before.items() if one is None}
    kept = {key: one for key, one in confirmed.items() if key not in gone}
    return replace(record, confirmed=kept, answers=tuple(one for one in record.answers if one is not back))


def _handed_over(record: PlanRecord, event: Event) -> PlanRecord:
    return replace(
        record, handed_over=handed_over_by(event.says(PlanHanded), event.actor.name, event.when, record.handed_over)
    )


def approval_in(event: Event) -> Approval:
    """The approval that an event records."""
    said = event.says(Approved)
    return Approval(said.revision, said.sha256, said.by, event.when, said.reading, tuple(said.despite), said.reason)


def _approved(record: PlanRecord, event: Event) -> PlanRecord:
    return replace(record, approvals=(*record.approvals, approval_in(event)))


def _folded(record: PlanRecord, event: Event) -> PlanRecord:
    """Each item with a folded deviation has to be confirmed again, even if it was confirmed before."""
    said = event.says(Folded)
    keys = {one.key for one in said.items}
    words = {one.key: tuple(one.deviations) for one in said.items}
    dealt = _dealt(event, said, "folded back", said.stored.revision - 1, words)
    return replace(
        record,
        inherited={**record.inherited, **dict.fromkeys(keys, "")},
        labels=record.labels | {one.item for one in said.items},
        confirmed={key: one for key, one in record.confirmed.items() if key not in keys},
        dealt=(*record.dealt, dealt),
    )


def _dismissed(record: PlanRecord, event: Event) -> PlanRecord:
    return replace(record, dealt=(*record.dealt, _dealt(event, event.says(Dismissed), "dismissed")))


def _dealt(
    event: Event, said: Folded | Dismissed, how: str, made_from: int = 0,
    items: Mapping[str, tuple[str, ...]] | None = None,
) -> Dealt:  # fmt: skip
    return Dealt(said.backout, said.through, how, event.actor.name, event.when, said.reason, made_from, items or {})


APPLY: Mapping[str, Callable[[PlanRecord, Event], PlanRecord]] = {
    EventKind.PLAN_COPIED: _copied,
    EventKind.ITEM_CONFIRMED: _confirmed,
    EventKind.ITEM_DENIED: _denied,
    EventKind.ITEM_ANSWERS_TAKEN_BACK: _taken_back,
    EventKind.PLAN_HANDED_OVER: _handed_over,
    EventKind.PLAN_APPROVED: _approved,
    EventKind.DEVIATIONS_FOLDED: _folded,
    EventKind.DEVIATIONS_DISMISSED: _dismissed,
}
