"""The people whom a plan only mentions, looked up among the known contacts outside the plan."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from backout_tui.domain.plan.authorisers import proxy_name
from backout_tui.domain.plan.plan import Contact, Plan, Step, split_names
from backout_tui.domain.plan.texts import plain_name, recipients
from backout_tui.domain.values import replace

_IN_PARENTHESES = re.compile(r"\(([^()]*)\)")


def with_contacts(plan: Plan, known: Sequence[Contact]) -> Plan:
    """The plan with the people it mentions, by their own name or their group's, and nobody else.

    The plan's own table has priority: a name in it is looked up nowhere else, and only the blank fields of such a
    contact are filled from a known contact with the same name.
    """
    authorities = {plain_name(name) for name in (*split_names(plan.fact("authoriser") or ""), proxy_name(plan))}
    others = [_without_authority(one, authorities) for one in known]
    _, asked = recipients(mentioned(plan), plan.contacts)
    found, _ = recipients(asked, others)
    own = {plain_name(one.name) for one in plan.contacts}
    added = [one for one in found if plain_name(one.name) not in own]
    return replace(plan, contacts=(*(_filled(one, others) for one in plan.contacts), *added))


def mentioned(plan: Plan) -> tuple[str, ...]:
    """The names of all people and groups in a plan, each once."""
    names = [*split_names(plan.fact("authoriser") or ""), proxy_name(plan)]
    names += split_names(plan.fact("performer") or "")[:1]  # `deployment engineer, within 10 min`
    names += [name.strip() for one in plan.facts if one.key == "affects" for name in _IN_PARENTHESES.findall(one.value)]
    names += [name for owner in _owners(plan) for name in split_names(owner)]
    names += [name for message in plan.messages for name in message.to]
    return tuple(dict.fromkeys(name for name in names if name))


def _owners(plan: Plan) -> Iterator[str]:
    for part in plan.parts:
        yield part.fact("owner") or ""
        for step in part.steps:
            yield from _owners_below(step)


def _owners_below(step: Step) -> Iterator[str]:
    yield step.fact("owner") or ""
    for child in step.children:
        yield from _owners_below(child)


def _without_authority(contact: Contact, authorities: Collection[str]) -> Contact:
    """The contact, without a role that would let them authorise unless the plan names them: only the plan decides."""
    may = "authoriser" not in contact.role.casefold() or plain_name(contact.name) in authorities
    return replace(contact, role=contact.role if may else "")


def _filled(contact: Contact, known: Sequence[Contact]) -> Contact:
    name = plain_name(contact.name)
    same = next((one for one in known if name and plain_name(one.name) == name), contact)
    return replace(
        contact,
        role=contact.role or same.role,
        groups=contact.groups or same.groups,
        zone=contact.zone or same.zone,
        quiet=contact.quiet or same.quiet,
        reach=contact.reach or same.reach,
    )
