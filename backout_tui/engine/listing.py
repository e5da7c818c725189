"""The backouts and plans there are, as lines for the list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from backout_tui.domain.backout import Phase, Release
from backout_tui.domain.codec import decode
from backout_tui.domain.events import Event
from backout_tui.domain.fold import number_of
from backout_tui.engine import opening
from backout_tui.engine.desk import Desk


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


@dataclass(frozen=True, slots=True)
class PlanLine:
    """The newest revision of one plan. `answered` counts the nine questions that it answers."""

    id: int
    title: str
    name: str
    version: str
    environment: str
    team: str
    revision: int
    approved: bool
    answered: int


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


def plan_lines(desk: Desk) -> tuple[PlanLine, ...]:
    """Every plan's newest revision, newest first."""
    from backout_tui.domain.readiness import questions
    from backout_tui.engine import plans

    if not desk.exists:
        return ()
    lines = []
    for revision in desk.reader.plan_revisions():
        found = plans.stored(desk, revision)
        answered = sum(question.answered for question in questions(found.plan))
        lines.append(
            PlanLine(
                id=revision.plan_id,
                title=found.plan.title,
                name=revision.name,
                version=revision.version,
                environment=revision.environment,
                team=revision.team,
                revision=revision.revision,
                approved=found.approved,
                answered=answered,
            )
        )
    return tuple(reversed(lines))
