"""Whether somebody of every affected service hears of the backout."""

from __future__ import annotations

from collections.abc import Iterator

from backout_tui.domain.checking.finding import Finding, finding
from backout_tui.domain.plan.judgement import Affected, affected
from backout_tui.domain.plan.plan import Contact, Plan
from backout_tui.domain.plan.texts import plain_name, recipients


def about_affected(plan: Plan) -> Iterator[Finding]:
    """affected-untold: no message of the plan goes to anybody of a service that the plan affects."""
    addressed = [name for message in plan.messages for name in message.to]
    people, unknown = recipients(addressed, plan.contacts)
    told = {plain_name(name) for one in people for name in _called(one)} | {plain_name(name) for name in unknown}
    for one in affected(plan):
        if not told & {plain_name(name) for name in (one.name, *one.contacts)}:
            yield finding("affected-untold", one.line, "", _words(one))


def _called(contact: Contact) -> Iterator[str]:
    """What somebody who gets a message is called: by name, by role, by group."""
    yield from filter(None, (contact.name, contact.role, *contact.groups))


def _words(one: Affected) -> str:
    who = " or ".join(f"`{name}`" for name in one.contacts)
    if not who:
        return f"nobody of {one.name} gets any message: name a contact, `{one.name} (CONTACT)`, and write to them"
    return f"nobody of {one.name} gets any message: put {who} in the `to` of one, or in a group that it names"
