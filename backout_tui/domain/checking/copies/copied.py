"""What a copied plan still says of the release that it was copied from. Pure.

The other release's own version is an error wherever it stands unchanged, also when the new release returns to it. All
else that looks like one release's (a ticket, a host, a migration) is a warning: the review answers it, yes or no.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from msgspec import Struct

from backout_tui.domain.backout.payloads.plan_payloads import Source
from backout_tui.domain.checking.copies.inherited import Inherited
from backout_tui.domain.checking.copies.products import is_of_another_product
from backout_tui.domain.checking.copies.telltales import KINDS, Looked
from backout_tui.domain.checking.copies.versions import NO_PLACE, allowed_versions, plain_version, whole_version
from backout_tui.domain.checking.finding import Finding, finding
from backout_tui.domain.checking.passages import Passage, passages
from backout_tui.domain.plan.plan import Plan
from backout_tui.domain.plan.plan_items import WARNING, PlanItem
from backout_tui.domain.plan.texts import plain_name
from backout_tui.domain.text import clean_line

LEFTOVER = "leftover-release"
_NOT_LOOKED_AT = frozenset({"contact", "rehearsal"})


class CopiedWord(Struct, frozen=True):
    """One text that a copy took over: which rule finds it, where, and the line that it stands in."""

    rule: str
    what: str
    text: str
    line: int
    item: str
    said: str

    @property
    def is_version(self) -> bool:
        """Whether it may be the other release's own version."""
        return self.rule == "copied-version"

    @property
    def finding(self) -> Finding:
        """As the check reports it."""
        words = f"`{self.text}`, {self.what}, was taken over from the plan that this one was copied from: is it right?"
        return finding(self.rule, self.line, self.item, words)


class CopiedPlan(Struct, frozen=True):
    """A copied plan: as it is now, as it was copied, and its source; `services` are the names of other services."""

    plan: Plan
    first: Plan
    source: Source
    services: Collection[str] = ()


def leftovers(copy: CopiedPlan, whole: Iterable[Passage]) -> Iterator[Finding]:
    """leftover-release: the source's own version where it stands as it stood, and nothing else finds it."""
    old, own = copy.source.version, copy.plan.release[1]
    if not old or not own or plain_version(old) == plain_version(own):
        return
    if plain_version(old) not in allowed_versions(copy.plan):
        return  # other-version finds it, wherever it stands
    pattern = whole_version(old)
    of = f"{copy.source.name} {old}".strip()
    words = f"`{old}` is the release of the plan that this one was copied from ({of}): write the one that is meant"
    inherited = Inherited(passages(copy.first))
    for passage in _looked_at(whole):
        for number, _, kept in inherited.lines(passage):
            if any(not is_of_another_product(kept[: match.start(1)]) for match in pattern.finditer(kept)):
                yield finding(LEFTOVER, number, passage.item, words)


def copied_words(copy: CopiedPlan, whole: Iterable[Passage]) -> Iterator[CopiedWord]:
    """Each text that belongs to one release and stands as it stood in the source; once for an item."""
    inherited, known = Inherited(passages(copy.first)), _people(copy.plan)
    old, ours, services = _old_versions(copy), _new_versions(copy), _services(copy)
    seen: set[tuple[str, str]] = set()
    for passage in _looked_at(whole):
        for number, line, kept in inherited.lines(passage):
            taken: list[str] = []
            looked = Looked(kept, passage.kind, passage.key, old, ours, services, known, copy.source.name.casefold())
            for rule, what, find in KINDS if kept.strip() else ():
                for text in find(looked):
                    if (passage.item, text) in seen or any(text in one for one in taken):
                        continue
                    taken.append(text)
                    seen.add((passage.item, text))
                    yield CopiedWord(rule, what, text, number, passage.item, line.strip())


def warnings(words: Iterable[CopiedWord]) -> tuple[PlanItem, ...]:
    """The words as items of the review: one question for each text, wherever it stands."""
    by_text: dict[tuple[str, str], list[CopiedWord]] = {}
    for one in words:
        by_text.setdefault((one.rule, one.text), []).append(one)
    return tuple(_warning(number, those) for number, those in enumerate(by_text.values(), start=1))


def _warning(number: int, those: list[CopiedWord]) -> PlanItem:
    first = those[0]
    title = clean_line(f"{first.text}: {first.what}, still right?")
    said = tuple(f"{one.item or 'the plan'}: {one.said}" for one in those)
    return PlanItem(WARNING, f"{WARNING} {number}", title, said, key_of(first), first.line)


def key_of(word: CopiedWord) -> str:
    """The key of the item of the review that asks about this text."""
    return f"{WARNING}:{word.rule}:{word.text}"


def _looked_at(whole: Iterable[Passage]) -> Iterator[Passage]:
    for one in whole:
        if one.kind not in _NOT_LOOKED_AT and not (one.kind == "fact" and one.key in NO_PLACE):
            yield one


def _old_versions(copy: CopiedPlan) -> tuple[str, ...]:
    old = dict.fromkeys((copy.source.version, *copy.source.returns_to.split()[:1]))
    return tuple(one for one in old if one)


def _new_versions(copy: CopiedPlan) -> tuple[str, ...]:
    """The versions whose spellings are right: the release's, and the one it returns to if the source did as well."""
    returns = copy.plan.fact("returns to") or ""
    also = (returns,) if plain_version(returns) == plain_version(copy.source.returns_to) else ()
    return tuple(filter(None, (copy.plan.release[1], *also)))


def _services(copy: CopiedPlan) -> tuple[str, ...]:
    """Other services' names, in lower case; what is the own service's or a component's is none."""
    own = {copy.plan.release[0].casefold(), *(one.component.casefold() for one in copy.plan.components)}
    names = {one.casefold() for one in (*copy.services, copy.source.name) if len(one) > 1}
    return tuple(sorted(names - own, key=len, reverse=True))


def _people(plan: Plan) -> frozenset[str]:
    """The people and groups whom the plan knows, whole and by each word of their names; their addresses, too."""
    said = [one.name for one in plan.contacts] + [group for one in plan.contacts for group in one.groups]
    said += [one.role for one in plan.contacts]
    said += [fact.value for fact in plan.facts if fact.key in ("authoriser", "proxy", "performer", "team", "affects")]
    names = {plain_name(one) for one in said}
    addresses = {way.partition(":")[2].strip().casefold() for one in plan.contacts for way in one.reach}
    return frozenset(names | {word for name in names for word in name.split()} | addresses) - {""}
