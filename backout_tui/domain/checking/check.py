"""All that can be known about a plan from its text."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from backout_tui.domain.checking.assertions import about_assertions
from backout_tui.domain.checking.characters import about_characters
from backout_tui.domain.checking.contingency import about_contingency
from backout_tui.domain.checking.doing import about_doing
from backout_tui.domain.checking.ends import about_ends
from backout_tui.domain.checking.environments import about_environments
from backout_tui.domain.checking.finding import Checked, Finding, finding
from backout_tui.domain.checking.items_by_line import ItemsByLine
from backout_tui.domain.checking.passages import Passage, passages, scripts
from backout_tui.domain.checking.people import about_people
from backout_tui.domain.checking.release import about_release
from backout_tui.domain.checking.rules import AROUND
from backout_tui.domain.checking.secrets import about_secrets
from backout_tui.domain.checking.silences import silenced
from backout_tui.domain.checking.times import about_times
from backout_tui.domain.checking.variables import about_variables
from backout_tui.domain.checking.versions import about_versions
from backout_tui.domain.plan import Plan

_OF_CHARACTERS = frozenset({"bidi-character", "confusable-character"})


def check_plan(
    plan: Plan, text: str = "", *, foreign: Collection[str] = (), environments: Collection[str] = ()
) -> tuple[Finding, ...]:
    """What is to be told of `plan`, by line, without what it silences. The arguments are those of `found_in`."""
    return checked(plan, found_in(plan, text, foreign=foreign, environments=environments)).findings


def checked(plan: Plan, found: Iterable[Finding], untried: Collection[str] = AROUND) -> Checked:
    """`found` by line, and apart from it what the plan silences; `untried` are the rules that were not asked."""
    return silenced(plan, sorted(found, key=lambda one: one.line), untried)


def secrets_told(plan: Plan, text: str) -> tuple[Finding, ...]:
    """The secrets in a document that `plan` does not say are none."""
    found = about_secrets(plan, enumerate(text.split("\n"), start=1), ItemsByLine(plan).at)
    told = silenced(plan, list(found), AROUND)
    return tuple(one for one in told.findings if one.rule == "secret-in-text")


def found_in(
    plan: Plan, text: str = "", *, foreign: Collection[str] = (), environments: Collection[str] = ()
) -> list[Finding]:
    """Everything that the rules find, what is silenced too.

    `text` is the document as written: lines are then exact, and secrets are found in what is not read as well.
    `foreign` are versions of an earlier plan, always found where they stand; `environments` are those of other plans.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if text else []
    items = ItemsByLine(plan)
    whole = [one.placed(lines) for one in passages(plan)] if lines else list(passages(plan))
    commands = list(scripts(plan))
    found = [
        *about_release(plan),
        *about_people(plan),
        *about_variables(plan, commands, whole),
        *about_contingency(plan),
        *about_doing(plan),
        *about_times(plan),
        *about_assertions(plan),
        *about_ends(commands),
        *about_characters(commands),
        *about_versions(plan, whole, foreign),
        *about_environments(plan, whole, environments),
        *about_secrets(plan, _lines(whole, lines), items.at),
    ]
    return [*_remarks(plan, items, found), *found]


def _remarks(plan: Plan, items: ItemsByLine, found: Iterable[Finding]) -> Iterator[Finding]:
    """What the reader said, without what a rule says better of the same line."""
    said = {one.line for one in found if one.rule in _OF_CHARACTERS}
    for one in plan.remarks:
        if one.rule != "hidden-character" or one.line not in said:
            yield finding(one.rule, one.line, items.at(one.line), one.message)


def _lines(whole: Iterable[Passage], lines: list[str]) -> Iterator[tuple[int, str]]:
    """The document's lines with their numbers; without the document, those of its passages."""
    if lines:
        yield from enumerate(lines, start=1)
        return
    for passage in whole:
        name = f"{passage.key}: " if passage.kind == "variable" else ""
        yield from ((number, f"{name}{line}") for number, line in passage.lines())
