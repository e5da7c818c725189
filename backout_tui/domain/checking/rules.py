"""Every rule for plans, including the reader's: how serious it is, and what it finds."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from msgspec import Struct


class Rule(Struct, frozen=True):
    """One rule. An "error" makes the plan wrong, a "warning" needs judgement; `meaning` is what it finds."""

    name: str
    severity: str
    meaning: str


_ERRORS = {
    "asserts-nothing": "a check that cannot fail, or a manual one that does not say what must be true",
    "bidi-character": "a character in a command that makes it look different from what runs",
    "capture-form": "a value that cannot be captured: no command prints it, no name can hold it, or it is a secret",
    "confusable-character": "a character in a command that only looks like another: a long dash, a foreign letter",
    "criterion-form": "an `until`, `capture`, `for each` or decisive answer where it is not read",
    "curly-quote": "a typographic quote in a command: the shell does not know it",
    "dead-link": "a link that does not answer (with `--live`)",
    "duplicate-check": "two checks with one letter",
    "duplicate-contact": "two contacts with one name",
    "duplicate-message": "two messages with one title",
    "duplicate-step": "two steps with one number",
    "duplicate-variable": "two variables with one name",
    "estimate-form": "a time that cannot be read",
    "expect-form": "an expectation that cannot be read: the command is refused until it is fixed",
    "fact-form": "a fact with lines of its own below it",
    "fence-timeout": "a `timeout=` that is not a time",
    "for-each-form": "items that are empty, or cannot be told apart",
    "leftover-release": "in a copy, the version of the release that it was copied from",
    "misspelt-fact": "a fact whose key is misspelt: it is read as text",
    "misspelt-section": "a section whose heading is misspelt: it has no effect",
    "missing-program": "a command whose program is not on the path (with `--live`)",
    "never-ends": "a command that does not end by itself",
    "no-channel": "a contact that no channel reaches",
    "no-contact-name": "a contact without a name",
    "no-contingency": "a point of no return, and nothing said about what to do when it fails",
    "no-message-text": "a message without a text",
    "no-release": "a plan that names no release",
    "no-title": "a plan without a title",
    "no-value": "a variable without a value",
    "other-environment": "the name of another environment than the plan's",
    "other-shell": "a word of another shell in a command: `[[`, `source`, `&>` or an array in an `sh` fence",
    "other-version": "a version that is neither the release's nor the one it returns to",
    "over-window": "estimates that do not fit the window (a warning when only the bad case does not)",
    "placeholder-in-command": "template text in a command",
    "probe-form": "a probe or rehearsal command that cannot be read",
    "prompt-in-command": "a command line that begins with a prompt",
    "quiet-form": "quiet hours that cannot be read",
    "quiet-without-zone": "quiet hours without their time zone",
    "repeated-fact": "a fact that is given twice",
    "repeated-section": "a section that appears twice",
    "secret-in-text": "a password, token or key in the plan's text",
    "secret-value": "a secret variable with its value beside it",
    "shell-syntax": "a command that the shell cannot read (`sh -n`, `bash -n`)",
    "stale-rehearsal": "a rehearsal older than the last change of the steps",
    "table-cells": "a row with more or fewer cells than the table has columns",
    "too-deep": "lists or quotes nested too deeply to be read",
    "unclosed-fence": "a fence that is never closed",
    "unknown-name": "a `{name}` in a message that is no known value",
    "unknown-recipient": "a recipient who is neither a contact nor a group",
    "unknown-step": "a number that is not a step of the plan",
    "unreachable": "a recipient without an address for the message's channel",
    "unset-variable": "a variable that a command uses and nothing sets",
    "until-form": "an `until` that cannot be read, or that has no command to repeat",
    "variable-form": "a variable that cannot be read",
    "when-form": "a moment that cannot be read",
}
_WARNINGS = {
    "affected-untold": "a service that the plan affects, and nobody of it gets any message",
    "blank-after-backslash": "a blank behind the backslash at the end of a line: the command ends there",
    "component-not-reversed": "a component of the release that no step takes back",
    "copied-date": "in a copy, a day that was taken over",
    "copied-digest": "in a copy, a commit or a digest that was taken over",
    "copied-host": "in a copy, a host that was taken over",
    "copied-migration": "in a copy, a migration that was taken over",
    "copied-person": "in a copy, a person in its prose who is no contact",
    "copied-revision": "in a copy, a revision or a build that was taken over",
    "copied-service": "in a copy, the name of another service",
    "copied-ticket": "in a copy, a ticket that was taken over",
    "copied-version": "in a copy, the other release's version in another spelling",
    "empty-command": "a command that does nothing",
    "empty-fact": "a fact without a value",
    "expect-without-command": "an expectation with nothing to search",
    "hidden-character": "a control or invisible character",
    "late-fact": "a fact after the facts have ended",
    "list-checks": "checks written as a list",
    "list-steps": "steps written as a list",
    "loose-step": "a step outside of `## Steps`",
    "nested-phase": "a phase inside an option or a phase",
    "no-estimate": "a step without an estimate in a plan with a window",
    "no-letter": "a check without a letter",
    "no-number": "a step without a number",
    "no-recipient": "a message without a recipient",
    "no-return": "a plan that does not say which version it returns to",
    "no-step-title": "a step without a title",
    "no-steps": "a section of steps in which none is recognised",
    "not-acted-on": "something that is kept and has no effect yet",
    "not-read": "text in a section of items that belongs to no item",
    "number-form": "a number that does not fit where it stands",
    "pipe-closed-early": "a pipe into `head`, `grep -q` and the like under `pipefail`: its writer may fail the step",
    "placeholder": "template text that nobody has filled in",
    "quoted-value": "a variable's value in quotes",
    "shell-unread": "commands beyond the first 2,000 different ones: no shell has read them",
    "shellcheck": "what shellcheck warns of, when it is installed",
    "shown-fence": "a fence that is shown and never run: only `sh`, `shell` and `bash` run",
    "silence-form": "a silence without a known rule or without a reason",
    "silence-lapsed": "a silence that was said of another text",
    "silence-unused": "a silence of a finding that does not exist",
    "time-form": "a time of deployment that cannot be read",
    "time-unclear": "a time of deployment that comes twice or never, because a clock changes",
    "unclosed-comment": "a comment that is never closed",
    "unknown-column": "a column that is not read",
    "unknown-fact": "a fact that backout-tui does not know",
    "unknown-owner": "an owner, authoriser, proxy or performer who is not a contact",
    "unknown-section": "a section that is not one of a plan's",
    "unused-variable": "a variable that nothing uses",
    "wants-a-person": "a command that wants a terminal, a password or an answer: `read`, `-it`, `sudo`, an editor",
    "window-form": "a window that cannot be read",
}

RULES: tuple[Rule, ...] = tuple(
    Rule(name, severity, meaning)
    for severity, rules in (("error", _ERRORS), ("warning", _WARNINGS))
    for name, meaning in rules.items()
)
"""Every rule: errors first, then warnings, each sorted by name."""

LIVE = frozenset({"dead-link", "missing-program"})
"""The rules that look outside, at the network and the path: they run only on request."""

COPIED = frozenset({"leftover-release", *(name for name in _WARNINGS if name.startswith("copied-"))})
"""The rules for copies: they need the text as it was copied."""

AROUND = LIVE | COPIED | {"silence-lapsed", "shell-syntax", "shell-unread", "shellcheck", "stale-rehearsal"}
"""The rules that need more than the plan's text: shells, programs, earlier revisions."""


@functools.cache
def by_name() -> Mapping[str, Rule]:
    """Every rule by its name."""
    return {rule.name: rule for rule in RULES}


def severity_of(rule: str) -> str:
    """The severity of a rule. One that only another version knows, in a plan kept in a log, is a warning."""
    known = by_name().get(rule)
    return known.severity if known else "warning"


def table_markdown() -> str:
    """The rules as a Markdown table, for the documentation."""
    rows = [f"| `{rule.name}` | {rule.severity} | {rule.meaning} |" for rule in RULES]
    return "\n".join(["| rule | | finds |", "|---|---|---|", *rows])
