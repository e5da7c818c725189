"""What must be filled in before a command may run: `<NAME>`, `[NAME]`, `{+...+}`, variables. contract.md section 2.

This is a rule of thumb, not a shell: it follows quotes and comments line by line, but not substitutions. Something is
not a placeholder if the shell's own meaning is more likely (`<(cmd)`, `<<EOF`, `a < b`, `[ -f x ]`, `[A-Z]`,
`${A[I]}`). If both are equally likely, it is one, since a refused command can be changed and one that ran cannot.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

_TEMPLATE = re.compile(r"\{\+[^\n]{0,300}?\+\}")
_ANGLE = re.compile(r"(?<![<\\?])<([A-Za-z](?:[\w./:@ -]{0,78}[\w.])?)>")
_SQUARE = re.compile(
    r"(?<![\w\]$}\\*?\[(.^|])(?<![ '\"]s/)"  # not an index, not a pattern
    r"\[([A-Z][A-Z0-9_]+(?:[ -][A-Z0-9_]{2,}){0,6})\]"
    r"(?![\w\]\[*+?({\\^$])"
)
_LOG_WORDS = frozenset({
    "OK", "DONE", "FAIL", "FAILED", "PASS", "PASSED", "SKIP", "SKIPPED", "INFO", "WARN", "WARNING", "ERROR",
    "ERR", "DEBUG", "FATAL", "TRACE", "NOTICE", "CRITICAL",
})  # fmt: skip
_HTML = frozenset({
    "a", "b", "i", "u", "p", "br", "hr", "li", "ul", "ol", "td", "th", "tr", "em", "dl", "dt", "dd", "h1", "h2",
    "h3", "h4", "h5", "h6", "img", "div", "pre", "sub", "sup", "kbd", "code", "span", "table", "tbody", "thead",
    "strong", "details", "summary", "blockquote",
})  # fmt: skip
_VOID = frozenset({"br", "hr"})
_CLOSING = re.compile(r"</([A-Za-z][\w.:-]{0,78})>")
_HTML_COMMENT = re.compile(r"<!--.*?(?:-->|$)")
_CODE_OR_LINK = re.compile(r"!?\[[^\]\n]{0,300}\](?:\(|\[|:)")
_QUOTED = re.compile(r"\\.|'[^'\n]*'|\$(?:\{[!#]?)?([A-Za-z_][A-Za-z0-9_]*)|(\")", re.DOTALL)


class Placeholder(Struct, frozen=True):
    """Template text that still has to be filled in, as written; `line` is 1-based within the text searched."""

    text: str
    line: int


def placeholders(script: str) -> tuple[Placeholder, ...]:
    """Every placeholder of a shell script, in order; comments of the script are ignored."""
    tags = _VOID | _closed_tags(script)
    return tuple(
        Placeholder(text, number)
        for number, line in enumerate(without_comments(script), start=1)
        if _worth_a_look(line)
        for text in _in_line(line, tags)
    )


def placeholders_in_prose(text: str) -> tuple[Placeholder, ...]:
    """Every placeholder of Markdown prose, in order; links, HTML tags and one-line HTML comments don't count."""
    tags = _HTML | _closed_tags(text)
    return tuple(
        Placeholder(found, number)
        for number, line in enumerate(text.split("\n"), start=1)
        if _worth_a_look(line)
        for found in _in_line(_CODE_OR_LINK.sub(_blank, _HTML_COMMENT.sub(_blank, line)), tags)
    )


def used_variables(script: str) -> frozenset[str]:
    """The names that `script` expands as `$NAME` or `${NAME...}` outside single quotes.

    It misses names in arithmetic without `$`, and names that `eval` or a called script uses. It also finds names in a
    here-document with a quoted end word, which the shell doesn't expand.
    """
    if "$" not in script:
        return frozenset()
    names: set[str] = set()
    at, in_double = 0, False
    script = "\n".join(without_comments(script))
    while match := _QUOTED.search(script, at):
        at = match.end()
        if match[2]:
            in_double = not in_double
        elif match[0][0] == "'" and in_double:
            at = match.start() + 1
        elif match[1]:
            names.add(match[1])
    return frozenset(names)


def unfilled(script: str, without_value: Iterable[str]) -> tuple[str, ...]:
    """What must be filled in before `script` runs: its placeholders as written, then used variables `without_value`."""
    used = used_variables(script)
    names = (name for name in without_value if name in used)
    return tuple(dict.fromkeys([*(one.text for one in placeholders(script)), *names]))


def without_comments(script: str) -> list[str]:
    """The lines of `script`, each without its comment."""
    if "#" not in script:
        return script.split("\n")
    return [_without_comment(line) for line in script.split("\n")]


def _worth_a_look(line: str) -> bool:
    return "<" in line or "[" in line or "{+" in line


def _in_line(line: str, tags: frozenset[str]) -> list[str]:
    found = [(match.start(), match[0]) for match in _TEMPLATE.finditer(line)]
    line = _TEMPLATE.sub(_blank, line)
    found += [(match.start(), match[0]) for match in _ANGLE.finditer(line) if _is_name(match[1], tags)]
    found += [(match.start(), match[0]) for match in _SQUARE.finditer(line) if match[1] not in _LOG_WORDS]
    return [text for _, text in sorted(found)]


def _closed_tags(text: str) -> frozenset[str]:
    """The names that `text` closes as XML does, `</name>`."""
    return frozenset(_CLOSING.findall(text)) if "</" in text else frozenset()


def _is_name(name: str, tags: frozenset[str]) -> bool:
    """Whether `<name>` is a gap to fill in, not a tag, an address or a web link."""
    word = name.split()[0].lower()
    if word in tags or name in tags or "//" in name or "mailto:" in name:
        return False
    return not ("@" in name and "." in name)


def _without_comment(line: str) -> str:
    """`line` without its comment: a `#` at the start of a word, outside the quotes that open on this line."""
    quote = ""
    for at, char in enumerate(line):
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"" and (at == 0 or line[at - 1] != "\\"):
            quote = char
        elif char == "#" and (at == 0 or line[at - 1] in " \t;"):
            return line[:at]
    return line


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])
