"""All that can be known about a plan from its text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from backout_tui.domain.checking.assertions import about_assertions
from backout_tui.domain.checking.characters import about_characters
from backout_tui.domain.checking.check_commands import about_commands
from backout_tui.domain.checking.check_contingency import about_contingency
from backout_tui.domain.checking.check_messages import about_messages
from backout_tui.domain.checking.check_people import about_affected, about_people
from backout_tui.domain.checking.check_silences import silenced
from backout_tui.domain.checking.check_variables import about_variables
from backout_tui.domain.checking.copies.versions import about_versions
from backout_tui.domain.checking.doing import about_doing, about_ends
from backout_tui.domain.checking.environments import about_environments
from backout_tui.domain.checking.finding import Checked, Finding, finding
from backout_tui.domain.checking.items_by_line import ItemsByLine
from backout_tui.domain.checking.passages import Passage, passages, scripts
from backout_tui.domain.checking.release import about_components, about_release
from backout_tui.domain.checking.rules import AROUND, RULES
from backout_tui.domain.checking.secrets import about_secrets
from backout_tui.domain.checking.times import about_times
from backout_tui.domain.plan.criteria import PROMPT, prompt_lines
from backout_tui.domain.plan.plan import Block, Part, Plan, Step
from backout_tui.domain.plan.remarks import Silence
from backout_tui.domain.values import replace

_OF_CHARACTERS = frozenset({"bidi-character", "confusable-character"})


def check_plan(
    plan: Plan, text: str = "", *, foreign: Collection[str] = (), environments: Collection[str] = ()
) -> tuple[Finding, ...]:
    """The findings about `plan`, by line, without what it silences. The arguments are those of `found_in`."""
    return checked(plan, found_in(plan, text, foreign=foreign, environments=environments)).findings


def checked(
    plan: Plan, found: Iterable[Finding], untried: Collection[str] = AROUND, held: Sequence[Silence] | None = None
) -> Checked:
    """`found` by line, with what the plan silences kept apart; `untried` are the rules that were not run.

    `held` are the silences that still hold, by default all of them.
    """
    return silenced(plan, sorted(found, key=lambda one: one.line), untried, held)


def secrets_told(plan: Plan, text: str) -> tuple[Finding, ...]:
    """The secrets in a document, except those that `plan` silences."""
    found = about_secrets(plan, enumerate(text.split("\n"), start=1), ItemsByLine(plan).at)
    told = silenced(plan, list(found), AROUND)
    return tuple(one for one in told.findings if one.rule == "secret-in-text")


def found_in(
    plan: Plan, text: str = "", *, foreign: Collection[str] = (), environments: Collection[str] = ()
) -> list[Finding]:
    """Everything that the rules find, including what is silenced.

    `text` is the document as written: with it, lines are exact, and secrets are also found in text that is not read.
    `foreign` are versions of an earlier plan, which are always reported; `environments` are those of other plans.
    """
    lines = _document(text)
    items = ItemsByLine(plan)
    whole = placed_passages(plan, text)
    commands = list(scripts(plan))
    found = [
        *about_release(plan),
        *about_people(plan),
        *about_affected(plan),
        *about_messages(plan, whole),
        *about_variables(plan, commands, whole),
        *about_contingency(plan),
        *about_components(plan),
        *about_doing(plan),
        *about_times(plan),
        *about_assertions(plan),
        *about_ends(commands),
        *about_commands(plan, commands),
        *about_characters(commands),
        *about_versions(plan, whole, foreign),
        *about_environments(plan, whole, environments),
        *about_secrets(plan, _lines(whole, lines), items.at),
    ]
    return [*_remarks(plan, items, found), *found]


def placed_passages(plan: Plan, text: str) -> list[Passage]:
    """The passages of `plan` with the numbers of their lines in its `text`, if that is given."""
    lines = _document(text)
    return [one.placed(lines) for one in passages(plan)] if lines else list(passages(plan))


def _document(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if text else []


def _remarks(plan: Plan, items: ItemsByLine, found: Iterable[Finding]) -> Iterator[Finding]:
    """The reader's remarks, except those that a rule explains better for the same line."""
    said = {one.line for one in found if one.rule in _OF_CHARACTERS}
    for one in plan.remarks:
        if one.rule != "hidden-character" or one.line not in said:
            yield finding(one.rule, one.line, items.at(one.line), one.message)


def _lines(whole: Iterable[Passage], lines: list[str]) -> Iterator[tuple[int, str]]:
    """The document's numbered lines; without the document, those of its passages."""
    if lines:
        yield from enumerate(lines, start=1)
        return
    for passage in whole:
        name = f"{passage.key}: " if passage.kind == "variable" else ""
        yield from ((number, f"{name}{line}") for number, line in passage.lines())


# ── one command ──────────────────────────────────────────────────────────────────────────────────────────────────

AT = 10_000_000
"""The line of the fence in a plan made by `alone`: further down than any plan's own lines."""
_ASKED_OTHERWISE = frozenset({"unset-variable", "unused-variable"})
"""At run the environment that the command really gets decides which variables are set."""
_ITEM_OF_LOOP = re.compile(r"\[[^\]]*\]")


def alone(plan: Plan, script: str, language: str) -> Plan:
    """`plan` with this command as its only one, in a step of its own; the other steps keep only their numbers."""
    fence = Block("fence", script, language, AT, AT + script.count("\n") + 2)
    step = Step("", "", (), (fence,), (), AT, fence.line_end)
    others = [Step(one.number, "") for one in plan.every_step()]
    return replace(plan, parts=(Part("", "", (*others, step)),), checks=(), silences=(), remarks=())


def errors_in_command(
    plan: Plan, said: Iterable[Finding], *, foreign: Collection[str] = (), environments: Collection[str] = ()
) -> list[Finding]:
    """The errors in the command of a plan made by `alone`, by line, counted from 1 in the command.

    `said` are what shells say of it; the rest is as for `found_in`.
    """
    (command,) = scripts(plan)
    found = [*found_in(plan, foreign=foreign, environments=environments), *said]
    found += [finding("prompt-in-command", AT + at, "", PROMPT) for at in prompt_lines(command.text)]
    wrong = [one for one in found if one.severity == "error" and one.line > AT and one.rule not in _ASKED_OTHERWISE]
    return sorted((replace(one, line=one.line - AT) for one in wrong), key=lambda one: one.line)


def not_silenced(plan: Plan, found: Iterable[Finding], script: str, homes: Collection[str]) -> list[Finding]:
    """Those of `found` in `script` that `plan` does not silence at one of the `homes` (`step 4`) that may hold it.

    A silence belongs to the text that the plan has: it says nothing of a command that was changed in the backout.
    """
    bases = {_base(home) for home in homes}
    places = {one.item for one in scripts(plan) if one.text == script and _base(one.item) in bases}
    places |= {_base(place) for place in places}
    every = frozenset(rule.name for rule in RULES)
    quiet = {
        (one.finding.rule, one.finding.line)
        for place in places
        for one in silenced(plan, [replace(each, item=place) for each in found], every).silenced
    }
    return [one for one in found if (one.rule, one.line) not in quiet]


def _base(item: str) -> str:
    """`step 4` for `step 4[node-2]`."""
    return _ITEM_OF_LOOP.sub("", item)
