"""The variables of a shell script: which it sets itself, and which it needs from outside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from backout_tui.domain.plan.placeholders import used_variables
from backout_tui.domain.shell.shell_commands import Command, deeply

_SETTERS = frozenset({"export", "local", "declare", "typeset", "readonly", "read", "mapfile", "readarray", "getopts"})
_READ_IN = frozenset({".", "source", "eval"})
_NAME = re.compile(r"[A-Za-z_]\w*")
_ANY_ASSIGNMENT = re.compile(r"(?:^|[\s;&|({`])([A-Za-z_]\w*)(?:\[[^\]\n]*\])?\+?=", re.MULTILINE)
_OPTIONAL = re.compile(r"\$\{([A-Za-z_]\w*):?[-=+]")
_LOOP = re.compile(r"\b(?:for|select)\s+([A-Za-z_]\w*)|\(\(\s*([A-Za-z_]\w*)\s*=")
_QUOTED_DOCUMENT = re.compile(
    r"<<-?[ \t]*(?:'([^'\n]+)'|\"([^\"\n]+)\"|\\(\w+))[^\n]*\n.*?"
    r"(?:^[ \t]*(?:(?(1)\1)(?(2)\2)(?(3)\3))[ \t]*$|\Z)",
    re.DOTALL | re.MULTILINE,
)


def wanted_names(script: str, passed_over: frozenset[str] = frozenset()) -> frozenset[str]:
    """The variables that `script` expands and doesn't set; one with its own default (`${A:-b}`) doesn't count.

    A script that sources another may get its names from there, so it needs none. Names in `passed_over` are ignored.
    """
    if "$" not in script:
        return frozenset()
    script = _QUOTED_DOCUMENT.sub(lambda match: "\n" * match[0].count("\n"), script)
    own = {*_ANY_ASSIGNMENT.findall(script), *_OPTIONAL.findall(script)}
    own.update(name for names in _LOOP.findall(script) for name in names)
    wanted = used_variables(script) - own - passed_over
    if not wanted:
        return wanted
    commands = list(deeply(script))
    read_in = any(command.program in _READ_IN for command in commands)
    return frozenset() if read_in else wanted.difference(_set_by(commands))


def line_of_use(script: str, name: str) -> int:
    """The line, from 1, in which `script` first expands `name`."""
    match = re.search(rf"\$(?:\{{[!#]?)?{re.escape(name)}\b", script)
    return script.count("\n", 0, match.start()) + 1 if match else 1


def _set_by(commands: Iterable[Command]) -> Iterator[str]:
    for command in commands:
        yield from command.assigned
        words = [word.plain for word in command.arguments]
        if words and words[0] in _SETTERS:
            yield from (match[0] for word in words[1:] if (match := _NAME.match(word)))
        if words[:2] == ["printf", "-v"] and len(words) > 2:
            yield words[2]
