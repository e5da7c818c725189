"""Checks that the programs which commands run are on the path."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping

from backout_tui.domain.checking.finding import Finding, finding
from backout_tui.domain.checking.passages import Passage
from backout_tui.domain.plan.placeholders import placeholders
from backout_tui.domain.shell.shell_commands import deeply, run_by, without_patterns

_BUILT_IN = frozenset({
    ".", ":", "[", "[[", "]]", "((", "alias", "bg", "bind", "break", "builtin", "caller", "cd", "command", "compgen",
    "complete", "continue", "coproc", "declare", "dirs", "disown", "echo", "enable", "eval", "exec", "exit", "export",
    "false", "fc", "fg", "getopts", "hash", "help", "history", "jobs", "kill", "let", "local", "logout", "mapfile",
    "popd", "printf", "pushd", "pwd", "read", "readarray", "readonly", "return", "select", "set", "shift", "shopt",
    "source", "test", "time", "times", "trap", "true", "type", "typeset", "ulimit", "umask", "unalias", "unset", "wait",
})  # fmt: skip


def about_programs(scripts: Iterable[Passage], environment: Mapping[str, str]) -> Iterator[Finding]:
    """missing-program, once for each program in an item."""
    told: set[tuple[str, str]] = set()
    for script in scripts:
        if placeholders(script.text):
            continue
        for line, name in programs_of(script.text):
            if (script.item, name) not in told and shutil.which(name, path=environment.get("PATH")) is None:
                told.add((script.item, name))
                text = f"there is no program `{name}` on the path here: install it, or correct its name"
                yield finding("missing-program", script.line + line - 1, script.item, text)


def programs_of(script: str) -> Iterator[tuple[int, str]]:
    """The programs that `script` runs and doesn't define itself, each with its line, counted from 1.

    It leaves out shell built-ins, names that contain a variable, and relative paths.
    """
    commands = without_patterns(list(deeply(script)))
    functions = {command.program for command in commands if command.after == "(" and len(command.words) == 1}
    for command in commands:
        for words in (command.arguments, run_by(command.arguments)):
            name = words[0].plain if words else ""
            if name and name not in _BUILT_IN | functions and _is_whole(name):
                yield command.line, name


def _is_whole(name: str) -> bool:
    plain = not any(char in "$`*?=~{}[]()<>" for char in name) and name.isprintable()
    return plain and ("/" not in name or name.startswith("/"))
