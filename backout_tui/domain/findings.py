"""What is wrong with a plan, or worth a look, before anybody needs it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from backout_tui.domain.messages import recipients
from backout_tui.domain.plan import Contact, Message, Plan

SEVERITIES = {
    "duplicate-check": "error",
    "duplicate-contact": "error",
    "duplicate-message": "error",
    "duplicate-step": "error",
    "duplicate-variable": "error",
    "estimate-form": "error",
    "expect-form": "error",
    "fact-form": "error",
    "fence-timeout": "error",
    "misspelt-fact": "error",
    "misspelt-section": "error",
    "no-contact-name": "error",
    "no-message-text": "error",
    "no-release": "error",
    "no-title": "error",
    "no-value": "error",
    "placeholder-in-command": "error",
    "prompt-in-command": "error",
    "quiet-form": "error",
    "repeated-fact": "error",
    "repeated-section": "error",
    "secret-value": "error",
    "table-cells": "error",
    "too-deep": "error",
    "unclosed-fence": "error",
    "unknown-recipient": "error",
    "unknown-step": "error",
    "unreachable": "error",
    "variable-form": "error",
    "when-form": "error",
    "empty-command": "warning",
    "empty-fact": "warning",
    "expect-without-command": "warning",
    "hidden-character": "warning",
    "late-fact": "warning",
    "list-checks": "warning",
    "list-steps": "warning",
    "loose-step": "warning",
    "nested-phase": "warning",
    "no-letter": "warning",
    "no-number": "warning",
    "no-recipient": "warning",
    "no-return": "warning",
    "no-step-title": "warning",
    "no-steps": "warning",
    "not-acted-on": "warning",
    "not-read": "warning",
    "number-form": "warning",
    "placeholder": "warning",
    "quoted-value": "warning",
    "time-form": "warning",
    "unclosed-comment": "warning",
    "unknown-column": "warning",
    "unknown-fact": "warning",
    "unknown-section": "warning",
    "window-form": "warning",
}
"""Every rule, of the reader too, and how much it matters. An error makes the plan wrong; a warning is for judgement."""

# Contacts write a telephone as `phone:`; messages speak of what is done with it.
_SAME_CHANNEL = {"call": ("call", "phone"), "phone": ("phone", "call"), "page": ("page", "pager", "phone")}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. `item` is what it is about (`step 2`, `contact NAME`, or ""); `line` is 1-based, 0 for none."""

    rule: str
    severity: str
    line: int
    item: str
    message: str


def check_plan(plan: Plan) -> tuple[Finding, ...]:
    """All that can be known about `plan` from its text, by line: the reader's remarks, and what does not fit."""
    items = _ItemsByLine(plan)
    found = [_finding(one.rule, one.line, items.at(one.line), one.message) for one in plan.remarks]
    found += [*_release(plan), *_variables(plan), *_messages(plan)]
    return tuple(sorted(found, key=lambda finding: finding.line))


def _finding(rule: str, line: int, item: str, message: str) -> Finding:
    return Finding(rule, SEVERITIES.get(rule, "warning"), line, item, message)


def _release(plan: Plan) -> Iterator[Finding]:
    if not plan.fact("release"):
        yield _finding(
            "no-release", 1, "", "the plan names no release: write `- release: NAME VERSION` below the title"
        )
    if not plan.fact("returns to"):
        message = "the plan does not say which version it returns to: write `- returns to: VERSION` below the title"
        yield _finding("no-return", 1, "", message)


def _variables(plan: Plan) -> Iterator[Finding]:
    for one in plan.variables:
        if not one.value and not one.flag:
            message = f"{one.name} has no value: give it one, or write `- {one.name} (asked at start)`"
            yield _finding("no-value", one.line, f"variable {one.name}", message)


def _messages(plan: Plan) -> Iterator[Finding]:
    unreachable: set[tuple[str, str]] = set()
    for message in plan.messages:
        item = f"message {message.title}"
        if not message.to:
            yield _finding("no-recipient", message.line, item, "nobody gets this message: write `- to: NAME, GROUP`")
        people, unknown = recipients(message.to, plan.contacts)
        for name in unknown:
            text = f"`{name}` is no contact and no group of the table `Contacts`"
            yield _finding("unknown-recipient", _line_of_to(message), item, text)
        for person in people:
            if not _reachable(person, message.by) and (person.name, message.by) not in unreachable:
                unreachable.add((person.name, message.by))
                yield _unreachable(person, message)


def _line_of_to(message: Message) -> int:
    return next((fact.line for fact in message.facts if fact.key == "to"), message.line)


def _reachable(contact: Contact, channel: str) -> bool:
    return any(contact.address(one) for one in _SAME_CHANNEL.get(channel, (channel,)))


def _unreachable(contact: Contact, message: Message) -> Finding:
    channel = _SAME_CHANNEL.get(message.by, (message.by,))[-1]
    text = (
        f"{contact.name} gets `{message.title}` by {message.by} and has no such address: add `{channel}:...` to reach"
    )
    return _finding("unreachable", contact.line, f"contact {contact.name}", text)


class _ItemsByLine:
    """Which step, check, message, contact or variable a line belongs to."""

    def __init__(self, plan: Plan) -> None:
        entries = [(one.line, one.line_end, f"step {one.number}", one.children) for one in plan.top_steps()]
        entries += [(one.line, one.line_end, f"check {one.letter}", ()) for one in plan.checks]
        entries += [(one.line, one.line_end, f"message {one.title}", ()) for one in plan.messages]
        entries += [(one.line, one.line, f"contact {one.name}", ()) for one in plan.contacts]
        entries += [(one.line, one.line, f"variable {one.name}", ()) for one in plan.variables]
        self._entries = sorted(entries, key=lambda entry: entry[0])
        self._starts = [entry[0] for entry in self._entries]

    def at(self, line: int) -> str:
        """The innermost item that holds `line`, or ""."""
        place = bisect_right(self._starts, line) - 1
        if place < 0 or line > self._entries[place][1]:
            return ""
        _, _, item, children = self._entries[place]
        while children:
            inner = children[max(0, bisect_right(children, line, key=lambda child: child.line) - 1)]
            if not inner.line <= line <= inner.line_end:
                break
            item, children = f"step {inner.number}", inner.children
        return item
