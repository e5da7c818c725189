"""The people whom a plan only mentions, found among the contacts that are known beside it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from backout_tui.domain.judgement import proxy_name
from backout_tui.domain.messages import plain_name, recipients
from backout_tui.domain.plan import Contact, Plan, Step, split_names

_IN_PARENTHESES = re.compile(r"\(([^()]*)\)")


def with_contacts(plan: Plan, known: Sequence[Contact]) -> Plan:
    """The plan with the people it mentions, by their own name or their group's, and nobody else.

    The plan's own table goes first: a name that it gives somebody is looked up nowhere else, and of a contact with the
    same name only what is blank is filled up.
    """
    authorities = {plain_name(name) for name in (*split_names(plan.fact("authoriser") or ""), proxy_name(plan))}
    others = [_without_authority(one, authorities) for one in known]
    _, asked = recipients(mentioned(plan), plan.contacts)
    found, _ = recipients(asked, others)
    own = {plain_name(one.name) for one in plan.contacts}
    added = [one for one in found if plain_name(one.name) not in own]
    return replace(plan, contacts=(*(_filled(one, others) for one in plan.contacts), *added))


def mentioned(plan: Plan) -> tuple[str, ...]:
    """The names by which a plan speaks of people and groups, each once."""
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
    """The contact as it is known, but for a role that would let them authorise: whom that is the plan alone says."""
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
