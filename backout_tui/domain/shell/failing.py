"""Whether a script can fail: one that cannot fail asserts nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from backout_tui.domain.shell.shell_commands import Command, commands_of, run_by

_NEVER = frozenset(
    {"", "true", ":", "echo", "printf", "sleep", "date", "pwd", "set", "unset", "export", "local", "trap"}
)
_FILTERS = frozenset({
    "tee", "cat", "head", "tail", "wc", "sort", "uniq", "cut", "tr", "sed", "awk", "column", "less", "more", "nl",
    "tac", "rev", "fold", "fmt", "paste",
})  # fmt: skip
_CONDITION, _BODY = frozenset({"if", "elif", "while", "until"}), frozenset({"then", "do", "else"})
_PLUS_E = re.compile(r"^\s*set\s+\+\w*e", re.MULTILINE)


def can_fail(script: str, *, pipefail: bool) -> bool:
    """Whether `script`, run with `-e`, can exit with a code other than 0; `pipefail` as in bash.

    A command that only shows something and fails if it cannot (`kubectl get`) can fail. `... || true`, `echo`, and in
    sh whatever is piped into `tee`, cannot.
    """
    chains = list(_chains(script))
    careless = _PLUS_E.search(script) is not None
    last = len(chains) - 1
    return any(
        _chain_fails(chain, pipefail=pipefail, last=at == last or inner)
        for at, (chain, inner) in enumerate(chains)
        if not careless or at == last
    )


def _chains(script: str) -> Iterator[tuple[list[Command], bool]]:
    """The and-or lists of `script` that count, each with whether it is inside a loop or a branch."""
    chain: list[Command] = []
    in_condition, depth = False, 0
    for command in commands_of(script):
        words = set(command.keywords)
        in_condition = bool(words & _CONDITION) or (in_condition and not words & _BODY)
        depth += len(words & {"if", "while", "until", "for", "case", "{"}) - len(words & {"fi", "done", "esac", "}"})
        if command.words or chain:
            chain.append(command)
        if command.after not in ("&&", "||", "|", "|&"):
            if chain and not in_condition and command.after != "&":
                yield chain, depth > 0
            chain = []


def _chain_fails(chain: Sequence[Command], *, pipefail: bool, last: bool) -> bool:
    """Whether an and-or list can fail; in a list before the last one, only its own last command can end the script."""
    fails = False
    operator = ""
    pipe: list[Command] = []
    for command in chain:
        pipe.append(command)
        if command.after in ("|", "|&"):
            continue
        one = _pipe_fails(pipe, pipefail=pipefail, last=last)
        fails = (fails or one) if operator == "&&" and last else (fails and one) if operator == "||" else one
        operator, pipe = command.after, []
    return fails


def _pipe_fails(pipe: Sequence[Command], *, pipefail: bool, last: bool) -> bool:
    if any("!" in command.keywords for command in pipe):
        return last
    fails = [_command_fails(command, fed=at > 0) for at, command in enumerate(pipe)]
    return any(fails) if pipefail else fails[-1]


def _command_fails(command: Command, *, fed: bool) -> bool:
    words = [word.plain for word in run_by(command.arguments)]
    program = words[0] if words else ""
    if not program:
        return any(word.inside for word in command.words)
    if program in ("exit", "return"):
        return words[1:2] not in ([], ["0"])
    if fed and program in _FILTERS:
        return program == "awk" and any("exit" in word for word in words)
    return program not in _NEVER
