"""What people said about a stored plan, in words and as JSON data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import Any

from backout_tui.domain.backout.payloads.plan_payloads import PlanHandOver, hand_over_words
from backout_tui.domain.codec import rfc3339
from backout_tui.domain.plan.plan_items import PlanItem
from backout_tui.domain.plan.plan_record import PlanRecord, RevisionNote
from backout_tui.domain.text import clean_line


def stored_json(
    number: int, revision: int, sha256: str, record: PlanRecord, unconfirmed: Sequence[PlanItem], *, approved: bool
) -> dict[str, Any]:
    """Return the part "stored" of `plan show --json`."""
    approval = record.approval_of(sha256)
    return {
        "id": number,
        "revision": revision,
        "sha256": sha256,
        "approved": approved,
        "approved_by": approval.by if approval is not None and approved else None,
        "approved_despite": list(approval.despite) if approval is not None and approved else [],
        "approved_because": approval.reason or None if approval is not None and approved else None,
        "derived_from": str(record.source) if record.source is not None else None,
        "unconfirmed": [item.label for item in unconfirmed],
        "handed_over": _handed_over(record.handed_over),
        "revisions": [_note(one) for one in record.revisions],
    }


def _handed_over(said: PlanHandOver | None) -> dict[str, Any] | None:
    if said is None:
        return None
    accepted_at = rfc3339(said.accepted_at) if said.accepted_at is not None else None
    document = {"revision": said.revision, "to": said.to, "by": said.by, "at": rfc3339(said.at)}
    return {**document, "accepted_by": said.accepted_by or None, "accepted_at": accepted_at}


def _note(one: RevisionNote) -> dict[str, Any]:
    return {
        "revision": one.revision,
        "sha256": one.sha256,
        "what": one.what,
        "by": one.by,
        "at": rfc3339(one.at),
        "reason": one.reason or None,
    }


def lines(stored: dict[str, Any], record: PlanRecord) -> Iterator[str]:
    """The same in words for people, below what the plan says."""
    approval = record.approval_of(stored["sha256"]) if stored["approved"] else None
    state = f"approved by {approval.words}" if approval is not None else "approved" if stored["approved"] else ""
    yield clean_line(f"Plan {stored['id']}, revision {stored['revision']}: {state or 'not approved'}")
    yield f"  sha256 {stored['sha256']}"
    if stored["derived_from"]:
        yield clean_line(f"  derived from {stored['derived_from']}")
    if (said := record.handed_over) is not None:
        yield clean_line(f"  {hand_over_words(said, stored['revision'])}")
    if stored["unconfirmed"]:
        yield clean_line(f"  to confirm: {', '.join(stored['unconfirmed'])}")
    for one in record.revisions:
        when, why = one.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC"), f": {one.reason}" if one.reason else ""
        yield clean_line(f"  revision {one.revision}  {when}  {one.by}  {one.what}{why}")
