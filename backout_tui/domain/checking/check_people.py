"""Who is named in a plan, whether they can be reached, and whether somebody of every affected service is told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from backout_tui.domain.checking.finding import Finding, finding
from backout_tui.domain.plan.authorisers import proxy_name
from backout_tui.domain.plan.judgement import Affected, affected
from backout_tui.domain.plan.plan import Contact, Message, Plan, WithFacts
from backout_tui.domain.plan.texts import by_what_they_are_called, plain_name, recipients

# Contacts write a telephone as `phone:`; messages name what is done with it.
_SAME_CHANNEL = {"call": ("call", "phone"), "phone": ("phone", "call"), "page": ("page", "pager", "phone")}
_CHANNELS = frozenset({
    "email", "phone", "call", "sms", "page", "pager", "slack", "teams", "mattermost", "matrix", "telegram", "signal",
    "whatsapp", "discord", "webhook", "chat", "irc", "opsgenie", "pagerduty", "mobile", "tel",
})  # fmt: skip
_SEVERAL = re.compile(r"\s*[,;/&]\s*|\s+(?:and|or)\s+", re.IGNORECASE)
_ASIDE = re.compile(r"\s*\([^()]*\)")


def about_people(plan: Plan) -> Iterator[Finding]:
    """unknown-owner, unknown-recipient, no-recipient, unreachable, no-channel, quiet-without-zone."""
    yield from _owners(plan)
    yield from _messages(plan)
    for contact in plan.contacts:
        yield from _contact(contact)


def _owners(plan: Plan) -> Iterator[Finding]:
    known = {plain_name(name) for one in plan.contacts for name in (one.name, one.role, *one.groups) if name}
    for key, line, item, written in _named(plan):
        names = [written] if plain_name(written) in known else [one for one in _SEVERAL.split(written) if one]
        for name in dict.fromkeys(names):
            if plain_name(name) not in known:
                who = "neither a contact nor a contact's group or role"
                text = f"`{key}` names `{name}`, who is {who}: add a row to `Contacts`"
                yield finding("unknown-owner", line, item, text)


def _named(plan: Plan) -> Iterator[tuple[str, int, str, str]]:
    """Everybody whom a fact makes responsible for something: the fact, its line, its item, the name as written."""
    for fact in plan.facts:
        if fact.key == "authoriser":
            yield fact.key, fact.line, "", _ASIDE.sub("", fact.value).strip()
        if fact.key == "proxy":
            yield fact.key, fact.line, "", _ASIDE.sub("", proxy_name(plan)).strip()
        if fact.key == "performer":
            yield fact.key, fact.line, "", _ASIDE.sub("", re.split(r",|\s+within\s", fact.value)[0]).strip()
    for one in affected(plan):
        yield from (("affects", one.line, "", name) for name in one.contacts)
    for part in plan.parts:
        yield from _owner(part, "")
    for step in plan.every_step():
        yield from _owner(step, f"step {step.number}")


def _owner(one: WithFacts, item: str) -> Iterator[tuple[str, int, str, str]]:
    for fact in one.facts:
        if fact.key == "owner":
            yield fact.key, fact.line, item, _ASIDE.sub("", fact.value).strip()


def _messages(plan: Plan) -> Iterator[Finding]:
    called = by_what_they_are_called(plan.contacts)
    asked: set[tuple[str, str]] = set()
    looked_at: set[tuple[str, str]] = set()
    for message in plan.messages:
        item = f"message {message.title}"
        if not message.to:
            yield finding("no-recipient", message.line, item, "nobody gets this message: write `- to: NAME, GROUP`")
        names = [(name, plain_name(name)) for name in dict.fromkeys(message.to)]
        for name, plain in names:
            if plain not in called:
                text = f"`{name}` is neither a contact nor a group in the table `Contacts`"
                yield finding("unknown-recipient", _line_of_to(message), item, text)
        for _, plain in names:
            if (plain, message.by) not in asked:  # a group is checked once for each channel
                asked.add((plain, message.by))
                yield from _unreachable(called.get(plain, ()), message, looked_at)


def _line_of_to(message: Message) -> int:
    return next((fact.line for fact in message.facts if fact.key == "to"), message.line)


def _reaches(contact: Contact, channel: str) -> bool:
    return any(contact.address(one) for one in _SAME_CHANNEL.get(channel, (channel,)))


def _unreachable(people: Iterable[Contact], message: Message, looked_at: set[tuple[str, str]]) -> Iterator[Finding]:
    for person in people:
        who = (plain_name(person.name), message.by)
        if who not in looked_at:
            looked_at.add(who)
            if _reachable(person) and not _reaches(person, message.by):
                yield _not_by(person, message)


def _not_by(contact: Contact, message: Message) -> Finding:
    channel = _SAME_CHANNEL.get(message.by, (message.by,))[-1]
    text = (
        f"{contact.name} gets `{message.title}` by {message.by} and has no such address: add `{channel}:...` to reach"
    )
    return finding("unreachable", contact.line, f"contact {contact.name}", text)


def _contact(contact: Contact) -> Iterator[Finding]:
    item = f"contact {contact.name}"
    if not _reachable(contact):
        text = f"nothing reaches {contact.name or 'this contact'}: write `email:...` or `phone:...` in the column reach"
        yield finding("no-channel", contact.line, item, text)
    if contact.quiet.strip() and not contact.zone.strip():
        text = f"the quiet hours of {contact.name} have no zone: write one in the column zone, as in `Europe/London`"
        yield finding("quiet-without-zone", contact.line, item, text)


def _reachable(contact: Contact) -> bool:
    """Whether one of the contact's entries names a known channel and an address for it."""
    entries = (entry.partition(":") for entry in contact.reach)
    found = ((kind.strip().lower(), address.strip()) for kind, _, address in entries)
    return any(kind in _CHANNELS and address and (kind != "email" or "@" in address) for kind, address in found)


def about_affected(plan: Plan) -> Iterator[Finding]:
    """affected-untold: no message of the plan goes to anybody of a service that the plan affects."""
    addressed = [name for message in plan.messages for name in message.to]
    people, unknown = recipients(addressed, plan.contacts)
    told = {plain_name(name) for one in people for name in _all_names(one)} | {plain_name(name) for name in unknown}
    for one in affected(plan):
        if not told & {plain_name(name) for name in (one.name, *one.contacts)}:
            yield finding("affected-untold", one.line, "", _untold_words(one))


def _all_names(contact: Contact) -> Iterator[str]:
    """What somebody who gets a message is called: by name, by role, by group."""
    yield from filter(None, (contact.name, contact.role, *contact.groups))


def _untold_words(one: Affected) -> str:
    who = " or ".join(f"`{name}`" for name in one.contacts)
    if not who:
        return f"nobody of {one.name} gets any message: name a contact, `{one.name} (CONTACT)`, and write to them"
    return f"nobody of {one.name} gets any message: put {who} in the `to` of one, or in a group that it names"
