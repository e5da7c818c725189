"""Which plans are nearest to a release: its own, its service's, its team's, then those of similar services."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterable, Sequence
from difflib import SequenceMatcher

from msgspec import Struct

from backout_tui.domain.plan.plan_line import PlanHead
from backout_tui.domain.values import replace

THIS_RELEASE, SAME_SERVICE, SAME_TEAM = "this release", "same service", "same team"
SIMILAR_SERVICE, AFFECTS_IT = "similar service", "says that it affects this service"
REASONS = (THIS_RELEASE, SAME_SERVICE, SAME_TEAM, SIMILAR_SERVICE, AFFECTS_IT)
"""Why a plan is near, the nearest first."""

ALIKE = 0.8
"""The ratio from which two names count as similar: a typo or a plural passes, a shared ending doesn't."""

_WORD = re.compile(r"[-_/.\s]+")
_PART = re.compile(r"[0-9]{1,18}|[a-z]+")
_SAYS_NOTHING = frozenset(
    {"api", "app", "backend", "db", "frontend", "job", "server", "service", "svc", "web", "worker"}
)
"""Words that say what sort of thing a service is, but not which one."""

_VersionKey = tuple[tuple[int, int, str], ...]


class Sought(Struct, frozen=True):
    """The release that needs a plan; a field that is not known is ""."""

    name: str
    version: str = ""
    environment: str = ""
    team: str = ""


def ranked(
    plans: Iterable[PlanHead], sought: Sought, affecting: Collection[int] = ()
) -> tuple[tuple[PlanHead, str], ...]:
    """The plans that are near, the nearest first, each with the reason; all others are left out.

    `affecting` are the ids of the plans that say they affect the service. Of any other service, only the newest plan
    for each environment counts.
    """
    newest = sorted(plans, key=lambda plan: _recency(plan, sought.environment), reverse=True)
    own = [plan for plan in newest if _same(plan.name, sought.name)]
    others = _one_of_each([plan for plan in newest if not _same(plan.name, sought.name)])
    found = [(plan, reason) for plan in (*own, *others) if (reason := _reason(plan, sought, affecting))]
    return tuple(sorted(found, key=lambda one: _rank(one[0], one[1], sought.name)))


def with_team(sought: Sought, plans: Iterable[PlanHead]) -> Sought:
    """The same release, with the team of the service's newest plan if no team is known."""
    teams = [(version_key(plan.version), plan.team) for plan in plans if plan.team and _same(plan.name, sought.name)]
    return sought if sought.team or not teams else replace(sought, team=max(teams)[1])


def version_key(version: str) -> _VersionKey:
    """A sort key for versions: numbers compare as numbers, and a release comes after its own pre-releases."""
    parts = _PART.findall(version.casefold().removeprefix("v"))
    return (*((2, int(part), "") if part.isdecimal() else (0, 0, part) for part in parts), (1, 0, ""))


@functools.lru_cache(maxsize=1024)
def are_similar(one: str, other: str) -> bool:
    """Whether two services' names share a word that says which service it is, or are nearly the same."""
    one, other = one.casefold(), other.casefold()
    words, others = _words(one), _words(other)
    shared = words & others
    if shared - _SAYS_NOTHING or (shared and (words <= _SAYS_NOTHING or others <= _SAYS_NOTHING)):
        return True
    matcher = SequenceMatcher(None, one, other)
    return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _recency(plan: PlanHead, environment: str) -> tuple[_VersionKey, bool, int]:
    """A sort key for the newest plan: by version, then the release's own environment, then the plan stored last."""
    return version_key(plan.version), _same(plan.environment, environment), plan.id


def _reason(plan: PlanHead, sought: Sought, affecting: Collection[int]) -> str:
    if _same(plan.name, sought.name):
        here = not sought.environment or _same(plan.environment, sought.environment)
        return THIS_RELEASE if here and _same(plan.version, sought.version) else SAME_SERVICE
    if _same(plan.team, sought.team):
        return SAME_TEAM
    if plan.name and are_similar(plan.name, sought.name):
        return SIMILAR_SERVICE
    return AFFECTS_IT if plan.id in affecting else ""


def _rank(plan: PlanHead, reason: str, name: str) -> tuple[int, bool]:
    """The place of the reason; within the team, plans of similar services come first."""
    return REASONS.index(reason), reason == SAME_TEAM and not are_similar(plan.name, name)


def _same(one: str, other: str) -> bool:
    return bool(one) and one.casefold() == other.casefold()


def _one_of_each(newest: Sequence[PlanHead]) -> list[PlanHead]:
    seen: dict[tuple[str, str], PlanHead] = {}
    for plan in newest:
        seen.setdefault((plan.name.casefold(), plan.environment), plan)
    return list(seen.values())


@functools.lru_cache(maxsize=1024)
def _words(name: str) -> frozenset[str]:
    return frozenset(filter(None, _WORD.split(name)))
