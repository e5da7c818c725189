"""Plans made at random, in the form in which the reader hands them out: for properties that hold for every plan."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import strategies as st

from backout_tui.domain.plan.plan import (
    Block,
    Check,
    Component,
    Contact,
    Fact,
    Message,
    Part,
    Plan,
    Section,
    Step,
    Variable,
)
from backout_tui.domain.plan.planfacts import keys_of
from backout_tui.domain.spans import estimate
from backout_tui.planfile.reading.sections import TITLES, is_loose_step, section_of

SPECIAL = "#*_|`<>[]{}()\\/:.,-+=~!?'\"$&%@^;  0123456789abcXYZ"
LETTERS = st.characters(exclude_categories=["Cc", "Cs"])
CHARS = st.one_of(st.sampled_from(SPECIAL), LETTERS)

_STRUCTURE = re.compile(r"^\s*(?:#|```|~~~|[=-]+\s*$|<!--|\\?>)|```|~~~|<!--|xpect", re.IGNORECASE)
_KNOWN_BULLET = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s*.*$")
_LIST = re.compile(r"^\s*(?:[-*+]|\d+[.)])(?:\s|$)")


def lines(max_size: int = 24) -> st.SearchStrategy[str]:
    """Anything that fits on one line, without blanks at its ends; also nothing."""
    return st.text(CHARS, max_size=max_size).map(str.strip).filter(lambda text: "<!--" not in text)


def some(max_size: int = 24) -> st.SearchStrategy[str]:
    """The same, but something."""
    return lines(max_size).filter(bool)


def _is_fact(line: str) -> bool:
    """Whether a line could be taken for a fact of any place."""
    return _KNOWN_BULLET.match(line) is not None


PARAGRAPHS = (
    "Plain words, which\ngo over two lines",
    "    indented = code",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "[a link](https://example.org) and `code` and **bold**",
    "<details>\nfolded\n</details>",
    "* * *",
    "\tafter a tab",
    "Subject: not a subject here",
    "owner: not a fact, without its bullet",
)
BULLETS = ("- one\n- two\n  - three", "1. first\n2. second\n\n   more of it", "+ [ ] a box\n+ [x] another")


@st.composite
def texts(draw: st.DrawFn, *, bullets: bool = True) -> str:
    """Markdown prose that opens nothing: no heading, fence, expectation or quote; `bullets` only where they may be."""
    free = lines().filter(lambda line: bool(line) and not _STRUCTURE.match(line) and not _is_fact(line))
    free = free.filter(lambda line: not _STRUCTURE.search(line))
    pieces = st.one_of(free, st.sampled_from(PARAGRAPHS), *([st.sampled_from(BULLETS)] if bullets else []))
    return "\n\n".join(draw(st.lists(pieces, min_size=1, max_size=3)))


MAYBE_TEXT = st.one_of(st.just(""), texts())
MAYBE_PLAIN = st.one_of(st.just(""), texts(bullets=False))


@st.composite
def facts(draw: st.DrawFn, place: str) -> tuple[Fact, ...]:
    """Facts that may stand at `place`, in any order."""
    keys = draw(st.lists(st.sampled_from(sorted(keys_of(place))), unique=True, max_size=5))
    found = []
    for key in keys:
        value = draw(lines() if keys_of(place)[key].bare else some())
        found.append(Fact(key, value))
    if "affects" in keys:
        found.append(Fact("affects", draw(some())))
    return tuple(found)


FENCE_LINES = st.one_of(
    st.text(CHARS, max_size=20),
    st.sampled_from(
        ["```", "````", "```sh", "~~~~", "### 4. No step", "Expect: `no`", "- owner: nobody", "", "\techo x"]
    ),
)
INFOS = st.sampled_from(["", "sh", "bash", "sh timeout=600", "yaml", "http", "sql url=MAIN", "a`b", "~odd", "~odd`er"])


@st.composite
def fences(draw: st.DrawFn) -> Block:
    """A fence that may hold anything, backticks and headings too."""
    return Block("fence", "\n".join(draw(st.lists(FENCE_LINES, max_size=4))), draw(INFOS))


EXPECTS = st.sampled_from(["`rolled out`", "`` a`b ``", "/^done$/", "/a\\/b|c/", "`/x/`", "/`/"]).map(
    lambda text: Block("expect", text)
)


@st.composite
def blocks(draw: st.DrawFn) -> tuple[Block, ...]:
    """A body: prose, fences and expectations in any order, no two pieces of prose side by side."""
    found: list[Block] = []
    for block in draw(
        st.lists(st.one_of(texts().map(lambda text: Block("text", text)), fences(), EXPECTS), max_size=4)
    ):
        if block.kind != "text" or not found or found[-1].kind != "text":
            found.append(block)
    if found and found[0].kind == "text" and _is_fact(found[0].text.split("\n")[0]):
        found.pop(0)
    return tuple(found)


def _says_no_time(title: str) -> bool:
    match = re.search(r"\(([^()]{1,40})\)$", title)
    return match is None or estimate(match[1]) is None


@st.composite
def steps(draw: st.DrawFn, number: str, depth: int = 0) -> Step:
    """A step, with sub-steps down to two levels."""
    count = draw(st.integers(0, 2)) if depth < 2 else 0
    children = tuple(draw(steps(f"{number}.{at}", depth + 1)) for at in range(1, count + 1))
    return Step(number, draw(lines().filter(_says_no_time)), draw(facts("step")), draw(blocks()), children)


@st.composite
def parts(draw: st.DrawFn) -> tuple[Part, ...]:
    """Options, phases and steps of neither, in any order, each number once."""
    found: list[Part] = []
    next_number, letters = 1, iter("ABCDEFGH")
    for kind in draw(st.lists(st.sampled_from(["", "option", "phase"]), max_size=4)):
        if kind == "" and found and found[-1].kind == "":
            continue
        size = draw(st.integers(0 if kind else 1, 2))
        letter = next(letters) if kind == "option" else ""
        numbers = [f"{letter}{next_number + at}" for at in range(size)]
        next_number += 0 if letter else size
        found.append(draw(_part(kind, letter, numbers)))
    return tuple(found)


@st.composite
def _part(draw: st.DrawFn, kind: str, letter: str, numbers: list[str]) -> Part:
    inner = tuple(draw(steps(number)) for number in numbers)
    if not kind:
        return Part("", "", inner)
    rest = draw(lines())
    name = (f"{letter}: {rest}" if rest else letter) if kind == "option" else rest
    intro = draw(MAYBE_TEXT if inner else MAYBE_PLAIN)
    return Part(kind, name, inner, draw(facts("part")), _not_led_by_a_fact(intro))


def _not_led_by_a_fact(text: str) -> str:
    return f"Words first.\n\n{text}" if text and _is_fact(text.split("\n")[0]) else text


@st.composite
def sections(draw: st.DrawFn, title: st.SearchStrategy[str]) -> Section:
    """A section of prose and bullets; its items are its bullets."""
    good = some().filter(lambda text: not _LIST.match(text) and not _STRUCTURE.search(text) and text[0] not in "[-*+")
    items = tuple(" ".join(item.split()) for item in draw(st.lists(good, max_size=3)))
    prose = draw(MAYBE_PLAIN)
    body = "\n\n".join(one for one in (prose, "\n".join(f"- {item}" for item in items)) if one)
    return Section(draw(title), body, items)


def _section_titles(section: str) -> st.SearchStrategy[str]:
    return st.sampled_from([TITLES[section], TITLES[section].upper(), f"3. {TITLES[section]}:"])


OTHER_TITLES = lines().filter(lambda title: section_of(title) is None and not is_loose_step(title))


@st.composite
def messages(draw: st.DrawFn, title: str) -> Message:
    """A message; its text may hold what would be structure outside of a quote."""
    quoted = draw(st.lists(st.one_of(FENCE_LINES, st.sampled_from(["> deeper", "# no heading", "   "])), max_size=4))
    while quoted and not quoted[-1].strip():
        quoted.pop()
    while quoted and not quoted[0].strip():
        quoted.pop(0)
    return Message(title, draw(facts("message")), "\n".join(quoted), _not_led_by_a_fact(draw(MAYBE_TEXT)))


CELLS = lines(16)
NAMES = some(12).filter(lambda text: "," not in text)
CONTACTS = st.builds(
    Contact,
    name=some(16),
    role=CELLS,
    groups=st.lists(NAMES, max_size=2).map(tuple),
    zone=CELLS,
    quiet=CELLS,
    reach=st.lists(NAMES, max_size=2).map(tuple),
)
COMPONENTS = st.builds(Component, component=some(16), version=CELLS, returns_to=CELLS)
FLAGS = st.sampled_from(["", "asked at start", "asked when needed", "captured by 1"])


@st.composite
def variables(draw: st.DrawFn) -> Variable:
    """A variable; a secret never has a value."""
    name = draw(st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True))
    value = draw(lines().filter(lambda text: not text.endswith(")")))
    return draw(st.sampled_from([Variable(name, "", "secret"), Variable(name, value, draw(FLAGS))]))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """A whole plan: every section may be there or not."""
    found_parts = draw(parts())
    prose: dict[str, Any] = {
        name: draw(st.one_of(st.none(), sections(_section_titles(name))))
        for name in ("when", "success", "before", "risks", "contingency", "after", "rehearsals")
    }
    letters = draw(st.lists(st.sampled_from(["A", "B", "C", "AA", "Z"]), unique=True, max_size=3))
    titles = draw(st.lists(lines(), unique=True, max_size=3))
    others = draw(st.lists(sections(OTHER_TITLES), max_size=2))
    if prose["risks"] is not None:
        others += draw(st.lists(sections(st.just("Risks")), max_size=1))
    return Plan(
        title=draw(lines()),
        facts=draw(facts("plan")),
        intro=_not_led_by_a_fact(draw(MAYBE_TEXT)),
        **prose,
        components=tuple(draw(st.lists(COMPONENTS, max_size=2))),
        variables=tuple(draw(st.lists(variables(), max_size=3))),
        steps_intro=draw(MAYBE_TEXT if found_parts else MAYBE_PLAIN),
        parts=found_parts,
        checks=tuple(Check(letter, draw(lines()), draw(facts("check")), draw(blocks())) for letter in letters),
        messages=tuple(draw(messages(title)) for title in titles),
        contacts=tuple(draw(st.lists(CONTACTS, max_size=2))),
        others=tuple(others),
    )
