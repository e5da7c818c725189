"""Versions that a plan names: each should be the release's, the one it returns to, or a component's."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import date

from msgspec import Struct

from backout_tui.domain.checking.copies.dates import dates_in_paths
from backout_tui.domain.checking.copies.products import is_of_another_package, is_of_another_product
from backout_tui.domain.checking.finding import Finding, finding
from backout_tui.domain.checking.passages import Passage
from backout_tui.domain.plan.plan import Plan

_PRE = r"(?:[-._+]?(?:rc|alpha|beta|pre|dev|snapshot|hotfix|patch|post|build)[-._]?\d*)?"
_BEFORE, _AFTER = r"(?<![A-Za-z0-9.+])", r"(?![A-Za-z0-9]|\.\d)"
_FULL = re.compile(rf"{_BEFORE}v?(\d+(?:\.\d+){{2,}}{_PRE}){_AFTER}", re.IGNORECASE)
_SHORT = re.compile(rf"{_BEFORE}(v\d+\.\d+{_PRE}){_AFTER}", re.IGNORECASE)
_TAG = re.compile(rf"(?<=[A-Za-z0-9_-]:)(?<!\d:)v?(\d+\.\d+{_PRE}){_AFTER}", re.IGNORECASE)
_NUMBERED = re.compile(
    r"(?:(?:\b|_)(?:release|rel|tag|tags|ref|branch|build|image)s?[-_/:=\s\"'`]{1,3}|--version[= ]|\bversion[-_/:=]\s?)"
    rf"v?(\d+\.\d+{_PRE}){_AFTER}(?!\s?(?:%|‰|s\b|ms\b|min\b|h\b))",
    re.IGNORECASE,
)
_SECTION = re.compile(
    r"(?:step|steps|section|sections|chapter|table|figure|appendix|paragraph|part|rfc|§)\s*$", re.IGNORECASE
)
NO_PLACE = frozenset({"release", "returns to", "derived from", "waits for", "after", "deployed", "window", "estimate"})
"""The facts in which no other version is looked for."""
_NET = re.compile(r"\.[x*](?!\w)|/\d{1,2}(?![\w/])")
_POINT = re.compile(r"\d\.\d")
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(?:19|20)?\d\d")


class _Own(Struct, frozen=True):
    """The versions and step numbers that may be named, and patterns for versions that may not, the surest first.

    `whole` finds another plan's versions, `pointed` figures with a point, `shapes` what looks like the release's
    version.
    """

    version: str
    returns_to: str
    allowed: frozenset[str]
    numbers: frozenset[str]
    names: tuple[str, ...]
    whole: tuple[re.Pattern[str], ...]
    pointed: tuple[re.Pattern[str], ...]
    shapes: tuple[re.Pattern[str], ...]


def about_versions(plan: Plan, passages: Iterable[Passage], foreign: Collection[str] = ()) -> Iterator[Finding]:
    """other-version. `foreign` are tokens that are always reported as whole words, unless they are this plan's."""
    own = _own(plan, foreign)
    days = _days(plan)
    for passage in passages:
        skipped = passage.kind in ("rehearsal", "contact") or (passage.kind == "fact" and passage.key in NO_PLACE)
        if skipped or not own.version:
            continue
        for number, line in passage.lines():
            for token in dict.fromkeys(_others(line, own)):
                yield finding("other-version", number, passage.item, _words(token, own))
            for day in dates_in_paths(line, days, prose=passage.kind in ("prose", "message", "title")):
                text = f"`{day}` in a path is not the day of this release: write the one that is meant, or a variable"
                yield finding("other-version", number, passage.item, text)


def derived_version(plan: Plan) -> str:
    """The VERSION of `derived from: NAME VERSION`; "" if the plan is not a copy."""
    words = re.split(r"[,(@]", plan.fact("derived from") or "")[0].split()
    return words[-1] if len(words) > 1 else ""


def _own(plan: Plan, foreign: Collection[str]) -> _Own:
    name, version = plan.release
    returns_to = plan.fact("returns to") or ""
    allowed = allowed_versions(plan)
    derived = derived_version(plan)
    others = frozenset(token for token in (*foreign, derived) if token and plain_version(token) not in allowed)
    numbers = frozenset(step.number for step in plan.every_step())
    names = (name, *(part.component for part in plan.components))
    return _Own(
        version,
        returns_to,
        allowed,
        numbers,
        tuple(filter(None, names)),
        whole=tuple(whole_version(token) for token in others),
        pointed=(_FULL, _SHORT, _TAG, _NUMBERED, *_named(one for one in names if one)),
        shapes=tuple(_shapes(version, returns_to)),
    )


def allowed_versions(plan: Plan) -> frozenset[str]:
    """The versions that a plan may name, plain: its release's, the one it returns to, its components'."""
    returns_to = plan.fact("returns to") or ""
    words = [plan.release[1], *returns_to.replace("(", " ").replace(")", " ").split()]
    words += [one for part in plan.components for one in (part.version, part.returns_to)]
    return frozenset(plain_version(word) for word in words if word)


