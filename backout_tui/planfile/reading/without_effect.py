"""What a plan says and nothing acts on: each is noted at its line, so that nobody relies on it in the night."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from backout_tui.domain.backout.rehearsing import RUN
from backout_tui.domain.plan.plan import ASKED, Block, Check, CheckKind, Contact, Fact, Message, Plan, Section, Step
from backout_tui.domain.plan.planfacts import acted_on, not_acted_on_words
from backout_tui.planfile.reader_remarks import Remarks

_FENCE = re.compile(r"^\s*(`{3,}|~{3,})\s*([^`\s]*)")
_BY_HAND = frozenset({"email", "phone", "call"})
"""The channels that have an effect: email is sent, and a call that a person makes and logs counts as told."""
_OF_A_COMMAND = ("keep going", "safe to repeat", "rehearse")
_ELSEWHERE = {"on": "the command runs on this host", "as": "the command runs as the operator"}


def note_without_effect(plan: Plan, remarks: Remarks) -> None:
    """Notes everything that is read and has no effect."""
    _note_facts("plan", plan.facts, remarks)
    for part in plan.parts:
        _note_facts("part", part.facts, remarks)
    for step in plan.top_steps():
        _note_step(step, remarks, required=False)
    for check in plan.checks:
        _note_check(check, remarks)
    for message in plan.messages:
        _note_message(message, remarks)
    for contact in plan.contacts:
        _note_reach(contact, remarks)
    _note_rest(plan, remarks)


def _note_rest(plan: Plan, remarks: Remarks) -> None:
    """The proxy's time, variables that a step captures, and fences in sections of prose."""
    for fact in plan.facts:
        if fact.key == "proxy" and re.search(r"\safter\s", fact.value) and not acted_on("waiting time", "proxy"):
            _note(remarks, fact.line, not_acted_on_words("waiting time", "proxy"), fact.key)
    for one in plan.variables:
        if one.flag.startswith("captured by ") and not acted_on("variable flag", "captured by"):
            _note(remarks, one.line, not_acted_on_words("variable flag", "captured by"), one.name)
    for section in (plan.when, plan.success):
        _note_fences(section, "the check below a bullet is kept, not yet acted on: look yourself", remarks)
    for section in (plan.before, plan.risks, plan.contingency, plan.after):
        _note_fences(section, "this fence is only shown: what is to run is a step, below `## Steps`", remarks)


def _note_facts(place: str, facts: Iterable[Fact], remarks: Remarks) -> None:
    for fact in facts:
        if not acted_on(place, fact.key):
            _note(remarks, fact.line, not_acted_on_words(place, fact.key), fact.key)


def _note_step(step: Step, remarks: Remarks, *, required: bool) -> None:
    """`required`: the step that this is a part of is required, so that `optional` means something."""
    _note_facts("step", step.facts, remarks)
    commands = [block for one in step.with_children() for block in one.commands]
    for fact in step.facts:
        if fact.key in _ELSEWHERE and commands and fact.value:
            _note(remarks, fact.line, f"`{fact.key}` is only shown: {_ELSEWHERE[fact.key]}", fact.key)
        if fact.key in _OF_A_COMMAND and not commands and fact.value.lower() not in ("no", "false"):
            _note(remarks, fact.line, f"`{fact.key}` has no effect: this step has no command", fact.key)
        if fact.key == "rehearse" and len(commands) > 1 and fact.value.strip().casefold() != RUN:
            words = (
                "`rehearse` has no effect: this step is rehearsed part by part; write it at each, or `rehearse: run`"
            )
            _note(remarks, fact.line, words, fact.key)
        if fact.key == "optional" and step.says("optional") and not required:
            words = "`optional` has no effect: it is for a part of a step that is `required`"
            _note(remarks, fact.line, words, fact.key)
    _note_options(step.commands, remarks)
    for child in step.children:
        _note_step(child, remarks, required=step.says("required"))


def _note_check(check: Check, remarks: Remarks) -> None:
    _note_facts("check", check.facts, remarks)
    _note_options(check.commands, remarks)
    if not acted_on("check kind", check.kind):
        _note(remarks, check.line, not_acted_on_words("check kind", check.kind), check.kind)
    for fact in check.facts:
        if fact.key == "after" and (check.fact("when") or "").strip().lower() == "before":
            _note(remarks, fact.line, "`after` has no effect: a check with `when: before` waits for no step", fact.key)
    for block in _beside(check):
        words = f"this fence is not used: check {check.letter} is a check of kind `{check.kind}` by its first fence"
        _note(remarks, block.line, words, block.language)
    for block in check.commands[1:]:
        if block.option("timeout") is not None:
            _note(remarks, block.line, "`timeout=` counts only at the first fence of a check", "timeout")


def _beside(check: Check) -> Iterator[Block]:
    """The fences of a check that its kind leaves out."""
    for block in check.blocks:
        asks = block.kind == "fence" and block.language in ASKED
        if check.kind is CheckKind.COMMAND:
            if asks:
                yield block
        elif check.kind is not CheckKind.MANUAL and (block.runnable or (asks and block.language != check.kind)):
            yield block


def _note_options(blocks: Iterable[Block], remarks: Remarks) -> None:
    for block in blocks:
        for word in block.info.split():
            name, equals, _ = word.partition("=")
            if equals and name != "timeout":
                _note(remarks, block.line, f"`{word}` has no effect: a command knows only `timeout=`", name)


def _note_message(message: Message, remarks: Remarks) -> None:
    _note_facts("message", message.facts, remarks)
    line = next((fact.line for fact in message.facts if fact.key == "by"), message.line)
    if message.by not in _BY_HAND:
        words = (
            f"`by: {message.by}`: nothing is sent by {message.by} yet, only by email; tell them yourself, and note it"
        )
        _note(remarks, line, words, message.by)
    for fact in message.facts:
        if fact.key == "when" and fact.value.lower().startswith("every") and not acted_on("message moment", "every"):
            _note(remarks, fact.line, not_acted_on_words("message moment", "every"), "every")


def _note_reach(contact: Contact, remarks: Remarks) -> None:
    for entry in contact.reach:
        channel, colon, _ = entry.partition(":")
        if colon and channel.strip().lower() not in ("email", "phone"):
            words = f"`{channel.strip()}:` in reach has no effect yet: {contact.name} is reached by email and phone"
            _note(remarks, contact.line, words, channel.strip())


def _note_fences(section: Section | None, words: str, remarks: Remarks) -> None:
    """Notes where each fence of a section of prose begins."""
    open_by, at = "", section.body_line if section is not None else 0
    for line in section.body.split("\n") if section is not None else ():
        if (fence := _FENCE.match(line)) is not None:
            if not open_by:
                _note(remarks, at, words, fence[2])
                open_by = fence[1]
            elif fence[1].startswith(open_by) and not fence[2]:
                open_by = ""
        at += 1


def _note(remarks: Remarks, line: int, words: str, about: str) -> None:
    remarks.add("not-acted-on", line, words, about)
