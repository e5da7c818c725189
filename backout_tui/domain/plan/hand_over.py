"""The hand-over of a plan to the people who support production, and whether they accepted it."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from backout_tui.domain.backout.events import Event
from backout_tui.domain.backout.payloads.plan_payloads import PlanHanded
from backout_tui.domain.values import replace


class PlanHandOver(Struct, frozen=True):
    """The plan was handed over to the people who support production; `accepted_by` is "" until one of them did."""

    revision: int
    to: str
    by: str
    at: datetime
    accepted_by: str = ""
    accepted_at: datetime | None = None


def handed_over_by(event: Event, before: PlanHandOver | None) -> PlanHandOver:
    """What an event says of it; a second one with the same revision and name is the acceptance of the first."""
    said = event.says(PlanHanded)
    same = before is not None and (before.revision, before.to) == (said.revision, said.to)
    base = before if before is not None and same else PlanHandOver(said.revision, said.to, event.actor.name, event.when)
    return replace(base, accepted_by=said.accepted_by, accepted_at=event.when) if said.accepted_by else base


def hand_over_words(said: PlanHandOver | None, revision: int) -> str:
    """Whether a plan was handed over, in one sentence: `handed over to ops by sam, accepted by kim`."""
    if said is None:
        return "not handed over to the people who support production"
    accepted = f"accepted by {said.accepted_by}" if said.accepted_by else "not accepted yet"
    older = f"; that was revision {said.revision}, this is revision {revision}" if said.revision != revision else ""
    return f"handed over to {said.to} by {said.by}, {accepted}{older}"
