"""The earlier releases of a service, and how their plans went when they were run."""

from __future__ import annotations

from collections.abc import Mapping

from backout_tui.domain.backout.fold import number_of
from backout_tui.domain.backout.payloads.backout_payloads import Opened
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.experience.plan_history import Earlier, LastRun, labels_of, last_run
from backout_tui.domain.plan.plan_items import PlanItem, items_of
from backout_tui.engine import opening, plans
from backout_tui.engine.desk import Desk
from backout_tui.engine.plans import Found

RELEASES = 3
"""How many earlier releases are read."""
BACKOUTS = 5
"""How many backouts and rehearsals of the service are searched for an item's last run, newest first."""


class History:
    """The history of a plan's items; read when it is first asked for, and kept."""

    def __init__(self, desk: Desk, found: Found) -> None:
        """Look back from the plan `found`."""
        self._desk, self._found = desk, found
        self._plans: list[tuple[str, int, dict[str, PlanItem]]] | None = None
        self._backouts: list[tuple[Backout, Mapping[str, str]]] | None = None

    def earlier(self, item: PlanItem) -> tuple[Earlier, ...]:
        """The item in the plans of the last three releases, newest first."""
        if self._plans is None:
            self._plans = _plans_before(self._desk, self._found)
        return tuple(Earlier(release, plan_id, items.get(item.key)) for release, plan_id, items in self._plans)

    def last_run(self, item: PlanItem) -> LastRun | None:
        """The item's last run: the newest backout or rehearsal in which it got a result. None when there is none."""
        if self._backouts is None:
            self._backouts = [(one, labels_of(one)) for one in _backouts_before(self._desk, self._found)]
        runs = (last_run(backout, item, labels) for backout, labels in self._backouts)
        return next((run for run in runs if run is not None), None)


def _plans_before(desk: Desk, found: Found) -> list[tuple[str, int, dict[str, PlanItem]]]:
    """Release, id and items of the earlier plans: the one it was copied from, then the service's other plans."""
    if not desk.exists:
        return []
    own = found.revision.plan_id if found.revision is not None else 0
    source = found.record.source
    name, version = found.plan.release
    rows = [one for one in desk.reader.plan_revisions() if one.plan_id != own and (not own or one.plan_id < own)]
    near = [one for one in rows if source is not None and one.plan_id == source.plan]
    rest = [one for one in reversed(rows) if one.name == name and one.version != version and one not in near]
    before: list[tuple[str, int, dict[str, PlanItem]]] = []
    for row in [*near, *rest]:
        items = {item.key: item for item in items_of(plans.stored(desk, row).plan)}
        if items and all(row.plan_id != plan_id for _, plan_id, _ in before):
            before.append((f"{row.name} {row.version}".strip(), row.plan_id, items))
        if len(before) == RELEASES:
            break
    return before


def _backouts_before(desk: Desk, found: Found) -> list[Backout]:
    if not desk.exists:
        return []
    names = {found.plan.release[0], found.record.source.name if found.record.source is not None else ""} - {""}
    numbers = [
        number_of(first.log)
        for first in desk.reader.first_events("backout:")
        if first.says(Opened).release.name in names
    ]
    return list(opening.readable(desk, sorted(numbers, reverse=True)[:BACKOUTS]))
