"""The sections of a plan: our titles, and the titles that other teams use."""

from __future__ import annotations

import functools
import re

TITLES = {
    "when": "When to back out",
    "success": "When the release is a success",
    "before": "Before you start",
    "components": "Components",
    "variables": "Variables",
    "risks": "Risks",
    "steps": "Steps",
    "verification": "Verification",
    "contingency": "If the backout fails",
    "after": "After the backout",
    "communication": "Communication",
    "contacts": "Contacts",
    "rehearsals": "Rehearsals",
}
"""Our titles, in the order of the document."""

# As `plain_title` writes them: in lower case, with "backout" for both "rollback" and "back-out".
_OTHER_TITLES = {
    "when": "when to use this plan|backout criteria|backout triggers|backout trigger|criteria for backout",
    "success": "success criteria|release success criteria|success criteria for the release",
    "before": "prerequisites|preconditions|before you begin|backout prerequisites",
    "components": "affected components|components to backout",
    "variables": "environment variables|parameters",
    "risks": "backout risks|risks of the backout",
    "steps": "backout|backout steps|backout plan|backout procedure|backout procedures|backout instructions"
    "|how to backout|steps to backout|procedure to backout",
    "verification": "backout verification|backout verification procedure|backout verification procedures"
    "|verify the backout|verification steps|verify backout|post-backout verification|validation|backout validation",
    "contingency": "contingency|contingencies|contingency plan|workarounds|if backout fails",
    "after": "post-backout|post-backout actions|post-backout steps|post-backout tasks|post-actions|post actions"
    "|after backout|follow-up|follow-up actions",
    "communication": "communications|communication plan|notifications",
    "contacts": "contact list|escalation contacts",
    "rehearsals": "rehearsal|tests of this plan|backout testing",
}
# Headings among a runbook's steps that are not steps.
_NO_STEPS = frozenset({
    "troubleshooting", "escalation", "notes", "note", "references", "reference", "timeline", "overview",
    "background", "summary", "scope", "purpose", "see also", "appendix", "related documents", "related links",
    "introduction", "table of contents", "context", "expected impact", "considerations",
    "backout considerations", "backout strategy", "known issues",
})  # fmt: skip
_TAG = re.compile(r"<[^<>]{0,200}>|\{[#:][^{}]{0,200}\}|[*_`\"“”]")
_LEADING_NUMBER = re.compile(r"^\s*(?:\d+[.)]|\d+(?:\.\d+)+)\s+")
_TAIL = re.compile(r"(?:\s[-–—]\s|\s?\(|:).*$")
_LOOSE_STEP = re.compile(r"^step\s+\d", re.IGNORECASE)
_BACKOUT = re.compile(r"\b(?:roll|back)[\s‐‑-]?(?:back|out)\b")


def plain_title(title: str) -> str:
    """`title` for comparing: without numbering, markup, explanation or case, and with one word for backing out."""
    text = _TAIL.sub("", _LEADING_NUMBER.sub("", _TAG.sub("", title)))
    return _BACKOUT.sub("backout", " ".join(text.lower().split())).strip(" .!?")


@functools.cache
def _by_title() -> dict[str, str]:
    known = {name: section for section, names in _OTHER_TITLES.items() for name in names.split("|")}
    return known | {plain_title(title): section for section, title in TITLES.items()}


KEPT = "<!-- kept as it is -->"
"""This line right below a heading keeps the section as it is and without effect, whatever its title says."""


def section_of(title: str) -> str | None:
    """The section (a key of TITLES) that a heading opens, or None."""
    return _by_title().get(plain_title(title))


def is_loose_step(title: str) -> bool:
    """Whether a heading outside `Steps` says that it is a step, as in `Step 3: Restart`."""
    return _LOOSE_STEP.match(title) is not None


def opens_something(title: str) -> bool:
    """Whether a heading with this title means more to us than a section to keep."""
    return section_of(title) is not None or is_loose_step(title)


def speaks_of_backout(title: str) -> bool:
    """Whether a heading is about backing out."""
    return "backout" in plain_title(title)


def is_no_step(title: str) -> bool:
    """Whether an unnumbered heading among the steps is certainly not a step."""
    return plain_title(title) in _NO_STEPS


def meant_title(title: str) -> str | None:
    """The title of ours that a misspelt heading probably means, or None."""
    import difflib  # imported here: only an unknown heading needs it

    plain = {plain_title(ours): ours for ours in TITLES.values()}
    close = difflib.get_close_matches(plain_title(title)[:80], plain, n=1, cutoff=0.84)
    return plain[close[0]] if close else None
