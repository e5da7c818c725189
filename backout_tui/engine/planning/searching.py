"""Searches the stored plans for words without parsing each of them."""

from __future__ import annotations

from collections.abc import Sequence

from backout_tui.domain.plan.plan_line import PlanHead
from backout_tui.engine.desk import Desk
from backout_tui.engine.listing import head_of
from backout_tui.store.log.rows import PlanRevision


def search(desk: Desk, words: Sequence[str], *, service: str = "", team: str = "") -> tuple[PlanHead, ...]:
    """The plans of that service and team that contain every word, in upper or lower case, newest first.

    A word can be in the release, the environment, the team, or anywhere in the text, including its title.
    """
    if not desk.exists:
        return ()
    wanted = [word.casefold() for word in words]
    rows = [row for row in desk.reader.plan_revisions() if _is(service, row.name) and _is(team, row.team)]
    return tuple(head_of(row) for row in reversed(rows) if _holds(row, wanted))


def _is(wanted: str, name: str) -> bool:
    return not wanted or wanted.casefold() == name.casefold()


def _holds(row: PlanRevision, words: Sequence[str]) -> bool:
    said = "\n".join((row.name, row.version, row.environment, row.team, row.text)).casefold()
    return all(word in said for word in words)
