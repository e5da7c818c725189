"""The backouts and plans there are, as lines for the list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from backout_tui.domain.backout import Phase, Release
from backout_tui.domain.codec import decode
from backout_tui.domain.events import Event
from backout_tui.domain.fold import number_of
from backout_tui.domain.plan_line import PlanHead, PlanLine
from backout_tui.engine import opening
from backout_tui.engine.desk import Desk

if TYPE_CHECKING:
    from backout_tui.store.rows import PlanRevision


@dataclass(frozen=True, slots=True)
class BackoutLine:
    """One backout, as the list shows it. `phase` is contract.md section 4's state; `outcome` "" while it is open."""

    id: int
    release: str
    returns_to: str
    environment: str
    phase: str
    mode: str
    opened_at: datetime
    operator: str
    outcome: str


def backouts(desk: Desk) -> tuple[BackoutLine, ...]:
    """Every backout: the open ones first, then the newest first."""
    if not desk.exists:
        return ()
    last = {event.log: event for event in desk.reader.last_events("backout:")}
    lines = [_line(desk, first, last[first.log]) for first in desk.reader.first_events("backout:")]
    return tuple(sorted(lines, key=lambda line: (line.phase == "closed", -line.id)))


def _line(desk: Desk, first: Event, last: Event) -> BackoutLine:
    release = decode(Release, first.data["release"])
    phase, operator, outcome = _stand(desk, last)
    return BackoutLine(
        id=number_of(first.log),
        release=str(release),
        returns_to=release.returns_to,
        environment=release.environment,
        phase=phase,
        mode=first.data["mode"],
        opened_at=first.when,
        operator=operator,
        outcome=outcome,
    )


def _stand(desk: Desk, last: Event) -> tuple[str, str, str]:
    """Phase, operator and outcome. What closing recorded says it all, so that a long list is read fast."""
    if last.kind == "BackoutClosed":
        return Phase.CLOSED.value, last.actor.name, str(last.data.get("outcome", ""))
    backout, _ = opening.opened(desk, number_of(last.log))
    closed = backout.phase is Phase.CLOSED
    return backout.phase.value, backout.operator, backout.verdict.outcome if closed and backout.verdict else ""


def open_backouts(desk: Desk) -> tuple[int, ...]:
    """The ids of the backouts that are not closed, newest first."""
    if not desk.exists:
        return ()
    open_logs = set(desk.reader.logs("backout:")) - desk.reader.closed_logs("backout:")
    return tuple(sorted(map(number_of, open_logs), reverse=True))


def open_of(desk: Desk, release: Release, mode: str) -> int | None:
    """The open backout of the same release and environment, in the same mode; None when there is none.

    Reads first events alone: it is also asked inside a transaction, where nothing can be settled.
    """
    wanted = (release.name, release.version, release.environment)
    for number in open_backouts(desk):
        for first in desk.reader.events_after(f"backout:{number}", 0, limit=1):
            found = decode(Release, first.data["release"])
            if (found.name, found.version, found.environment) == wanted and first.data["mode"] == mode:
                return number
    return None


def plan_heads(desk: Desk) -> tuple[PlanHead, ...]:
    """Every plan's newest revision, newest first, none of them read: ten thousand are listed as fast as ten."""
    return tuple(reversed(desk.reader.plan_heads())) if desk.exists else ()


def plan_lines(desk: Desk, heads: Iterable[PlanHead] | None = None) -> Iterator[PlanLine]:
    """Every plan, or those of `heads`, read one by one as they are asked for."""
    for head in plan_heads(desk) if heads is None else heads:
        revision = desk.reader.plan_revision(head.id)
        assert revision is not None  # a plan never goes
        yield _plan_line(desk, revision)


def head_of(revision: PlanRevision) -> PlanHead:
    """What is known of it without reading its text."""
    one = revision
    return PlanHead(one.plan_id, one.name, one.version, one.environment, one.team, one.revision)


def _plan_line(desk: Desk, revision: PlanRevision) -> PlanLine:
    from backout_tui.engine import plans
    from backout_tui.engine.planning.rehearsals import asked

    found = plans.stored(desk, revision)
    return PlanLine(
        id=revision.plan_id,
        name=revision.name,
        version=revision.version,
        environment=revision.environment,
        team=revision.team,
        revision=revision.revision,
        title=found.plan.title,
        approved=found.approved,
        answered_ids=tuple(question.id for question in asked(desk, found) if question.answered),
        unconfirmed=len(found.unconfirmed),
    )
