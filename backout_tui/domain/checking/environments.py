"""Environments that a plan names: each should be the plan's own."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from msgspec import Struct

from backout_tui.domain.checking.finding import Finding, finding
from backout_tui.domain.checking.passages import Passage
from backout_tui.domain.plan.plan import Plan

_GROUPS = (
    frozenset({"production", "prod", "prd"}),
    frozenset({"staging", "stage", "stg"}),
    frozenset({"test", "testing", "tst"}),
    frozenset({"qa"}),
    frozenset({"development", "dev", "develop"}),
    frozenset({"uat", "acceptance"}),
    frozenset({"preprod", "preproduction", "pre-prod", "pre-production"}),
    frozenset({"sandbox", "sbx"}),
)
_CLEAR = frozenset({
    "production", "prod", "prd", "staging", "stg", "qa", "uat", "preprod", "preproduction", "pre-prod",
    "pre-production", "sandbox",
})  # fmt: skip
"""Words that always mean an environment in a command, an address or a value; the others are ordinary words too."""

_NOUN = (
    r"(?:environments?|clusters?|namespaces?|databases?|hosts?|servers?|stacks?|accounts?|tenants?|nodes?|pods?"
    r"|systems?)"
)
_WEAK_NOUN = r"(?:environments?|clusters?|namespaces?|stacks?|accounts?|tenants?)"
_KEY = r"(?:env|environment|namespace|ns|cluster|context|profile|inventory|workspace|target|stack|stage|tier)"
_TESTED = re.compile(r"\b(?:test|tri|rehears|verif|validat|prov)\w*\b[^.;]{0,40}$", re.IGNORECASE)
_MODE = re.compile(
    r"(?:(?:NODE|RAILS|RACK|APP|FLASK|DJANGO|MIX)_ENV=|--(?:only|omit|include|no)[-= ]?|\bno-)$", re.IGNORECASE
)
_LITERAL_KINDS = frozenset({"command", "query", "variable", "expect", "shown"})
_LITERAL_FACTS = frozenset({"on", "as", "for each", "until", "probe", "rehearse"})
_NO_PLACE = frozenset({"environment", "derived from", "release", "returns to", "deployed"})


class _Foreign(Struct, frozen=True):
    """A word for an environment that is not the plan's: its patterns in literal text and in prose."""

    word: str
    literal: re.Pattern[str]
    prose: re.Pattern[str]


def about_environments(plan: Plan, passages: Iterable[Passage], known: Collection[str] = ()) -> Iterator[Finding]:
    """other-environment. `known` are the environments of other plans."""
    own = (plan.fact("environment") or "").strip().casefold()
    foreign = _foreign(own, known) if own else []
    for passage in passages:
        if passage.kind in ("rehearsal", "contact") or (passage.kind == "fact" and passage.key in _NO_PLACE):
            continue
        literal = passage.kind in _LITERAL_KINDS or (passage.kind == "fact" and passage.key in _LITERAL_FACTS)
        for number, line in passage.lines():
            for word in dict.fromkeys(_found(line, foreign, literal=literal)):
                text = f"`{word}` is not this plan's environment, which is {own}: write what is meant there"
                yield finding("other-environment", number, passage.item, text)


def _foreign(own: str, known: Collection[str]) -> list[_Foreign]:
    """Every word for an environment other than `own`, the longest first, so that no part of one matches instead."""
    parts = {own, *re.split(r"[^a-z0-9]+", own)}
    ours = parts.union(*(group for group in _GROUPS if group & parts))
    words = {word for group in _GROUPS for word in group if word not in ours}
    named = {name.strip().casefold() for name in known} - ours - {""}
    found = [_patterns(word, clear=word in named or word in _CLEAR) for word in words | named]
    return sorted(found, key=lambda one: -len(one.word))


def _patterns(word: str, *, clear: bool) -> _Foreign:
    quoted = re.escape(word)
    whole = rf"(?<![A-Za-z0-9]){quoted}(?![A-Za-z0-9])"
    flagged = rf"(?:--?{_KEY}[= ]|\b{_KEY}[=:]\s?|(?<=\s)-n ){quoted}(?![\w-])"
    in_host = rf"(?:://|@|[a-z0-9]\.|[a-z]-){quoted}\.(?=[a-z0-9-]+\.[a-z])|://{quoted}-|[a-z0-9]-{quoted}\.(?=[a-z])"
    in_file = rf"(?:envs?|environments?|inventor(?:y|ies)|overlays|values)[/-]{quoted}(?![A-Za-z0-9])"
    literal = whole if clear else "|".join((flagged, in_host, in_file))
    preposition = r"\b(?:in|on|to|from|into|against|of)\s+(?:the\s+|our\s+)?"
    noun = _NOUN if clear else _WEAK_NOUN
    prose = rf"{whole}[\s-]+{noun}\b" + (
        rf"|{preposition}{whole}(?![\s-]*(?:team|lead|engineer|manager))" if clear else ""
    )
    links = rf"|https?://\S{{0,200}}?{whole}" if clear else rf"|https?://\S{{0,200}}?(?:{in_host})"
    return _Foreign(word, re.compile(literal, re.IGNORECASE), re.compile(prose + links, re.IGNORECASE))


def _found(line: str, foreign: Iterable[_Foreign], *, literal: bool) -> Iterator[str]:
    taken: list[tuple[int, int]] = []
    lower = line.casefold()
    for one in foreign:
        if one.word not in lower:
            continue
        for match in (one.literal if literal else one.prose).finditer(line):
            start = match.start() + max(0, match[0].casefold().find(one.word))
            inside = any(begin < start + len(one.word) and start < end for begin, end in taken)
            exempt = _MODE.search(line[:start]) if literal else _TESTED.search(line[:start])
            if not inside and exempt is None:
                taken.append((start, start + len(one.word)))
                yield line[start : start + len(one.word)]
