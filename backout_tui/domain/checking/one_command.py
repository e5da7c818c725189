"""What the check calls an error in one command, as it is about to run in a backout. contract.md sections 2 and 5."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from backout_tui.domain.checking.check import found_in
from backout_tui.domain.checking.check_silences import silenced
from backout_tui.domain.checking.finding import Finding, finding
from backout_tui.domain.checking.passages import scripts
from backout_tui.domain.checking.rules import RULES
from backout_tui.domain.plan.criteria import PROMPT, prompt_lines
from backout_tui.domain.plan.plan import Block, Part, Plan, Step
from backout_tui.domain.values import replace

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
