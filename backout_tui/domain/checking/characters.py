"""Characters in commands that are not what they look like: word-processor quotes and dashes, foreign letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from backout_tui.domain.checking.finding import Finding, finding
from backout_tui.domain.checking.passages import Passage
from backout_tui.domain.plan.placeholders import without_comments

_CURLY = re.compile("[‘’‚‛“”„‟«»‹›＂＇]")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_INVISIBLE = "\u00ad\u180e\u200b-\u200d\u2060-\u2064\ufeff\u3164\u115f\u1160\uffa0"
_ALWAYS = re.compile(f"[{_SPACES}{_INVISIBLE}\u2010\u2011\u2212\u037e\u2044\u2215\u2236\u01c3\uff01-\uff5e]")
_DASH = re.compile(r"(?:^|(?<=[\s=]))[–—―](?=[\w–—―-])")
_WORD = re.compile(r"[^\W\d_]+")
_LIKE_LATIN = frozenset("аеорсухіјѕԁһԛԝАВЕКМНОРСТХІЈЅοονΑΒΕΖΗΙΚΜΝΟΡΤΥΧ")


def about_characters(scripts: Iterable[Passage]) -> Iterator[Finding]:
    """curly-quote, bidi-character, confusable-character: at most one of each per line; script comments are ignored."""
    for script in scripts:
        if script.text.isascii():
            continue
        for at, line in enumerate(without_comments(script.text)):
            number = script.line + at if script.line else 0
            yield from (finding(rule, number, script.item, message) for rule, message in _in_line(line))


def _in_line(line: str) -> Iterator[tuple[str, str]]:
    if line.isascii():
        return
    if match := _BIDI.search(line):
        yield "bidi-character", f"{_named(match[0])} makes this line read otherwise than it runs: remove it"
    if match := _CURLY.search(line):
        text = f"{match[0]} ({_named(match[0])}) is not a quote to the shell: write ' or \", or none"
        yield "curly-quote", text
    if char := _confusable(line):
        text = f"{_named(char)} looks like another character and is taken for a different one: type it again"
        yield "confusable-character", text


def _confusable(line: str) -> str:
    """The first character that only looks like one used in commands; "" if there is none."""
    if match := _ALWAYS.search(line) or _DASH.search(line):
        return match[0] if not _CURLY.match(match[0]) else ""
    for match in _WORD.finditer(line):
        if not match[0].isascii() and (char := _foreign_letter(match[0])):
            return char
    return ""


def _foreign_letter(word: str) -> str:
    """A Greek or Cyrillic letter in a word that is otherwise Latin, or in one that could be taken for Latin."""
    foreign = [char for char in word if unicodedata.name(char, "").startswith(("CYRILLIC", "GREEK"))]
    mixed = len(foreign) < len(word) and any(unicodedata.name(char, "").startswith("LATIN") for char in word)
    return foreign[0] if foreign and (mixed or all(char in _LIKE_LATIN for char in word)) else ""


def _named(char: str) -> str:
    return f"U+{ord(char):04X} {unicodedata.name(char, 'without a name').lower()}"
