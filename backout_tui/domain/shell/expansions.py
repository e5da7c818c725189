"""Where a shell script expands variables: which, by what form, and whether a missing one is provided for there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from backout_tui.domain.shell.words import documents_of, end_of_brackets, words_of

_DEEPEST = 10  # nested substitutions: deeper ones are ignored
_HEAD = re.compile(r"[!#]?([A-Za-z_]\w*)(\[[^\]\n]*\])?(:?[-=+?])?")
_BARE = re.compile(r"\$([A-Za-z_]\w*)")
_LISTED = re.compile(r"![A-Za-z_]\w*[*@]$")
_IN_SUM = re.compile(r"(?<![\w#])([A-Za-z_]\w*)(?!\w)")


class Expansion(Struct, frozen=True):
    """One use of a variable. `form` is what follows its name inside `${...}`: `:-`, `=`, `+`, `?`, or ""."""

    name: str
    form: str = ""

    @property
    def may_be_unset(self) -> bool:
        """Whether the form says what stands there when the variable is not set."""
        return self.form.lstrip(":") in ("-", "=", "+")

    @property
    def sets(self) -> bool:
        """Whether the form sets the variable."""
        return self.form.endswith("=")


def expansions(script: str, depth: int = 0) -> Iterator[Expansion]:
    """The expansions of `script`, also inside its substitutions; single quotes and comments have none. Never raises."""
    if "$" not in script or depth > _DEEPEST:
        return
    for word in words_of(script):
        if "$" in word.text:
            yield from expansions_in(word.text, depth)
    for text in documents_of(script) if "<<" in script else ():
        yield from expansions_in(text, depth, quotes=False)


def expansions_in(text: str, depth: int = 0, *, quotes: bool = True) -> Iterator[Expansion]:
    """The expansions of one word; in a here-document, or inside double quotes, single `quotes` mean themselves."""
    at, double = 0, False
    while at < len(text):
        char = text[at]
        if char == "\\":
            at += 2
        elif char == '"':
            double, at = not double, at + 1
        elif char == "'" and quotes and not double:
            end = text.find("'", at + 1)
            at = len(text) if end < 0 else end + 1
        elif char == "`":
            end = text.find("`", at + 1)
            end = len(text) if end < 0 else end
            yield from expansions(text[at + 1 : end], depth + 1)
            at = end + 1
        elif char == "$":
            end = _end_of(text, at)
            yield from _expansion(text[at:end], depth)
            at = end
        else:
            at += 1


def _end_of(text: str, at: int) -> int:
    """The place after what begins with the `$` at `at`."""
    if text.startswith("$((", at):
        return end_of_brackets(text, at + 3, "(", ")", depth=2)
    if text.startswith("$(", at):
        return end_of_brackets(text, at + 2, "(", ")")
    if text.startswith("${", at):
        return end_of_brackets(text, at + 2, "{", "}")
    bare = _BARE.match(text, at)
    return bare.end() if bare else at + 1


def _expansion(text: str, depth: int) -> Iterator[Expansion]:
    if depth > _DEEPEST:
        return
    if text.startswith("$(("):
        yield from _in_sum(text[3:].removesuffix("))"), depth + 1)
    elif text.startswith("$("):
        yield from expansions(text[2:].removesuffix(")"), depth + 1)
    elif text.startswith("${"):
        yield from _in_braces(text[2:].removesuffix("}"), depth + 1)
    elif bare := _BARE.fullmatch(text):
        yield Expansion(bare[1])


def _in_braces(text: str, depth: int) -> Iterator[Expansion]:
    head = _HEAD.match(text)
    if head is None or _LISTED.match(text):
        return
    yield Expansion(head[1], head[3] or "")
    inner = expansions_in((head[2] or "") + text[head.end() :], depth)
    if (head[3] or "").endswith("+"):  # what stands there is used only if the variable is set
        inner = (one for one in inner if one.name != head[1])
    yield from inner


def _in_sum(text: str, depth: int) -> Iterator[Expansion]:
    """In `$((...))` a name needs no `$`."""
    yield from expansions_in(text, depth)
    yield from (Expansion(name) for name in _IN_SUM.findall(_plain(text)))


def _plain(text: str) -> str:
    """`text` without its expansions and substitutions."""
    at, kept = 0, list[str]()
    while at < len(text):
        if text[at] == "$":
            at = _end_of(text, at)
        elif text[at] == "`":
            at = (text.find("`", at + 1) + 1) or len(text)
        else:
            kept.append(text[at])
            at += 1
    return "".join(kept)
