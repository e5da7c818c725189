"""All backouts and plans, as lines for the list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from backout_tui.domain.backout.events import Event
from backout_tui.domain.backout.fold import OPENING, number_of
from backout_tui.domain.backout.payloads.backout_payloads import Closed, Opened, Release
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.state import Phase
from backout_tui.domain.damage import DamagedEvent
from backout_tui.domain.plan.plan_line import PlanHead, PlanLine
from backout_tui.engine import opening
from backout_tui.engine.desk import Desk
from backout_tui.errors import Damaged

if TYPE_CHECKING:
    from backout_tui.store.log.rows import PlanRevision
    from backout_tui.store.state.asking_state import ClosedRow


DAMAGED = "damaged"
"""What the list shows in place of a phase when the backout cannot be read."""


class BackoutLine(Struct, frozen=True):
    """One backout, as the list shows it. `phase` is contract.md section 4's state; `outcome` is "" while it is open.

    When the backout cannot be read, `damaged` says why, `phase` is DAMAGED, and the rest comes from its opening event
    as far as that can be read.
    """

    id: int
    release: str
    returns_to: str
    environment: str
    phase: str
    mode: str
    opened_at: datetime | None
    operator: str
    outcome: str
    damaged: str = ""


class Listed(Struct, frozen=True):
    """Lines of the list, how many backouts were left out, and how many of those are open."""

    lines: tuple[BackoutLine, ...] = ()
    more: int = 0
    more_open: int = 0


def backouts(desk: Desk) -> tuple[BackoutLine, ...]:
    """Every backout: the open ones first, then newest first. A damaged one gets a line that says so."""
    return listed(desk, None).lines


def listed(desk: Desk, at_most: int | None) -> Listed:
    """The first `at_most` lines of the list, or all of them for None.

    The logs tell which backouts exist and which are open. An open backout is folded for its line. A closed one's line
    comes from the state tables while its log still ends where they say.
    """
    if not desk.exists:
        return Listed()
    closed = desk.reader.closed_logs()
    logs = desk.reader.logs()[::-1]
    logs = [log_id for log_id in logs if log_id not in closed] + [log_id for log_id in logs if log_id in closed]
    shown = logs[:at_most]
    left = logs[len(shown) :]
    known = _closed_lines(desk, [log_id for log_id in shown if log_id in closed])
    lines = [known.get(log_id) or _read(desk, log_id, closed=log_id in closed) for log_id in shown]
    lines.sort(key=lambda line: (line.phase == Phase.CLOSED.value, -line.id))
    return Listed(tuple(lines), len(left), sum(log_id not in closed for log_id in left))


def _closed_lines(desk: Desk, logs: Sequence[str]) -> Mapping[str, BackoutLine]:
    """The lines of those closed logs for which the state tables are up to date."""
    from backout_tui.store.state import asking_state

    rows = asking_state.closed_rows(desk.reader, [number_of(log_id) for log_id in logs])
    heads = asking_state.heads(desk.reader, [log_id for log_id in logs if number_of(log_id) in rows])
    return {
        log_id: _closed_line(row) for log_id, head in heads.items() if (row := rows[number_of(log_id)]).head == head
    }


def _closed_line(row: ClosedRow) -> BackoutLine:
    return BackoutLine(
        id=row.id,
        release=row.release,
        returns_to=row.returns_to,
        environment=row.environment,
        phase=Phase.CLOSED.value,
        mode=row.mode,
        opened_at=row.opened_at,
        operator=row.closed_by,
        outcome=row.outcome,
    )


def _read(desk: Desk, log_id: str, *, closed: bool) -> BackoutLine:
    """The line of a backout, from its log. If the log ends with the closing, the first and last events are enough."""
    try:
        last = desk.reader.last_event(log_id) if closed else None
        if last is not None and last.kind == EventKind.BACKOUT_CLOSED:
            for first in desk.reader.events_after(log_id, 0, limit=1):
                if first.kind == OPENING:
                    return _line(first, Phase.CLOSED.value, last.actor.name, last.says(Closed).outcome)
        backout, _ = opening.opened(desk, number_of(log_id))
    except DamagedEvent as damaged:
        first_events = _opening_of(desk, number_of(log_id))
        return _damaged_line(log_id, first_events[0] if first_events else None, damaged)
    ended = backout.verdict if backout.phase is Phase.CLOSED else None
    return BackoutLine(
        id=backout.id,
        release=str(backout.release),
        returns_to=backout.release.returns_to,
        environment=backout.release.environment,
        phase=backout.phase.value,
        mode=backout.mode,
        opened_at=backout.opened_at,
        operator=backout.operator,
        outcome=ended.outcome if ended is not None else "",
    )


def _line(first: Event, phase: str, operator: str, outcome: str, damaged: str = "") -> BackoutLine:
    said = first.says(Opened)
    release = said.release
    return BackoutLine(
        id=number_of(first.log),
        release=str(release),
        returns_to=release.returns_to,
        environment=release.environment,
        phase=phase,
        mode=first.says(Opened).mode,
        opened_at=first.when,
        operator=operator,
        outcome=outcome,
        damaged=damaged,
    )


def _damaged_line(log_id: str, first: Event | None, damaged: DamagedEvent) -> BackoutLine:
    if first is not None:
        return _line(first, DAMAGED, "", "", damaged.what)
    return BackoutLine(number_of(log_id), "", "", "", DAMAGED, "live", None, "", "", damaged.what)


def open_backouts(desk: Desk) -> tuple[int, ...]:
    """The ids of the backouts that are not closed, newest first."""
    if not desk.exists:
        return ()
    from backout_tui.store.state import asking_state

    found = asking_state.open_numbers(desk.reader)
    if found is not None:
        return tuple(number for number in found if asking_state.is_open(desk.reader, f"backout:{number}"))
    open_logs = set(desk.reader.logs()) - desk.reader.closed_logs()
    return tuple(sorted(map(number_of, open_logs), reverse=True))


def open_of(desk: Desk, release: Release, mode: str) -> int | None:
    """The open backout of the same release and environment, in the same mode; None when there is none.

    The state tables give the candidates, and each one's own log confirms it. It is also called inside a transaction,
    where nothing can be settled.
    """
    if not desk.exists:
        return None
    from backout_tui.store.state import asking_state

    wanted = (release.name, release.version, release.environment)
    found = asking_state.open_numbers(desk.reader, wanted, mode)
    for number in open_backouts(desk) if found is None else found:
        for first in _opening_of(desk, number):
            told = first.says(Opened)
            same = (told.release.name, told.release.version, told.release.environment) == wanted and told.mode == mode
            if same and asking_state.is_open(desk.reader, first.log):
                return number
    return None


def _opening_of(desk: Desk, number: int) -> list[Event]:
    """The event that opened a backout; empty for a damaged one, which does not keep anybody from starting another."""
    try:
        return [one for one in desk.reader.events_after(f"backout:{number}", 0, limit=1) if one.kind == OPENING]
    except DamagedEvent:
        return []


def plan_heads(desk: Desk) -> tuple[PlanHead, ...]:
    """Every plan's newest revision, newest first. No text is read, so ten thousand plans are listed as fast as ten."""
    return tuple(reversed(desk.reader.plan_heads())) if desk.exists else ()


def plan_lines(desk: Desk, heads: Iterable[PlanHead] | None = None) -> Iterator[PlanLine]:
    """Every plan, or those of `heads`, each read only when it is asked for; a damaged one gets a line that says so."""
    for head in plan_heads(desk) if heads is None else heads:
        try:
            revision = desk.reader.plan_revision(head.id)
            assert revision is not None  # plans are never deleted
            yield _plan_line(desk, revision)
        except Damaged as damaged:
            known = (head.id, head.name, head.version, head.environment, head.team, head.revision)
            yield PlanLine(*known, title="", approved=False, damaged=damaged.what)


def head_of(revision: PlanRevision) -> PlanHead:
    """The part of a revision that is known without reading its text."""
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
