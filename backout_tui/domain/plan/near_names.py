"""Somebody who is no contact of the plan: possible, remarked, and the contacts whose names are near are offered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from backout_tui.domain.plan.plan import Plan
from backout_tui.domain.plan.texts import plain_name

_MOST = 3
_NEAR = 0.6
"""How alike two names are, from 0 to 1, that are offered for each other."""


def is_stranger(plan: Plan, name: str) -> bool:
    """Whether `name` is said, and no contact of the plan is called so."""
    return bool(name.strip()) and plain_name(name) not in {plain_name(one.name) for one in plan.contacts}


def near_names(name: str, known: Sequence[str]) -> tuple[str, ...]:
    """Those of the `known` names that are near to `name`, the nearest first: misspelt, or a part of it."""
    import difflib  # imported here: only an unknown name needs it

    plain = {plain_name(one): one for one in known}
    wanted = plain_name(name)[:80]
    alike = difflib.get_close_matches(wanted, plain, n=_MOST, cutoff=_NEAR)
    parts = [one for one in plain if wanted and set(wanted.split()) & set(one.split())]
    return tuple(plain[one] for one in dict.fromkeys((*alike, *parts)))[:_MOST]


def remark(plan: Plan, name: str, actors: Iterable[str] = ()) -> str:
    """`bob is no contact of the plan. Near: rob.`; "" for a contact, and for one of the `actors` themselves."""
    if not is_stranger(plan, name) or plain_name(name) in map(plain_name, actors):
        return ""
    near = near_names(name, [one.name for one in plan.contacts])
    offered = f" Near: {', '.join(near)}." if near else ""
    return f"{name.strip()} is no contact of the plan.{offered}"
