"""Small rules about what people say: whether a reason is thin, who the authoriser is."""

from __future__ import annotations

import re

from backout_tui.domain.messages import plain_name, recipients
from backout_tui.domain.plan import Plan, split_names


def is_thin(reason: str | None) -> bool:
    """Whether a reason that was given has fewer than three words: accepted in the night, listed at closing."""
    return bool(reason) and len(str(reason).split()) < 3


def proxy_name(plan: Plan) -> str:
    """The NAME of `proxy: NAME after 10 min`."""
    return re.sub(r"\s+after\s+.*$", "", plan.fact("proxy") or "").strip()


def authorisers(plan: Plan) -> tuple[str, ...]:
    """The names that may authorise by this plan: its authoriser, its proxy, and contacts whose role says so."""
    names = [*split_names(plan.fact("authoriser") or ""), proxy_name(plan)]
    names += [contact.name for contact in plan.contacts if "authoriser" in contact.role.casefold()]
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))


def deciding_people(plan: Plan) -> frozenset[str]:
    """The names, as `plain_name` writes them, by which the authoriser is known: their own, and those of a group."""
    named = split_names(plan.fact("authoriser") or "")
    members, _ = recipients(named, plan.contacts)
    role = [contact.name for contact in plan.contacts if "authoriser" in contact.role.casefold()]
    proxy = plain_name(proxy_name(plan))  # whose word counts later, whatever their role says
    return frozenset(plain_name(name) for name in (*named, *role, *(one.name for one in members))) - {proxy}


def may_authorise(plan: Plan, name: str) -> bool:
    """Whether `name` is the plan's authoriser or proxy. A plan that names none lets anybody: nobody is bypassed."""
    may = deciding_people(plan) | ({plain_name(proxy)} if (proxy := proxy_name(plan)) else frozenset())
    return not may or plain_name(name) in may
