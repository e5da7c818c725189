"""Finds another shell's words: what bash, zsh, ksh or csh knows and `sh` doesn't, or reads differently.

In `sh` such a word is "not found", which counts as false in a condition, or means something else without a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from backout_tui.domain.shell.builtin_options import foreign_option
from backout_tui.domain.shell.names import wanted_names
from backout_tui.domain.shell.shell_commands import Command, deeply, without_patterns
from backout_tui.domain.shell.words import DEEPEST, Word, words_of

_TEST = "`[ ... ]`"
_SUM = "`[ $((...)) -gt 0 ]` or `x=$((...))`"
_COMMANDS = {
    "[[": _TEST,
    "source": "`. ./FILE`",
    "let": "`x=$((...))`",
    "declare": "`NAME=value`",
    "typeset": "`NAME=value`",
    "shopt": "",
    "mapfile": "`while read -r line; do ...; done`",
    "readarray": "`while read -r line; do ...; done`",
    "pushd": "`(cd DIR && ...)`",
    "popd": "`(cd DIR && ...)`",
    "dirs": "`pwd`",
    "coproc": "",
    "builtin": "`command`",
    "disown": "`nohup`",
    "enable": "",
    "caller": "",
    "compgen": "",
}
_OF_NEITHER = {
    "setopt": "zsh's", "unsetopt": "zsh's", "autoload": "zsh's", "zmodload": "zsh's", "whence": "ksh's and zsh's",
    "setenv": "csh's", "unsetenv": "csh's", "foreach": "csh's",
}  # fmt: skip
_HEADS = {"function": "`NAME() { ...; }`", "select": ""}
_OPERATORS = {
    "&>": "`>FILE 2>&1`",
    "&>>": "`>>FILE 2>&1`",
    "<<<": "`printf '%s\\n' ... |` before it",
    "|&": "`2>&1 |`",
    ";&": "",
    ";;&": "",
}
_EXPANSIONS = (
    (re.compile(r"\$\{!(?=[\w@*])"), "${!...}", ""),
    (re.compile(r"\$\{#?\w+\["), "${NAME[...]}", "words in `set -- ...`, or lines in a file"),
    (re.compile(r"\$\{(?:\w+|[@*])/"), "${NAME/...}", "`sed`"),
    (re.compile(r"\$\{(?:\w+|[@*]):(?![-=+?])"), "${NAME:N}", "`cut`, or `${NAME#...}`"),
    (re.compile(r"\$\{\w+[\^,]"), "${NAME^^}", "`tr`"),
    (re.compile(r"\$\{\w+@[A-Za-z]\}"), "${NAME@...}", ""),
    (re.compile(r"^\$'"), "$'...'", "`printf`"),
    (re.compile(r'^\$"'), '$"..."', 'plain `"..."`'),
    (re.compile(r"^\$\(\(.*(?:\w\s*(?:\+\+|--)|(?:\+\+|--)\s*[A-Za-z_]|\*\*)", re.DOTALL), "++, -- or ** in $((...))",
     "`$((x + 1))`"),
)  # fmt: skip
_BRACES = re.compile(r"\{[^{}\s]*,[^{}\s]*\}|\{-?\w+\.\.-?\w+(?:\.\.-?\d+)?\}")
_NO_BRACES = re.compile(r"\{\{|://|jsonpath|template|^--?(?:format|o)\b|^[A-Za-z_]\w*=")
_ASSIGNS = re.compile(r"[A-Za-z_]\w*(?:(\[)[^\]]*\])?(\+)?=(\()?")
_BASH_VARIABLES = frozenset({
    "RANDOM", "SRANDOM", "SECONDS", "UID", "EUID", "GROUPS", "PIPESTATUS", "FUNCNAME", "DIRSTACK", "REPLY", "BASHPID",
    "BASH_SOURCE", "BASH_LINENO", "BASH_COMMAND", "BASH_REMATCH", "BASH_SUBSHELL", "EPOCHSECONDS", "EPOCHREALTIME",
    "OSTYPE", "HOSTTYPE", "MACHTYPE",
})  # fmt: skip
_WORTH_A_LOOK = re.compile(
    rf"\b(?:{'|'.join(sorted({*_COMMANDS, *_OF_NEITHER, *_HEADS, *_BASH_VARIABLES} - {'[['}))})\b"
    r"|\bread\b|\b(?:set|echo|kill|exec|export|readonly|local|unset|type|wait|printf)\s+[-+{]|%q|%\(|\btrap\b|\bSIG[A-Z]"
    r"|\[\[|==|=~|\s-v|\(\(|\+?=\(|\+=|\w\]=|&>|<<<|[<>]\(|\|&|;&|>&\s*[^\s\d$-]|\d\d[<>]|\}[<>]|\(\s*<"
    r"|\$\{!|\$\{#?\w+[\[/:^,@]|\$\{[@*][/:]|\$['\"]|\{[^{}\s]*(?:,|\.\.)"
)


class Foreign(Struct, frozen=True):
    """Another shell's word: its line, what is written, whose it is (`bash's`), and what to write instead, or ""."""

    line: int
    what: str
    whose: str = "bash's"
    instead: str = ""


def foreign_words(
    script: str, line: int = 1, *, shell: str = "sh", given: frozenset[str] = frozenset()
) -> Iterator[Foreign]:
    """Each word of `script` that `shell` (`sh` or `bash`) doesn't know, once a line. Never raises.

    `given` are variables that the script gets from outside.
    Comments, quotes, here-documents and what other programs are given are not judged.
    """
    if _WORTH_A_LOOK.search(script) is None:
        return
    commands = without_patterns(list(deeply(script, line)))
    own = {one.program for one in commands if one.after == "(" and len(one.words) == 1}
    said: set[tuple[int, str]] = set()
    found = [*_neither(commands)] if shell == "bash" else [*_neither(commands), *_of_commands(commands)]
    if shell == "sh":
        found += [*_of_tokens(script, line), *_of_variables(script, line, given)]
    for one in sorted(found, key=lambda one: one.line):
        if one.what not in own and (one.line, one.what) not in said:
            said.add((one.line, one.what))
            yield one


def _neither(commands: Sequence[Command]) -> Iterator[Foreign]:
    for command in commands:
        if whose := _OF_NEITHER.get(command.program):
            yield Foreign(command.line, command.program, whose)


def _of_commands(commands: Sequence[Command]) -> Iterator[Foreign]:
    for command in commands:
        if command.head in _HEADS:
            yield Foreign(command.line, command.head, instead=_HEADS[command.head])
        if command.head == "for" and any(word.startswith("((") for word in command.keywords):
            yield Foreign(command.line, "for ((...))", instead="`for i in $(seq 1 3)`")
        if not command.words:
            continue
        program = command.arguments[0].text if command.arguments else ""
        if program in _COMMANDS:
            yield Foreign(command.line, program, instead=_COMMANDS[program])
        elif program.startswith("((") and program.endswith("))"):
            yield Foreign(command.line, "((...))", instead=_SUM)
        elif found := foreign_option([word.plain for word in command.arguments], command.arguments):
            yield Foreign(command.line, found[0], instead=found[1])
        yield from _of_assignments(command)


def _of_assignments(command: Command) -> Iterator[Foreign]:
    leading = len(command.words) - len(command.arguments)
    for at, word in enumerate(command.words):
        match = _ASSIGNS.match(word.text)
        if match and (match[3] or (match[1] and at < leading)):
            yield Foreign(word.line, "NAME=(...)", instead="words in `set -- ...`, or lines in a file")
        elif match and match[2] and at < leading:
            yield Foreign(word.line, "NAME+=...", instead='`NAME="${NAME}..."`')


def _of_tokens(script: str, line: int, depth: int = 0) -> Iterator[Foreign]:
    """Operators and expansions, also those of substitutions inside."""
    tokens = words_of(script, line)
    for token, after in pairwise([*tokens, Word("", 0)]):
        if token.operator:
            yield from _of_operator(token, after)
        elif token.text.startswith(("<(", ">(")):
            yield Foreign(token.line, f"{token.text[0]}(...)", instead="a file, or a pipe")
        elif not _NO_BRACES.search(token.text) and (match := _BRACES.search(token.bare)):
            what = "{A..B}" if ".." in match[0] and "," not in match[0] else "{A,B}"
            yield Foreign(token.line, what, instead="`$(seq 1 3)`" if what == "{A..B}" else "each word in full")
        for text, at in token.expands:
            yield from _of_expansion(text, at)
        for inner, at in token.inside if depth < DEEPEST else ():
            if re.match(r"\s*<[^<(&]", inner) and inner.count("\n") == 0 and len(words_of(inner)) == 2:
                yield Foreign(at, "$(<FILE)", instead="`$(cat FILE)`")
            yield from _of_tokens(inner, at, depth + 1)


def _of_operator(token: Word, after: Word) -> Iterator[Foreign]:
    if token.text in _OPERATORS:
        yield Foreign(token.line, token.text, instead=_OPERATORS[token.text])
    elif token.text == ">&" and not after.operator and not re.match(r"\"?[\d$-]", after.text):
        yield Foreign(token.line, ">&FILE", instead="`>FILE 2>&1`")
    elif re.match(r"\d\d", token.text):
        yield Foreign(token.line, token.text, instead="a number from 3 to 9")


def _of_expansion(text: str, line: int) -> Iterator[Foreign]:
    for form, what, instead in _EXPANSIONS:
        if match := form.search(text):
            yield Foreign(line + text.count("\n", 0, match.start()), what, instead=instead)


def _of_variables(script: str, line: int, given: frozenset[str]) -> Iterator[Foreign]:
    for name in sorted(_BASH_VARIABLES & wanted_names(script, given)):
        match = re.search(rf"\$(?:\{{#?)?{name}\b", script)
        yield Foreign(line + (script.count("\n", 0, match.start()) if match else 0), f"${name}")