def plain_version(version: str) -> str:
    """A version without its quotes and its `v`, in lower case."""
    return version.strip("`'\",;").casefold().removeprefix("v")


def _others(line: str, own: _Own) -> Iterator[str]:
    """The versions in `line` that are not this release's, as written."""
    taken: list[tuple[int, int]] = []
    for match in _candidates(line, own):
        start, end = match.span(1)
        if not any(begin < end and start < stop for begin, stop in taken):
            taken.append((start, end))
            yield match[1]


def _candidates(line: str, own: _Own) -> Iterator[re.Match[str]]:
    """Matches that may be such a version, the surest first; the first group is the version."""
    for pattern in own.whole:
        yield from (match for match in pattern.finditer(line) if not _is_a_products(line, match, own, sure=True))
    for pattern in (*(own.pointed if _POINT.search(line) else ()), *own.shapes):
        for match in pattern.finditer(line):
            version = plain_version(match[1])
            if _is_ours(version, own) or _is_no_version(line, match, own) or _is_a_products(line, match, own):
                continue
            yield match


def whole_version(token: str) -> re.Pattern[str]:
    """Return a pattern for `token` as a whole word; a bare number counts only if the text marks it as a version."""
    before = r"(?:(?<=[-_:@/=v#])|(?<=version )|(?<=release )|(?<=build )|(?<=tag ))" if token.isdecimal() else ""
    return re.compile(rf"(?<![A-Za-z0-9.])v?{before}({re.escape(token)}){_AFTER}", re.IGNORECASE)


def _named(names: Iterable[str]) -> Iterator[re.Pattern[str]]:
    """Two figures right after the name of the service or a component: `web 4.10`, `web-4.10`, `web@4.10`."""
    for name in names:
        yield re.compile(rf"(?<![A-Za-z0-9]){re.escape(name)}(?:[-_/@: ]|==?)v?(\d+\.\d+{_PRE}){_AFTER}", re.IGNORECASE)


def _shapes(*versions: str) -> Iterator[re.Pattern[str]]:
    """Patterns for other versions written like this release's: `build-77` where the release is `build-80`."""
    for version in dict.fromkeys(versions):
        if re.fullmatch(r"(?=.*\d)[A-Za-z][\w.-]*[-_.]?\d+", version) and not re.fullmatch(r"v\d", version):
            shape = re.sub(r"\d+", r"\\d+", re.escape(version))
            yield re.compile(rf"(?<![A-Za-z0-9./])({shape})(?![A-Za-z0-9/]|\.\d)", re.IGNORECASE)


def _is_ours(version: str, own: _Own) -> bool:
    """Whether it may be named, or is the beginning of one that may (`release-4.12` for 4.12.0)."""
    return any(version == one or one.startswith(f"{version}.") for one in own.allowed)


def _is_no_version(line: str, match: re.Match[str], own: _Own) -> bool:
    """Whether it is really an address, a day, or the number of a step or a section."""
    version, before = match[1], line[: match.start()]
    parts = version.split(".")
    address = len(parts) == 4 and all(part.isdecimal() and int(part[:9]) < 256 for part in parts)
    in_net = _NET.match(line, match.end()) is not None
    heading = re.fullmatch(r"\s*#+\s*(?:\S+\s)?", before) is not None or _SECTION.search(before) is not None
    return address or (in_net and len(parts) == 3) or heading or version in own.numbers or _is_day(version)


def _is_a_products(line: str, match: re.Match[str], own: _Own, *, sure: bool = False) -> bool:
    """Whether another product's name stands right before it; `sure` asks for a well-known one."""
    before = line[: match.start(1)]
    if any(before.casefold().rstrip("v:-_/@= ").endswith(name.casefold()) for name in own.names):
        return False
    if is_of_another_product(before):
        return True
    return not sure and is_of_another_package(before, plain_version(match[1]), own.names, own.allowed)


def _is_day(text: str) -> bool:
    """Whether it is a day in the form `22.11.2026`."""
    match = _DAY_FIRST.fullmatch(text)
    return match is not None and 1 <= int(match[1]) <= 31 and 1 <= int(match[2]) <= 12 and len(text) >= 8


def _days(plan: Plan) -> frozenset[date]:
    """The days that paths may name: the deployment's, the days before and after it, and those of rehearsals."""
    from backout_tui.domain.checking.copies.dates import days_around, days_in

    rehearsed = days_in(plan.rehearsals.body) if plan.rehearsals else frozenset()
    return days_around(plan.fact("deployed") or "") | rehearsed


def _words(token: str, own: _Own) -> str:
    ours = own.version + (f" nor {own.returns_to}" if own.returns_to else "")
    either = "neither " if own.returns_to else "not "
    return f"`{token}` is {either}{ours}: write the version that is meant, or add its component to `## Components`"
