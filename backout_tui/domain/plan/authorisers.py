"""Who may decide under a plan: its authoriser, those with that role, and the proxy."""

from __future__ import annotations

import re

from backout_tui.domain.plan.plan import Plan, split_names
from backout_tui.domain.plan.texts import plain_name, recipients


def proxy_name(plan: Plan) -> str:
    """The NAME of `proxy: NAME after 10 min`."""
    return re.sub(r"\s+after\s+.*$", "", plan.fact("proxy") or "").strip()


def authorisers(plan: Plan) -> tuple[str, ...]:
    """The names that may authorise under this plan: its authoriser, its proxy, and contacts whose role says so."""
    names = [*split_names(plan.fact("authoriser") or ""), proxy_name(plan)]
    names += [contact.name for contact in plan.contacts if "authoriser" in contact.role.casefold()]
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))


def deciding_people(plan: Plan) -> frozenset[str]:
    """The authoriser's names, as `plain_name` writes them: their own, those with that role, and a group's members."""
    named = split_names(plan.fact("authoriser") or "")
    members, _ = recipients(named, plan.contacts)
    role = [contact.name for contact in plan.contacts if "authoriser" in contact.role.casefold()]
    proxy = plain_name(proxy_name(plan))  # the proxy may decide only later, whatever their role says
    return frozenset(plain_name(name) for name in (*named, *role, *(one.name for one in members))) - {proxy}


def may_authorise(plan: Plan, name: str) -> bool:
    """Whether `name` is the plan's authoriser or proxy. If the plan names nobody, anybody may: nobody is bypassed."""
    may = deciding_people(plan) | ({plain_name(proxy)} if (proxy := proxy_name(plan)) else frozenset())
    return not may or plain_name(name) in may
