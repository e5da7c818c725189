"""Who may decide now, and who has to be waited for: the authoriser, and after the plan's waiting time the proxy too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from backout_tui.domain.backout.choices import ProblemStatus
from backout_tui.domain.backout.state import Backout, Decision
from backout_tui.domain.backout.states import RECIPIENT
from backout_tui.domain.moments import hour, later
from backout_tui.domain.plan.authorisers import authorisers, deciding_people, proxy_name
from backout_tui.domain.plan.plan import Plan
from backout_tui.domain.plan.texts import plain_name
from backout_tui.domain.spans import about, seconds

AUTHORISER, PROXY, OTHER = "authoriser", "proxy", "other"
_AFTER = re.compile(r"\safter\s+(.*)$")


class Standing(Struct, frozen=True):
    """Who may decide, as things stand.

    `since` is when the wait for the authoriser began, and `how` says what began it; it is None while nobody waits,
    because they were reached or nothing went wrong yet. `reached` is when somebody last spoke to them.
    """

    authoriser: str = ""
    proxy: str = ""
    wait_s: int = 0
    since: datetime | None = None
    how: str = ""
    reached: datetime | None = None

    @property
    def proxy_from(self) -> datetime | None:
        """When the proxy may decide; None while nobody waits, or without a proxy."""
        if not self.proxy or self.since is None:
            return None
        return later(self.since, self.wait_s)

    def proxy_may(self, now: datetime) -> bool:
        """Whether there is a proxy who may decide now; always so without a waiting time or without an authoriser."""
        waits = bool(self.authoriser) and self.wait_s > 0
        return bool(self.proxy) and (not waits or (self.proxy_from is not None and self.proxy_from <= now))


def proxy_wait_s(plan: Plan) -> int:
    """The seconds of `proxy: NAME after 10 min`; 0 if the plan gives no waiting time that can be read."""
    match = _AFTER.search(plan.fact("proxy") or "")
    return (seconds(match[1]) or 0) if match else 0


def standing(backout: Backout) -> Standing:
    """Who may decide, and since when people wait for the authoriser.

    The wait begins with the first unanswered call to the authoriser, or the first message that went to them, after they
    were last reached. If nobody ever tried, it begins with the first problem that was logged.
    """
    plan = backout.plan
    proxy = proxy_name(plan)
    names = [name for name in authorisers(plan) if plain_name(name) != plain_name(proxy)]
    people = deciding_people(plan)
    reached = max((at for at, result in _calls(backout, people) if result == "reached"), default=None)
    tries = sorted(one for one in _tries(backout, people) if reached is None or one[0] > reached)
    since, how = tries[0] if tries else (None, "")
    if since is None and reached is None and backout.problems:
        since, how = backout.problems[0].logged_at, "the first problem was logged"
    return Standing(" or ".join(names), proxy, proxy_wait_s(plan), since, how, reached)


def _calls(backout: Backout, people: frozenset[str]) -> Iterator[tuple[datetime, str]]:
    return ((call.at, call.result) for call in backout.calls if plain_name(call.name) in people)


def _tries(backout: Backout, people: frozenset[str]) -> Iterator[tuple[datetime, str]]:
    for at, result in _calls(backout, people):
        if result != "reached":
            yield at, f"called: {result.replace('-', ' ')}"
    for message in backout.messages.values():
        for one in message.recipients:
            if RECIPIENT[one.state].may_have_it and one.at is not None and plain_name(one.name) in people:
                yield one.at, f"written to: “{message.title}”"


def role_of(plan: Plan, name: str) -> str:
    """The role in which `name` decides: authoriser, proxy or other; "" if the plan names nobody."""
    if not authorisers(plan):
        return ""
    called = plain_name(name)
    if called in deciding_people(plan):
        return AUTHORISER
    return PROXY if called == plain_name(proxy_name(plan)) else OTHER


def early_s(backout: Backout, name: str, at: datetime) -> int:
    """How many seconds before their time a proxy decides; 0 for everybody else, and once the time has come."""
    now = standing(backout)
    if role_of(backout.plan, name) != PROXY or now.proxy_may(at):
        return 0
    begins = now.proxy_from
    return now.wait_s if begins is None else max(1, int((begins - at).total_seconds()))


def question(backout: Backout) -> str:
    """The question to decide: `Back payments-api 4.12.0 out of production? P1 5xx on /charge`."""
    where = f" of {backout.release.environment}" if backout.release.environment else ""
    problems = "; ".join(
        f"{one.id} {one.title}" for one in backout.problems if one.status is not ProblemStatus.RESOLVED
    )
    return f"Back {str(backout.release) or 'this release'} out{where}? {problems or 'No problem is logged.'}"


def decider_words(role: str, early: int) -> str:
    """A remark on who decided: `the proxy, 6 min before their time`; "" if there is nothing to say."""
    if role == OTHER:
        return "not the named authoriser"
    if role != PROXY:
        return ""
    if not early:
        return "the proxy"
    return f"the proxy, {f'{-(-early // 60)} min' if early >= 60 else f'{early} s'} before their time"


def agreement_unsaid(decision: Decision) -> bool:
    """Whether somebody else recorded the decision, and didn't say how the person who decided agreed."""
    others = bool(decision.recorded_by) and plain_name(decision.by) != plain_name(decision.recorded_by)
    return others and not decision.agreed


def who_words(now: Standing, at: datetime) -> str:
    """Who may decide at `at`, with times in its zone: `release manager; payments lead from 03:14`."""
    if not now.proxy:
        return now.authoriser or "anybody: the plan names no authoriser"
    if not now.authoriser or now.proxy_may(at):
        return " or ".join(filter(None, (now.authoriser, now.proxy)))
    return f"{now.authoriser}; {now.proxy} {_when(now, at)}"


def call_words(now: Standing, at: datetime) -> str:
    """Whom to call for the decision; "" if nobody is named.

    `call release manager; from 03:14 payments lead may decide`.
    """
    if now.reached is not None and now.since is None:
        return f"ask {now.authoriser}, reached at {hour(now.reached, at)}"
    if not now.proxy or not now.authoriser:
        return f"call {now.authoriser or now.proxy}" if now.authoriser or now.proxy else ""
    if now.proxy_may(at):
        return f"call {now.authoriser}, or {now.proxy}"
    return f"call {now.authoriser}; {_when(now, at)} {now.proxy} may decide"


def since_words(now: Standing, at: datetime) -> str:
    """Since when people wait, and why: `waiting since 03:04 (called: voicemail)`; "" while nobody waits."""
    return f"waiting since {hour(now.since, at)} ({now.how})" if now.since is not None else ""


def _when(now: Standing, at: datetime) -> str:
    begins = now.proxy_from
    if begins is None:
        return f"{about(now.wait_s)} after a call without an answer"
    return f"from {hour(later(begins, 59), at)}"  # rounds up to the next full minute
