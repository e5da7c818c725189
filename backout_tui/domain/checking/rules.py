"""Every rule by which plans are judged, the reader's too: how much it matters, and what it is about."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. An "error" makes the plan wrong, a "warning" is for judgement; `meaning` is what it finds."""

    name: str
    severity: str
    meaning: str


_ERRORS = {
    "asserts-nothing": "a check that cannot fail, or a manual one that does not say what must be true",
    "bidi-character": "a character in a command that makes it read otherwise than it runs",
    "capture-form": "a value that cannot be captured: no command prints it, no name can hold it, or it is a secret",
    "confusable-character": "a character in a command that only looks like another: a long dash, a foreign letter",
    "curly-quote": "a typographic quote in a command: the shell does not know it",
    "dead-link": "a link that does not answer (with `--live`)",
    "duplicate-check": "two checks with one letter",
    "duplicate-contact": "two contacts with one name",
    "duplicate-message": "two messages with one title",
    "duplicate-step": "two steps with one number",
    "duplicate-variable": "two variables with one name",
    "estimate-form": "a time that cannot be read",
    "expect-form": "an expectation that is not understood, and not looked for",
    "fact-form": "a fact with lines of its own below it",
    "fence-timeout": "a `timeout=` that is no time",
    "for-each-form": "items that cannot be told apart, or are none",
    "misspelt-fact": "a fact whose key is misspelt: it is read as text",
    "misspelt-section": "a section whose heading is misspelt: nothing is done with it",
    "missing-program": "a command whose program is not on the path (with `--live`)",
    "never-ends": "a command that does not end by itself",
    "no-channel": "a contact that nothing reaches",
    "no-contact-name": "a contact without a name",
    "no-contingency": "a point of no return, and nothing said about what to do when it fails",
    "no-estimate": "a step without an estimate in a plan with a window",
    "no-message-text": "a message without a text",
    "no-release": "a plan that names no release",
    "no-title": "a plan without a title",
    "no-value": "a variable without a value",
    "other-environment": "the name of another environment than the plan's",
    "other-version": "a version that is neither the release's nor the one it returns to",
    "over-window": "estimates that do not fit the window (a warning when only the bad case does not)",
    "placeholder-in-command": "template text in a command",
    "prompt-in-command": "a command line that begins with a prompt",
    "quiet-form": "quiet hours that cannot be read",
    "quiet-without-zone": "quiet hours without the zone they are meant in",
    "repeated-fact": "a fact that is said twice",
    "repeated-section": "a section that is there twice",
    "secret-in-text": "a password, token or key in the plan's text",
    "secret-value": "a secret variable with its value beside it",
    "shell-syntax": "a command that the shell cannot read (`sh -n`, `bash -n`)",
    "stale-rehearsal": "a rehearsal that is older than the last change of the steps",
    "table-cells": "a row with more or fewer cells than the table has columns",
    "too-deep": "lists or quotes inside each other, too deep to be read",
    "unclosed-fence": "a fence that is never closed",
    "unknown-owner": "an owner, authoriser, proxy or performer who is no contact",
    "unknown-recipient": "a recipient who is no contact and no group",
    "unknown-step": "a number that is no step of the plan",
    "unreachable": "a recipient without an address for the message's channel",
    "unset-variable": "a variable that a command uses and nothing sets",
    "unused-variable": "a variable that nothing uses",
    "until-form": "an `until` that cannot be read, or that no command is tried by",
    "variable-form": "a variable that cannot be read",
    "when-form": "a moment that cannot be read",
}
_WARNINGS = {
    "empty-command": "a command that does nothing",
    "empty-fact": "a fact without a value",
    "expect-without-command": "an expectation with nothing to search",
    "hidden-character": "a control or invisible character",
    "late-fact": "a fact after the facts have ended",
    "list-checks": "checks written as a list",
    "list-steps": "steps written as a list",
    "loose-step": "a step outside of `## Steps`",
    "nested-phase": "a phase inside an option or a phase",
    "no-letter": "a check without a letter",
    "no-number": "a step without a number",
    "no-recipient": "a message that nobody gets",
    "no-return": "a plan that does not say which version it returns to",
    "no-step-title": "a step without a title",
    "no-steps": "a section of steps in which none is recognised",
    "not-acted-on": "something that is kept and has no effect yet",
    "not-read": "text in a section of items that is none",
    "number-form": "a number that does not fit where it stands",
    "placeholder": "template text that nobody has filled in",
    "quoted-value": "a variable's value in quotes",
    "shellcheck": "what shellcheck warns of, when it is installed",
    "silence-form": "a silence of no known rule, or without a reason",
    "silence-unused": "a silence of something that is not found",
    "time-form": "a time of deployment that cannot be read",
    "unclosed-comment": "a comment that is never closed",
    "unknown-column": "a column that is not read",
    "unknown-fact": "a fact that is not known",
    "unknown-section": "a section that is none of a plan's",
    "window-form": "a window that cannot be read",
}

RULES: tuple[Rule, ...] = tuple(
    Rule(name, severity, meaning)
    for severity, rules in (("error", _ERRORS), ("warning", _WARNINGS))
    for name, meaning in rules.items()
)
"""Every rule, the errors first, each half by name."""

LIVE = frozenset({"dead-link", "missing-program"})
"""The rules that look outside, at the network and the path: only when that is asked for."""

AROUND = LIVE | {"shell-syntax", "shellcheck", "stale-rehearsal"}
"""The rules that need more than the plan's text: shells, programs, earlier revisions."""


@functools.cache
def by_name() -> Mapping[str, Rule]:
    """Every rule by its name."""
    return {rule.name: rule for rule in RULES}


def severity_of(rule: str) -> str:
    """How much a rule matters; one that another version knew, in a plan kept in a log, is a warning."""
    known = by_name().get(rule)
    return known.severity if known else "warning"


def table_markdown() -> str:
    """The rules as a Markdown table, for the documentation."""
    rows = [f"| `{rule.name}` | {rule.severity} | {rule.meaning} |" for rule in RULES]
    return "\n".join(["| rule | | finds |", "|---|---|---|", *rows])
