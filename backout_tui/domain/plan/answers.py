"""Turns the answers to the nine questions into a plan: what was said, where it belongs, and not a word more."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from backout_tui.domain.plan.authorisers import proxy_name
from backout_tui.domain.plan.plan import Block, Check, Contact, Fact, Message, Part, Plan, Section, Step
from backout_tui.domain.plan.readiness import says_something
from backout_tui.domain.plan.texts import letter_after
from backout_tui.domain.plan.typed import as_expectation, as_item, lines_of, on_one_line
from backout_tui.domain.spans import estimate
from backout_tui.domain.text import clean
from backout_tui.domain.values import replace

Answers = Mapping[str, str]
"""What was typed, by the names of the blanks; a blank that is missing or empty is left open."""

MESSAGE_TITLE = "First message"
_FACTS = {
    "release": "release",
    "returns-to": "returns to",
    "environment": "environment",
    "team": "team",
    "deployed": "deployed",
    "window": "window",
    "authoriser": "authoriser",
    "proxy": "proxy",
    "performer": "performer",
    "expected-time": "expected time",
}
_COMMAND = re.compile(r"^\$(?:[ \t](.*))?$")
_EXPECT = re.compile(r"^expect\s*:\s*(\S.*)$", re.IGNORECASE)
_TIME = re.compile(r"\s*\(([^()]{1,40})\)$")
_HOW_SOON = re.compile(r"\s*(?:,|\s(?:within|after)\s).*$")
_CONTACT = re.compile(r"^(.*?)\s*\(([^()]+)\)$")


def plan_of(answers: Answers) -> Plan:
    """The plan made from `answers`. Whatever was left open, or says nothing (`TBD`, `?`), stays open."""
    release = on_one_line(answers.get("release", ""))
    steps = tuple(_steps(answers.get("steps", "")))
    plan = Plan(
        title=f"Backout plan: {release}" if release else "Backout plan",
        facts=tuple(_facts(answers)),
        when=_section("When to back out", answers.get("when", "")),
        success=_section("When the release is a success", answers.get("success", "")),
        parts=(Part("", "", steps),) if steps else (),
        checks=tuple(_checks(answers.get("checks", ""))),
        contingency=_section("If the backout fails", answers.get("if-it-fails", "")),
        messages=tuple(_messages(answers)),
        rehearsals=_section("Rehearsals", answers.get("rehearsals", "")),
    )
    return replace(plan, contacts=tuple(_contacts(plan)))


def _facts(answers: Answers) -> Iterator[Fact]:
    for name, key in _FACTS.items():
        yield from _fact(key, answers.get(name, ""))
    for line in lines_of(answers.get("affects", "")):
        yield from _fact("affects", as_item(line))


def _fact(key: str, answer: str) -> Iterator[Fact]:
    if says_something(value := on_one_line(answer)):
        yield Fact(key, value)


def _section(title: str, answer: str) -> Section | None:
    """The lines that say something, each as the item of a list."""
    items = tuple(item for line in lines_of(answer) if says_something(item := as_item(line)))
    return Section(title, "\n".join(f"- {item}" for item in items), items) if items else None


def _steps(answer: str) -> Iterator[Step]:
    for number, (title, blocks) in enumerate(_items(answer), start=1):
        time = _TIME.search(title)
        if time is None or estimate(time[1]) is None:
            yield Step(str(number), title, (), blocks)
        else:
            yield Step(str(number), title[: time.start()], (Fact("estimate", time[1].strip()),), blocks)


def _checks(answer: str) -> Iterator[Check]:
    taken: set[str] = set()
    for title, blocks in _items(answer):
        letter = letter_after(taken)
        taken.add(letter)
        yield Check(letter, title, (), blocks)


def _items(answer: str) -> Iterator[tuple[str, tuple[Block, ...]]]:
    """One item a line; `$ command` and `expect: text` belong to the item above them.

    A command with no item above it becomes an item with the command as its title.
    """
    title, blocks = "", list[Block]()
    for line in lines_of(answer):
        if command := _COMMAND.match(line):
            title = title or as_item(command[1] or "")
            _add_command(blocks, command[1] or "")
        elif title and (expected := _EXPECT.match(line)):
            blocks.append(Block("expect", as_expectation(expected[1])))
        else:
            if title:
                yield title, tuple(blocks)
            title, blocks = as_item(line), []
    if title:
        yield title, tuple(blocks)


def _add_command(blocks: list[Block], command: str) -> None:
    """Adds a command; commands that follow each other form one script."""
    if blocks and blocks[-1].kind == "fence":
        command = f"{blocks.pop().text}\n{command}"
    if command:
        blocks.append(Block("fence", command, "sh"))


def _messages(answers: Answers) -> Iterator[Message]:
    facts = tuple(fact for key in ("to", "by", "when") for fact in _fact(key, answers.get(f"message-{key}", "")))
    text = _message_text(answers.get("message-text", ""))
    if facts or text:
        yield Message(MESSAGE_TITLE, facts, text)


def _message_text(answer: str) -> str:
    lines = clean(answer.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def _contacts(plan: Plan) -> Iterator[Contact]:
    """One row for each person in the answers, with their roles; how to reach them is left open."""
    roles: dict[str, tuple[str, list[str]]] = {}
    for name, role in _people(plan):
        if says_something(name):
            known = roles.setdefault(" ".join(name.split()).casefold(), (name, []))[1]
            known += [role] if role and role not in known else []
    for name, named_for in roles.values():
        yield Contact(name, ", ".join(named_for))


def _people(plan: Plan) -> Iterator[tuple[str, str]]:
    yield plan.fact("authoriser") or "", "authoriser"
    yield proxy_name(plan), "proxy"
    yield _HOW_SOON.sub("", plan.fact("performer") or ""), "performer"
    for fact in plan.facts:
        if fact.key == "affects" and (affected := _CONTACT.match(fact.value)):
            yield affected[2].strip(), affected[1]
    for message in plan.messages:
        yield from ((name, "") for name in message.to)
