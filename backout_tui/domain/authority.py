"""Who may decide now, and until when one waits: the authoriser; after the plan's waiting time the proxy as well."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from backout_tui.domain.backout import Backout, Decision
from backout_tui.domain.judgement import authorisers, deciding_people, proxy_name
from backout_tui.domain.messages import plain_name
from backout_tui.domain.plan import Plan
from backout_tui.domain.spans import estimate_words, seconds

AUTHORISER, PROXY, OTHER = "authoriser", "proxy", "other"
_AFTER = re.compile(r"\safter\s+(.*)$")
_GONE = ("sent", "in_doubt")


@dataclass(frozen=True, slots=True)
class Standing:
    """Whose word counts, as things stand.

    `since` is the moment from which one waits for the authoriser, and `how` says what it was; None while no time runs:
    they were reached, or nothing went wrong yet. `reached` is when they were last spoken to.
    """

    authoriser: str = ""
    proxy: str = ""
    wait_s: int = 0
    since: datetime | None = None
    how: str = ""
    reached: datetime | None = None

    @property
    def proxy_from(self) -> datetime | None:
        """When the proxy's word counts; None while no time runs, or without a proxy."""
        if not self.proxy or self.since is None:
            return None
        return self.since + timedelta(seconds=self.wait_s)

    def proxy_may(self, now: datetime) -> bool:
        """Whether the proxy's time has come; without a waiting time, or an authoriser to wait for, it always has."""
        waits = bool(self.authoriser) and self.wait_s > 0
        return bool(self.proxy) and (not waits or (self.proxy_from is not None and self.proxy_from <= now))


def proxy_wait_s(plan: Plan) -> int:
    """The seconds of `proxy: NAME after 10 min`; 0 when the plan gives no waiting time that can be read."""
    match = _AFTER.search(plan.fact("proxy") or "")
    return (seconds(match[1]) or 0) if match else 0


def standing(backout: Backout) -> Standing:
    """Who may decide, and since when one waits.

    One waits from the first unanswered call to the authoriser, or the first message that went to them, after they were
    last reached; when nobody tried, from the first problem that was logged.
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
            if one.state in _GONE and one.at is not None and plain_name(one.name) in people:
                yield one.at, f"written to: “{message.title}”"


def role_of(plan: Plan, name: str) -> str:
    """As what `name` decides: authoriser, proxy or other; "" when the plan names nobody."""
    if not authorisers(plan):
        return ""
    called = plain_name(name)
    if called in deciding_people(plan):
        return AUTHORISER
    return PROXY if called == plain_name(proxy_name(plan)) else OTHER


def early_s(backout: Backout, name: str, at: datetime) -> int:
    """By how many seconds a proxy decides before their time; 0 for everybody else, and once it has come."""
    now = standing(backout)
    if role_of(backout.plan, name) != PROXY or now.proxy_may(at):
        return 0
    begins = now.proxy_from
    return now.wait_s if begins is None else max(1, int((begins - at).total_seconds()))


def question(backout: Backout) -> str:
    """What is asked: `Back payments-api 4.12.0 out of production? P1 5xx on /charge`."""
    where = f" of {backout.release.environment}" if backout.release.environment else ""
    problems = "; ".join(f"{one.id} {one.title}" for one in backout.problems if one.status != "resolved")
    return f"Back {str(backout.release) or 'this release'} out{where}? {problems or 'No problem is logged.'}"


def decider_words(role: str, early: int) -> str:
    """What is marked of who decided: `the proxy, 6 min before their time`; "" when there is nothing to say."""
    if role == OTHER:
        return "not the named authoriser"
    if role != PROXY:
        return ""
    if not early:
        return "the proxy"
    return f"the proxy, {f'{-(-early // 60)} min' if early >= 60 else f'{early} s'} before their time"


def agreement_unsaid(decision: Decision) -> bool:
    """Whether somebody else recorded the decision, and nobody said how the one who decided agreed."""
    others = bool(decision.recorded_by) and plain_name(decision.by) != plain_name(decision.recorded_by)
    return others and not decision.agreed


def who_words(now: Standing, at: datetime) -> str:
    """Who may decide at `at`, whose zone the hour is in: `release manager; payments lead from 03:14`."""
    if not now.proxy:
        return now.authoriser or "anybody: the plan names no authoriser"
    if not now.authoriser or now.proxy_may(at):
        return " or ".join(filter(None, (now.authoriser, now.proxy)))
    return f"{now.authoriser}; {now.proxy} {_when(now, at)}"


def call_words(now: Standing, at: datetime) -> str:
    """Whom to call for the decision: `call release manager, or payments lead from 03:14`; "" when nobody is named."""
    if now.reached is not None and now.since is None:
        return f"ask {now.authoriser}, reached at {_hour(now.reached, at)}"
    if not now.proxy or not now.authoriser:
        return f"call {now.authoriser or now.proxy}" if now.authoriser or now.proxy else ""
    when = "" if now.proxy_may(at) else f" {_when(now, at)}"
    return f"call {now.authoriser}, or {now.proxy}{when}"


def since_words(now: Standing, at: datetime) -> str:
    """Since when one waits, and why: `waiting since 03:04 (called: voicemail)`; "" while no time runs."""
    return f"waiting since {_hour(now.since, at)} ({now.how})" if now.since is not None else ""


def _when(now: Standing, at: datetime) -> str:
    begins = now.proxy_from
    if begins is None:
        return f"{estimate_words(now.wait_s)} after a call without an answer"
    return f"from {_hour(begins + timedelta(seconds=59), at)}"  # a minute that is not over yet does not count


def _hour(moment: datetime, at: datetime) -> str:
    return moment.astimezone(at.tzinfo).strftime("%H:%M")
