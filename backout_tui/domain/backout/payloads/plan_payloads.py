"""Payloads of a plan's own log: stored, copied, confirmed, approved, folded back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from backout_tui.domain.backout.payload import Count, Payload
from backout_tui.domain.plan.fences import FORMER
from backout_tui.domain.values import replace

_NAMED = 5
"""Errors that an approval's words name; the plan's check shows all."""


def approved_words(by: str, despite: Sequence[str], why: str) -> str:
    """`release manager, despite 1 error of plan check (other-version at step 2): it is only named`."""
    if not despite:
        return by
    count = "1 error" if len(despite) == 1 else f"{len(despite)} errors"
    named = ", ".join([*despite[:_NAMED], *(["..."] if len(despite) > _NAMED else [])])
    return f"{by}, despite {count} of plan check ({named}): {why}"


class Source(Struct, frozen=True):
    """What a plan was derived from; `plan` is 0 for a file. `name`, `version` and `returns_to` are the source's own."""

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


class Revision(Struct, frozen=True):
    """Which revision of the plan was stored."""

    revision: Count
    sha256: str


class Item(Struct, frozen=True):
    """An item of the plan, as it was when somebody copied or confirmed it."""

    key: str
    hash: str
    item: str = ""


class Touched(Struct, frozen=True):
    """An item of the plan, with a backout's deviations from it."""

    key: str
    item: str
    deviations: Sequence[str]


class Stored(Payload, frozen=True, kw_only=True):
    """A revision was stored; with `rule` and `item`, because that finding was silenced in it."""

    stored: Revision
    reason: str = ""
    rule: str = ""
    item: str = ""


class Dropped(Stored, frozen=True, kw_only=True):
    """A revision was stored that drops an `item` of the one before."""


class Copied(Stored, frozen=True, kw_only=True):
    """The plan began as a copy of another.

    With `asks`, its review also asks about each word that may be the other release's; `services` are the names of the
    other services that had plans then. A copy that was made before has neither.
    """

    source: Source
    items: Sequence[Item]
    asks: bool = False
    services: Sequence[str] = ()


class Confirmed(Payload, frozen=True, kw_only=True):
    """Somebody said that items are right for this release."""

    by: str
    items: Sequence[Item]


class Denied(Confirmed, frozen=True, kw_only=True):
    """Somebody said that items are not right for this release: they are to be changed or dropped."""


class AnswersTakenBack(Payload, frozen=True, kw_only=True):
    """Somebody took back what was said of items in event `said`: they are as they were before it."""

    said: Count


class PlanHanded(Payload, frozen=True, kw_only=True):
    """The plan was handed over to the people who support production; `accepted_by` is "" until one of them did."""

    revision: Count
    to: str
    accepted_by: str = ""


class Approved(Payload, frozen=True, kw_only=True):
    """Somebody approved exactly one text.

    `reading` is how its fences were read (`domain/plan/fences`). `despite` names the errors that the check found in it,
    and `reason` says why it was approved all the same.
    """

    revision: Count
    sha256: str
    by: str
    reading: int = FORMER
    despite: Sequence[str] = ()
    reason: str = ""


class Folded(Stored, frozen=True, kw_only=True):
    """A backout's deviations became the plan's next revision."""

    backout: Count
    through: Count
    items: Sequence[Touched]


class Dismissed(Payload, frozen=True, kw_only=True):
    """Somebody said that the plan doesn't need a backout's deviations."""

    backout: Count
    through: Count
    reason: str = ""


class PlanHandOver(Struct, frozen=True):
    """The plan was handed over to the people who support production; `accepted_by` is "" until one of them did."""

    revision: int
    to: str
    by: str
    at: datetime
    accepted_by: str = ""
    accepted_at: datetime | None = None


def handed_over_by(said: PlanHanded, by: str, at: datetime, before: PlanHandOver | None) -> PlanHandOver:
    """What an event says of it; a second one with the same revision and name is the acceptance of the first."""
    same = before is not None and (before.revision, before.to) == (said.revision, said.to)
    base = before if before is not None and same else PlanHandOver(said.revision, said.to, by, at)
    return replace(base, accepted_by=said.accepted_by, accepted_at=at) if said.accepted_by else base


def hand_over_words(said: PlanHandOver | None, revision: int) -> str:
    """Whether a plan was handed over, in one sentence: `handed over to ops by sam, accepted by kim`."""
    if said is None:
        return "not handed over to the people who support production"
    accepted = f"accepted by {said.accepted_by}" if said.accepted_by else "not accepted yet"
    older = f"; that was revision {said.revision}, this is revision {revision}" if said.revision != revision else ""
    return f"handed over to {said.to} by {said.by}, {accepted}{older}"
