"""When the backout itself fails: whether it does, what the plan says about it, and whom to call."""

from __future__ import annotations

import re

from backout_tui.domain.backout.items import StepState
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import StepStatus
from backout_tui.domain.clock import forecast
from backout_tui.domain.plan.authorisers import deciding_people, proxy_name
from backout_tui.domain.plan.plan import Contact, Plan, split_names
from backout_tui.domain.plan.texts import plain_name

_KEY_ROLES = ("authoris", "perform", "develop", "program", "release", "deploy", "lead", "manager")
"""Words in the roles of key members of the release, development and programme teams, whom OpenUP calls in."""
_KEY_MEMBER = 5
"""The number of reasons for calling somebody."""


def failed_step(backout: Backout) -> StepState | None:
    """The failed step to deal with: the first one; None if nothing failed, or nothing is being backed out."""
    return next(iter(backout.leaves_in(StepStatus.FAILED)), None) if backout.backs_out else None


def beyond_return(backout: Backout) -> StepState | None:
    """The failed step if there is no way back any more, which means that the backout itself is failing; else None."""
    step, found = failed_step(backout), forecast.no_way_back_at(backout)
    return step if step is not None and found is not None and found[1] else None


def words(plan: Plan) -> str:
    """The plan's text under *If the backout fails*; "" if it doesn't have that section."""
    return plan.contingency.body.strip() if plan.contingency is not None else ""


def people(plan: Plan) -> tuple[Contact, ...]:
    """Whom to call in, each once: people in that section, the authoriser, the proxy, the performer, key members."""
    text = plain_name(words(plan))
    performer = {plain_name(name) for name in split_names(plan.fact("performer") or "")[:1]}
    authority, proxy = deciding_people(plan), plain_name(proxy_name(plan))

    def rank(one: Contact) -> int:
        called = plain_name(one.name)
        key_member = any(word in one.role.casefold() for word in _KEY_ROLES)
        reasons = (
            _is_named(one.name, text) or _is_named(one.role, text), called in authority, called == proxy,
            called in performer, key_member,
        )  # fmt: skip
        return reasons.index(True) if True in reasons else len(reasons)

    ranked = sorted((rank(one), place) for place, one in enumerate(plan.contacts))
    return tuple(plan.contacts[place] for found, place in ranked if found < _KEY_MEMBER)


def _is_named(name: str, text: str) -> bool:
    """Whether `text` contains `name` as whole words."""
    called = plain_name(name)
    return bool(called) and re.search(rf"(?<!\w){re.escape(called)}(?!\w)", text) is not None
