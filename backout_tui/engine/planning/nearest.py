"""Finds the plans nearest to a release, with how ready they are and how their backouts went."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from backout_tui.domain.backout.choices import Mode
from backout_tui.domain.backout.fold import number_of
from backout_tui.domain.backout.payloads.backout_payloads import Closed, Opened
from backout_tui.domain.plan.nearness import REASONS, THIS_RELEASE, Sought, ranked, with_team
from backout_tui.domain.plan.plan_line import Near, PlanHead, Run, how_it_went
from backout_tui.engine import listing
from backout_tui.engine.desk import Desk

NEAREST = 10
"""How many plans are offered: as many as somebody looks at before they start a new one."""

_AFFECTS = re.compile(r"^\s*[-*+]\s+affects\s*:(.*)$", re.MULTILINE)


def nearest(
    desk: Desk,
    name: str,
    version: str = "",
    *,
    team: str = "",
    environment: str = "",
    among: Collection[int] | None = None,
) -> tuple[Near, ...]:
    """The plans that may be useful for a release of the service `name`, nearest first, each with the reason.

    Of those that are near for the same reason, what was really run comes first, the better it went the earlier.

    `among` are the ids of the plans to choose from, by default all. Plans that answer none of the nine questions are
    left out: they don't help with another release.
    """
    if not desk.exists or not name.strip():
        return ()
    everything = desk.reader.plan_revisions()
    rows = [row for row in everything if among is None or row.plan_id in among]
    affecting = {row.plan_id for row in rows if _affects(row.text.casefold(), name.strip().casefold())}
    sought = with_team(Sought(name.strip(), version, environment, team), map(listing.head_of, everything))
    found = ranked(map(listing.head_of, rows), sought, affecting)
    runs, shown = _runs(desk, {head.id for head, _ in found})

    def place(one: tuple[PlanHead, str]) -> tuple[int, int]:
        return REASONS.index(one[1]), how_it_went(runs.get(one[0].id, ()), shown).rank

    near = _useful(desk, sorted(found, key=place))
    return tuple(Near(one.line, one.reason, runs.get(one.line.id, ()), shown) for one in near)


def _useful(desk: Desk, found: Iterable[tuple[PlanHead, str]]) -> list[Near]:
    near: list[Near] = []
    for head, reason in found:
        (line,) = listing.plan_lines(desk, [head])
        if line.answered or reason == THIS_RELEASE:
            near.append(Near(line, reason))
        if len(near) == NEAREST:
            break
    return near


def _affects(text: str, name: str) -> bool:
    """Whether one of the `affects` facts names the service as a whole word."""
    if "affects" not in text or name not in text:
        return False
    word = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
    return any(word.search(said) for said in _AFFECTS.findall(text))


def _runs(desk: Desk, plans: Collection[int]) -> tuple[Mapping[int, tuple[Run, ...]], frozenset[int]]:
    """The backouts of these plans, newest first, and which of them only showed; first and closing events are read."""
    outcomes = {event.log: event.says(Closed).outcome for event in desk.reader.closings()} if plans else {}
    runs: dict[int, tuple[Run, ...]] = {}
    shown: set[int] = set()
    for first in desk.reader.first_events() if plans else ():
        said = first.says(Opened)
        plan = said.plan.id
        if plan in plans:
            run = Run(number_of(first.log), said.mode, outcomes.get(first.log, ""))
            runs[plan] = (run, *runs.get(plan, ()))
            if said.mode is Mode.REHEARSAL and not said.rehearsed_in:
                shown.add(run.backout)
    return runs, frozenset(shown)
