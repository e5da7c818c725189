"""What people said about a plan: the fold over the plan's own log. contract.md section 10."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from backout_tui.domain.events import Event
from backout_tui.domain.plan_items import PlanItem


@dataclass(frozen=True, slots=True)
class Source:
    """What a plan was derived from; `plan` is 0 for a file. `name`, `version`, `returns_to` were the source's own."""

    plan: int
    revision: int
    sha256: str
    name: str = ""
    version: str = ""
    returns_to: str = ""
    where: str = ""

    def __str__(self) -> str:
        """`payments-api 4.12.0 (plan 3, revision 2)`."""
        place = f"plan {self.plan}, revision {self.revision}" if self.plan else self.where
        return f"{f'{self.name} {self.version}'.strip() or 'a plan'} ({place})"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Somebody said that an item is right for this release; it holds while the item's hash is `hash`."""

    hash: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RevisionNote:
    """Who stored a revision, when, and why; `what` is how: stored, copied, edited, dropped."""

    revision: int
    sha256: str
    what: str
    by: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approved which text."""

    revision: int
    sha256: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Dealt:
    """What was done about the deviations of a backout, up to its event `through`: folded back, or dismissed.

    Of those folded back `items` says by their keys what the night made of them, in words; `made_from` is the revision
    before.
    """

    backout: int
    through: int
    how: str
    by: str
    at: datetime
    reason: str = ""
    made_from: int = 0
    items: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlanRecord:
    """What the log of one plan says. `inherited` and `confirmed` go by items' keys, `labels` are those of inherited.

    What was folded back from a backout is inherited from the night: it has to be confirmed as what was copied has.
    """

    source: Source | None = None
    inherited: Mapping[str, str] = field(default_factory=dict)
    labels: frozenset[str] = frozenset()
    confirmed: Mapping[str, Confirmation] = field(default_factory=dict)
    revisions: tuple[RevisionNote, ...] = ()
    approvals: tuple[Approval, ...] = ()
    dealt: tuple[Dealt, ...] = ()

    def dealt_through(self, backout: int) -> int:
        """The last event of a backout up to which its deviations were folded back or dismissed; 0 for none."""
        return max((one.through for one in self.dealt if one.backout == backout), default=0)

    def departed(self, item: PlanItem) -> tuple[Dealt, ...]:
        """From which backouts something was folded back into this item."""
        return tuple(one for one in self.dealt if item.key in one.items)

    def approval_of(self, sha256: str) -> Approval | None:
        """The last approval of exactly this text."""
        return next((one for one in reversed(self.approvals) if one.sha256 == sha256), None)

    def confirmation_of(self, item: PlanItem) -> Confirmation | None:
        """The confirmation of an item as it is now; None when there is none, or the item has changed since."""
        said = self.confirmed.get(item.key)
        return said if said is not None and said.hash == item.hash else None

    def is_inherited(self, item: PlanItem) -> bool:
        """Whether an item came with the plan it was copied from; under another title it is known by its label."""
        return item.key in self.inherited or item.label in self.labels


NOTHING_SAID = PlanRecord()
"""The record of a plan that is not stored."""


def record_of(events: Iterable[Event]) -> PlanRecord:
    """The fold of a plan's log. A kind this program does not know is passed over: a newer one wrote it."""
    record = PlanRecord()
    for event in events:
        if (note := _note(event)) is not None:
            record = replace(record, revisions=(*record.revisions, note))
        if (apply := _APPLY.get(event.kind)) is not None:
            record = apply(record, event)
    return record


def unconfirmed(record: PlanRecord, items: Sequence[PlanItem]) -> tuple[PlanItem, ...]:
    """The inherited items that nobody has confirmed as they are now: the plan cannot be approved with them."""
    return tuple(item for item in items if record.is_inherited(item) and record.confirmation_of(item) is None)


def unchanged(record: PlanRecord, items: Sequence[PlanItem]) -> tuple[PlanItem, ...]:
    """Those of the unconfirmed items that say what they said in the plan that they were copied from."""
    return tuple(item for item in unconfirmed(record, items) if record.inherited.get(item.key) == item.hash)


_HOW = {"PlanStored": "stored", "PlanCopied": "copied", "PlanEdited": "edited", "ItemDropped": "dropped an item"}


def _note(event: Event) -> RevisionNote | None:
    stored = event.data.get("stored")
    if not isinstance(stored, Mapping):
        return None
    how, reason = _HOW.get(event.kind, "stored"), str(event.data.get("reason", ""))
    if event.kind == "DeviationsFolded":
        how = f"folded back backout {event.data.get('backout')}"
    if event.kind == "ItemDropped":
        how = f"dropped {event.data.get('item', 'an item')}"
    return RevisionNote(stored["revision"], stored["sha256"], how, event.actor.name, event.when, reason)


def _copied(record: PlanRecord, event: Event) -> PlanRecord:
    items: Sequence[Mapping[str, Any]] = event.data["items"]
    return replace(
        record,
        source=Source(**event.data["source"]),
        inherited={one["key"]: one["hash"] for one in items},
        labels=frozenset(one["item"] for one in items),
    )


def _confirmed(record: PlanRecord, event: Event) -> PlanRecord:
    said = {one["key"]: Confirmation(one["hash"], event.data["by"], event.when) for one in event.data["items"]}
    return replace(record, confirmed={**record.confirmed, **said})


def _approved(record: PlanRecord, event: Event) -> PlanRecord:
    data = event.data
    approval = Approval(data["revision"], data["sha256"], data["by"], event.when)
    return replace(record, approvals=(*record.approvals, approval))


def _folded(record: PlanRecord, event: Event) -> PlanRecord:
    """Each item that the night touched is to be confirmed, whatever was said of it before."""
    items: Sequence[Mapping[str, Any]] = event.data["items"]
    keys = {one["key"] for one in items}
    words = {one["key"]: tuple(one["deviations"]) for one in items}
    made_from = event.data["stored"]["revision"] - 1
    return replace(
        record,
        inherited={**record.inherited, **dict.fromkeys(keys, "")},
        labels=record.labels | {one["item"] for one in items},
        confirmed={key: said for key, said in record.confirmed.items() if key not in keys},
        dealt=(*record.dealt, _dealt(event, "folded back", made_from, words)),
    )


def _dismissed(record: PlanRecord, event: Event) -> PlanRecord:
    return replace(record, dealt=(*record.dealt, _dealt(event, "dismissed")))


def _dealt(event: Event, how: str, made_from: int = 0, items: Mapping[str, tuple[str, ...]] | None = None) -> Dealt:
    data, reason = event.data, str(event.data.get("reason", ""))
    by = event.actor.name
    return Dealt(data["backout"], data["through"], how, by, event.when, reason, made_from, items or {})


_APPLY: Mapping[str, Callable[[PlanRecord, Event], PlanRecord]] = {
    "PlanCopied": _copied,
    "ItemConfirmed": _confirmed,
    "PlanApproved": _approved,
    "DeviationsFolded": _folded,
    "DeviationsDismissed": _dismissed,
}
