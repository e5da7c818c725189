"""Finds commands that want a terminal, a password or an answer: a step has none of them to give."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from backout_tui.domain.shell.feeding import unfed
from backout_tui.domain.shell.shell_commands import RUNNERS, Command, commands_of, run_by, without_patterns
from backout_tui.domain.shell.wanting_programs import WORTH_A_LOOK, asked_by
from backout_tui.domain.shell.words import DEEPEST

_READERS = frozenset({"read", "mapfile", "readarray"})
_WORTH_A_LOOK = re.compile(r"\b(?:read|mapfile|readarray|select)\b|/dev/tty")
_VALUE = "`$NAME`, with its value in `## Variables`, or make it a manual step"
_TERMINAL = "/dev/tty"
_WRAPPERS = frozenset({"timeout", "xargs", "flock", "chronic", "strace", "builtin"})
_FEW = 6  # words after which a `sudo` is an argument of something else


class Asking(Struct, frozen=True):
    """A command that asks: its line, what is written, what it wants, and what to write instead, or ""."""

    line: int
    what: str
    wants: str
    instead: str = ""


def asking(script: str, line: int = 1) -> Iterator[Asking]:
    """Each command of `script` that wants something of a person, every kind of it once. Never raises."""
    if _WORTH_A_LOOK.search(script) is None and WORTH_A_LOOK.search(script) is None:
        return
    said: set[str] = set()
    for one in _asking(script, line, 0):
        if one.what not in said:
            said.add(one.what)
            yield one


def _asking(script: str, line: int, depth: int) -> Iterator[Asking]:
    commands = without_patterns(commands_of(script, line))
    alone = unfed(commands)
    own = {one.program for one in commands if one.after == "(" and len(one.words) == 1}
    for at, command in enumerate(commands):
        if command.program not in own:
            yield from _of_command(command, fed=at not in alone)
        for text, begun in [one for word in command.words for one in word.inside] if depth < DEEPEST else ():
            yield from _asking(text, begun, depth + 1)


def _of_command(command: Command, *, fed: bool) -> Iterator[Asking]:
    if any(target.plain == _TERMINAL for _, target in command.redirections):
        yield Asking(command.line, _TERMINAL, "a terminal")
    if command.head == "select" and not fed:
        yield Asking(command.line, "select", "an answer", _VALUE)
    plain = [word.plain for word in command.arguments]
    if not plain:
        return
    if plain[0] in _READERS and not (fed or _elsewhere(plain)):
        yield Asking(command.line, plain[0], "an answer", _VALUE)
    for words in _layers(command):
        if found := asked_by(words, fed=fed):
            yield Asking(command.line, *found)


def _elsewhere(plain: Sequence[str]) -> bool:
    """Whether `read` takes its input from another descriptor."""
    return any(word.startswith("-u") for word in plain[1:])


def _layers(command: Command) -> Iterator[list[str]]:
    """The command as written, the `sudo` that another program runs, and what all of them run in the end."""
    plain = [word.plain for word in command.arguments]
    inner = [word.plain for word in run_by(command.arguments)]
    yield plain
    if plain[0] in RUNNERS | _WRAPPERS:
        yield from (plain[at:] for at in range(1, min(len(plain), _FEW)) if plain[at] in ("sudo", "doas"))
    if inner and inner != plain:
        yield inner
