"""The variables of a shell script: which it sets itself, and which it needs from outside."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from backout_tui.domain.shell.expansions import Expansion, expansions, expansions_in
from backout_tui.domain.shell.shell_commands import Command, deeply, run_by

SET_BY_SH = frozenset({
    "IFS", "PATH", "PWD", "OLDPWD", "PPID", "OPTIND", "OPTARG", "LINENO", "PS1", "PS2", "PS4", "_",
})  # fmt: skip
"""The variables that every shell sets itself."""
SET_BY_BASH = SET_BY_SH | {
    "UID", "EUID", "GROUPS", "RANDOM", "SRANDOM", "SECONDS", "EPOCHSECONDS", "EPOCHREALTIME", "HOSTNAME", "HOSTTYPE",
    "OSTYPE", "MACHTYPE", "FUNCNAME", "PIPESTATUS", "DIRSTACK", "SHLVL", "SHELLOPTS", "BASHOPTS", "SHELL", "TERM",
    "REPLY", "COPROC", "MAPFILE", "BASH", "BASHPID", "BASH_VERSION", "BASH_VERSINFO", "BASH_SOURCE", "BASH_LINENO",
    "BASH_COMMAND", "BASH_SUBSHELL", "BASH_REMATCH", "BASH_ARGC", "BASH_ARGV", "BASH_ARGV0", "BASH_CMDS",
    "BASH_ALIASES", "BASH_EXECUTION_STRING",
}  # fmt: skip
"""The variables that bash sets itself."""

_WITH_VALUE = frozenset({"export", "local", "declare", "typeset", "readonly", "let"})
_BY_NAME = frozenset({"read", "mapfile", "readarray", "getopts", "coproc"})
_READ_IN = frozenset({".", "source", "eval"})
_AROUND_TEST = frozenset({"[", "[[", "test", "]", "]]", "!"})
_NAME = re.compile(r"[A-Za-z_]\w*")
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)(?:\[[^\]]*\])?\+?=")
_OPENED = re.compile(r"\{([A-Za-z_]\w*)\}(?=[<>])")
_SUM = re.compile(r"\(\(([^\n]{0,300}?)\)\)")
_IN_SUM = re.compile(
    r"([A-Za-z_]\w*)(?:\[[^\]]*\])?\s*(?:(?:[-+*/%&|^]|<<|>>)?=(?!=)|\+\+|--)|(?:\+\+|--)([A-Za-z_]\w*)"
)


def wanted_names(script: str, passed_over: frozenset[str] = frozenset()) -> frozenset[str]:
    """The variables that `script` expands and doesn't set, except those with a value of their own (`${A:-b}`).

    One that is only tested (`[ -n "$A" ]`) doesn't count. A script that reads in another (`.`, `eval`) may get its
    names from there, so it needs none. Names in `passed_over` are ignored.
    """
    if "$" not in script:
        return frozenset()
    used = list(expansions(script))
    counts = Counter(one.name for one in used if not one.may_be_unset)
    wanted = frozenset(counts) - passed_over - {one.name for one in used if one.sets}
    if not wanted:
        return wanted
    commands = list(deeply(script))
    if any(word.plain in _READ_IN for command in commands for word in run_by(command.arguments)[:1]):
        return frozenset()
    tested = Counter(one.name for one in _tested(commands))
    return frozenset(name for name in wanted if counts[name] > tested[name]).difference(_set_by(commands, script))


def line_of_use(script: str, name: str) -> int:
    """The line, from 1, in which `script` first expands `name`."""
    match = re.search(rf"\$(?:\{{[!#]?)?{re.escape(name)}\b", script) or re.search(rf"\b{re.escape(name)}\b", script)
    return script.count("\n", 0, match.start()) + 1 if match else 1


def _tested(commands: Iterable[Command]) -> Iterator[Expansion]:
    """The expansions of a `test` that only asks whether there is something: `-n`, `-z`, or nothing but the text."""
    goes_on = False  # the `&&` in `[[ -n $A && -n $B ]]` looks like the end of a command
    for command in commands:
        words = [word.plain for word in command.arguments]
        if goes_on or words[:1] in (["["], ["[["], ["test"]):
            asked = [word for word in command.arguments if word.plain not in _AROUND_TEST]
            for at, word in enumerate(asked):
                if len(asked) == 1 or (at and asked[at - 1].plain in ("-n", "-z")):
                    yield from (one for one in expansions_in(word.text) if not one.may_be_unset)
            goes_on = (goes_on or words[0] == "[[") and "]]" not in words


def _set_by(commands: Iterable[Command], script: str) -> Iterator[str]:
    for command in commands:
        if not command.arguments:
            yield from command.assigned
        yield from _set_by_head(command.keywords)
        words = [word.plain for word in run_by(command.arguments)]
        if words and words[0] in _WITH_VALUE:
            yield from (match[1] for word in words[1:] if (match := _ASSIGNMENT.match(word)))
        elif words and words[0] in _BY_NAME:
            yield from (match[0] for word in words[1:] if (match := _NAME.match(word)))
        elif words[:2] == ["printf", "-v"] and len(words) > 2:
            yield words[2]
    yield from _OPENED.findall(script)
    for inside in _SUM.findall(script):
        yield from (name for names in _IN_SUM.findall(inside) for name in names if name)


def _set_by_head(keywords: tuple[str, ...]) -> Iterator[str]:
    """The variable of a `for` or `select`, and what stands on the line of a `function`."""
    for before, word in itertools.pairwise(keywords):
        if before in ("for", "select"):
            yield word
        elif match := _ASSIGNMENT.match(word):
            yield match[1]
